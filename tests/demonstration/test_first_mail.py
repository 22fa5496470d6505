"""A sample office that was just loaded has something to do for everybody."""

from pathlib import Path

from docclient.demonstration.first_mail import deliver_first_mail
from docclient.demonstration.sample_office import load_sample_office
from docclient.office.checking import check_office
from docclient.office.model import WaitKind
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.documents import WaitingForMe
from docclient.store.place import place


def test_everybody_finds_something_to_do(tmp_path: Path):
    sample = load_sample_office(place(str(tmp_path / "office")))
    documents = deliver_first_mail(sample)
    waiting = {slug: [row.kind for row in sample.door(slug).ask(WaitingForMe()).rows]
               for slug in ("clerk", "chairman", "officer_economy")}
    assert waiting == {"clerk": [WaitKind.RECEIVE] * 2, "chairman": [WaitKind.DIRECT],
                       "officer_economy": [WaitKind.HANDLE]}
    for document in documents:
        main = sample.door("clerk").ask(DocumentPage(document)).main_file()
        assert main is not None
        assert main.current.conclusion == "valid"
    assert check_office(sample.engine).findings == ()
    sample.engine.close()
