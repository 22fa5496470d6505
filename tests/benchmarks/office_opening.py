"""Opening the program on a large office: how long after the window shows its home screen has its first page.

In a process of its own, offscreen, as the person with the fullest desk; the median of several starts. A shared office
asks for a password in between: the person is then let in as soon as it would ask.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pydantic.types  # noqa: F401  whole, before Qt comes: PySide6 looks into half-imported modules and breaks them

from docclient.store.place import place
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.large import DOCUMENTS, ENGINES, median
from tests.generators.kept import large_office

LIMIT_MS = 300.0
ACCOUNT = "vanthu0"


def run(setting: Setting) -> Sequence[Figure]:
    try:
        import PySide6.QtCore  # noqa: F401
    except ImportError:
        return [Figure("home screen after the window shows", None, LIMIT_MS, "PySide6 is not installed", unit="ms")]
    return [figure for engine in ENGINES for figure in of_engine(engine, setting)]


def of_engine(name: str, setting: Setting) -> Iterator[Figure]:
    times = 3 if setting.quick else 5
    with large_office(name, DOCUMENTS[setting.quick]) as at:
        where = str(at.blobs.parent) if at.embedded else at.database.update_query_dict(
            {"blobs": str(at.blobs)}).render_as_string(hide_password=False)
        started = [json.loads(subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.office_opening", where], check=True, stdout=subprocess.PIPE,
            text=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(setting.folder),
                 "XDG_CONFIG_HOME": str(setting.folder)}).stdout) for _ in range(times)]
    shown = [each["milliseconds"] for each in started]
    yield Figure(f"{name}: home screen after the window shows", median(shown), LIMIT_MS,
                 f"{started[0]['rows']} rows; from {min(shown):.0f} to {max(shown):.0f} ms", unit="ms")


def main() -> None:
    """Open, and tell in milliseconds when the rows stood in the home screen."""
    import time

    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication, QTableView

    from docclient.office.engine import OfficeEngine
    from docclient.settings import Settings, changed
    from ui import theme
    from ui.app import Program, asks_password

    where = place(sys.argv[1])
    engine = OfficeEngine.open(where)
    person = engine.person(ACCOUNT)
    engine.close()
    application = QApplication([])
    theme.apply(application)
    program = Program(where, changed(Settings(), person=person), with_post=False,
                      settings_folder=Path(os.environ["XDG_CONFIG_HOME"]))
    program.window.show()
    application.processEvents()
    begun = time.perf_counter()
    program.start()
    loop, rows, end, let_in = QEventLoop(), 0, begun, False

    def look() -> None:
        nonlocal rows, end, let_in
        if program.engine is not None and not let_in and asks_password(program.engine):
            let_in = True
            program.sit_down(next(each for each in program.people if each.person == person))
        views = program.window.findChildren(QTableView) if program.desk is not None else []
        rows = max((view.model().rowCount() for view in views if view.isVisible() and view.model()), default=0)
        if rows:
            end = time.perf_counter()
            loop.quit()

    watch = QTimer()
    watch.timeout.connect(look)
    watch.start(2)
    QTimer.singleShot(60_000, loop.quit)
    loop.exec()
    sys.stdout.write(json.dumps({"milliseconds": 1000 * (end - begun), "rows": rows}))
    sys.stdout.flush()
    os._exit(0 if rows else 1)


if __name__ == "__main__":
    main()
