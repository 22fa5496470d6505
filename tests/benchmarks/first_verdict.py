"""From opening a file of five pages to its verdict on the screen, in the real window on a real office."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from time import monotonic, perf_counter

from docclient.demonstration.authority import Authority
from docclient.office.commands.people import AddTrust, TrustKind
from docclient.settings import Settings
from docclient.store.place import place
from signing.prepare import prepare, propose_places
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.verify_letters import LONG, PASSWORD
from tests.signing.drafts import Draft, write_draft

TIMES = 15
DEADLINE_S = 60.0


def run(setting: Setting) -> Sequence[Figure]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError:
        return [Figure("first verdict on screen, 5 pages", None, 200, "PySide6 is not installed", unit="ms")]
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from docclient.demonstration.sample_office import load_sample_office
    from ui import theme
    from ui.app import Program
    from ui.keys import TokenSource
    from ui.workbench import VERIFY

    folder = setting.folder
    authority = Authority.make("Ban Cơ yếu thử nghiệm")
    store = TrustStore().with_certificates([authority.anchor_der, authority.issuing_der]).with_crls(authority.crl())
    leader = open_key_file(authority.issue_person("Nguyễn Thị Phương Thảo").save_pkcs12(folder / "l.p12", PASSWORD),
                           bytearray(PASSWORD))
    agency = open_key_file(authority.issue_agency("UBND xã Tân Hiệp").save_pkcs12(folder / "a.p12", PASSWORD),
                           bytearray(PASSWORD))
    draft = write_draft(folder / "draft.pdf", Draft(paragraphs=LONG))
    ready = prepare(draft, folder / "ready.pdf", propose_places(draft)).target
    signed = sign_pdf(ready, folder / "signed.pdf", leader, SigningRequest(role=Role.PERSONAL, trust=store)).target
    sealed = fill_and_seal(signed, folder / "sealed.pdf", agency, number="15", issued=date(2026, 3, 5),
                           request=SigningRequest(role=Role.AGENCY, trust=store)).target
    sample = load_sample_office(place(str(folder / "office")))
    for kind, content in ((TrustKind.ANCHOR, authority.anchor_der), (TrustKind.INTERMEDIATE, authority.issuing_der),
                          *((TrustKind.CRL, each) for each in authority.crl())):
        sample.administrator.do(AddTrust(kind, sample.administrator.put(content), "thử nghiệm"))
    sample.engine.close()
    application = QApplication.instance() or QApplication([])
    theme.apply(application)
    program = Program(place(str(folder / "office")), Settings(office="", person="", token_module=""),
                      keys=TokenSource([], search=False), settings_folder=folder / "settings", with_post=False)

    def until(condition: Callable[[], bool]) -> None:
        end = monotonic() + DEADLINE_S
        while not condition():
            assert monotonic() < end, "the window did not come so far"
            loop = QEventLoop()
            QTimer.singleShot(2, loop.quit)
            loop.exec()

    program.window.show()
    program.start()
    until(lambda: bool(program.people) and program.idle)
    program.sit_down(next(each for each in program.people if each.account == "vanthu"))
    until(lambda: program.desk is not None and program.idle)
    assert program.desk is not None
    screen = program.desk.verification
    program.desk.go(VERIFY)
    until(lambda: program.idle)         # the verifying process is up: it was started when the screen came to the front
    figures = []
    for file, count in ((signed, 1), (sealed, 2)):
        taken: list[float] = []
        said: list[str] = []
        for _ in range(3 if setting.quick else TIMES):
            told: list[float] = []
            heard = screen.told.connect(lambda what, told=told, said=said: (told.append(perf_counter()),
                                                                            said.append(what)))
            begun = perf_counter()
            screen.open_file(file)
            until(lambda told=told: bool(told))
            taken.append(1000 * (told[0] - begun))
            screen.told.disconnect(heard)
            until(lambda: program.idle)
        assert set(said) == {"valid"} and screen.viewer.canvas.page_count == 5, said
        figures.append(Figure(f"first verdict on screen, 5 pages, signatures: {count}", sorted(taken)[len(taken) // 2],
                              200, f"middle of {len(taken)}; {min(taken):.0f}…{max(taken):.0f} ms", unit="ms"))
    program.close()
    return figures
