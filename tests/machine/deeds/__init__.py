"""What people of an office do beside the offers on a document, a case file or a task: one function for each command.

Each looks at the office as it is and says who would give the command now, with which right values, and what each of its
fields can never take. None: nobody can give it at this moment.
"""

from __future__ import annotations

from importlib import import_module

from tests.machine.deeds.scene import DEEDS, Deed, Scene

for module in ("people", "directory", "settings", "own", "files", "mail", "exchange"):
    import_module(f"tests.machine.deeds.{module}")

__all__ = ["DEEDS", "NOT_DRAWN", "Deed", "Scene"]

NOT_DRAWN = {
    "AddStamp": "a program's background work gives it with a token of a time-stamp service; nobody is offered it",
    "StampJournal": "a program's daily work gives it with a token of a time-stamp service; nobody is offered it",
}
"""Commands that random people do not give, and why. tests/contracts gives each of them."""
