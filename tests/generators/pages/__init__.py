"""Pages as Vietnamese offices print them, of all 29 types, whose true values are known, worn as paper and scanner wear
them. Everything on them is invented. The same seed gives the same page.

Two ranges of seeds that never meet: rules and certainties are made on the one, the score is taken on the other. Letters
whose score was seen are no longer unknown: the second range then begins after them.
"""

from __future__ import annotations

from tests.generators.pages.draw import Drawn, draw
from tests.generators.pages.invent import invent
from tests.generators.pages.sheet import Sheet

TUNING = range(10_000, 20_000)
HELD_OUT = range(94_000, 100_000)

__all__ = ["HELD_OUT", "TUNING", "Drawn", "Sheet", "draw", "invent"]
