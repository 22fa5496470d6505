"""The window: Qt Widgets over the office's door. The only floor that knows Qt, and it holds no rule of the office."""

# Before anything imports PySide6. WORKAROUND: PySide6's import hook inspects modules that are still being imported,
# and pydantic, which loads itself piece by piece, then imports itself in a circle (PySide6 6.11, pydantic 2). Once all
# of it is loaded the hook finds nothing to trip over. Drop it when `python -c "import docclient.office.registry,
# PySide6.QtCore, docclient.settings"` works without.
import docclient.settings  # noqa: F401
