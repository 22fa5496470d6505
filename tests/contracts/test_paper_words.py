"""Words put right beneath a digitised letter: the picture is the same, the sender's next letter is read better."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from docclient.capture import archive_pdf
from docclient.capture.archive_pdf import ArchivePage
from docclient.capture.fields.known import with_known
from docclient.capture.fields.model import Field, fields
from docclient.capture.hidden_text import correct
from docclient.capture.page_text import PageText, Word
from docclient.desk.known_senders import known_senders
from docclient.desk.paper_words import correct_words, words_to_look
from docclient.desk.reading_text import read_texts
from docclient.office.commands.arriving import ReceivePaper
from docclient.office.commands.paper_words import CorrectWords, LearnedWord, may_be_learned
from docclient.office.door import Office
from docclient.office.errors import NotNow, OriginalChanged
from docclient.office.model import DocumentId, Step
from docclient.office.queries.finding import FindDocuments
from tests.contracts.test_senders_read import READ, registered_paper
from tests.offices import OfficeToTest, document_of

WORDS = (Word("12/SNV-VP", 0.5, (30, 50, 60, 55), line=1), Word("nao", 0.97, (30, 60, 37, 65), line=2),
         Word("vét", 0.6, (39, 60, 45, 65), line=2), Word("kệnh,", 0.4, (47, 60, 58, 65), line=2),
         Word("hồ", 0.3, (30, 70, 36, 75), line=3))


def archive(target: Path, words: tuple[Word, ...] = WORDS, shade: int = 240) -> Path:
    Image.new("RGB", (413, 584), (shade, shade, shade)).save(target.with_suffix(".jpg"), quality=80)
    archive_pdf.write([ArchivePage(target.with_suffix(".jpg"), (413, 584), PageText(words, (210, 297)))], target,
                      title="Thư")
    return target


def received(clerk: Office, file: Path) -> DocumentId:
    said = {**READ, "organ_name": {**READ["organ_name"], "value": "Sở Nội vụ tỉnh"},
            "code_number": {"value": "12", "certainty": 0.8, "page": 1, "box_mm": [28, 49, 62, 56], "alternatives": []}}
    return document_of(clerk.do(ReceivePaper("thu.pdf", clerk.put(file.read_bytes()), said)))


def test_words_are_put_right_found_and_learned_for_the_sender(office: OfficeToTest, tmp_path: Path) -> None:
    clerk = office.door("clerk")
    document = received(clerk, archive(tmp_path / "first.pdf"))
    view = office.view("clerk", document)
    words = words_to_look(clerk, view)
    assert [(each.word.text, each.proposal, each.fixed) for each in words] == [
        ("12/SNV-VP", "12/SNV-VP", True), ("vét", "vét", False), ("kệnh,", "kệnh,", False), ("hồ", "hồ", False)]
    number, dredge, canal, stain = (each.word.place for each in words)
    receipt = correct_words(clerk, document, view.document.version, words,
                            {number: "13/SNV-VP", dredge: "vét", canal: "kênh,", stain: ""})
    assert receipt.version == view.document.version + 1
    file = office.view("clerk", document).main_file()
    assert file.current.step is Step.TEXT_CORRECTED
    assert [each.step for each in file.versions] == [Step.DIGITISED, Step.TEXT_CORRECTED]
    assert words_to_look(clerk, office.view("clerk", document)) == ()
    read_texts(clerk)
    assert [row.document.id for row in clerk.ask(FindDocuments("vét kênh")).rows] == [document]

    registered_paper(office, document)
    known = known_senders(clerk)
    page = fields(organ_name=Field("SỞ NỘI VỤ TỈNH", 0.9, 1), subject=Field("V/v nạo vét kệnh, kệnhs", 0.99, 1),
                  code_notation=Field("kệnh", 0.9, 1))
    read = with_known(page, known)
    assert read["subject"].value == "V/v nạo vét kênh, kệnhs" and read["subject"].certainty == 0.9
    assert read["code_notation"] == page["code_notation"]

    again = received(clerk, archive(tmp_path / "second.pdf", (*WORDS[1:2], Word("kệnh", 0.98, (47, 60, 58, 65),
                                                                               line=2)), 239))
    assert [(each.word.text, each.proposal) for each in words_to_look(clerk, office.view("clerk", again))] == [
        ("kệnh", "kênh")], "misread before: doubted however sure, and proposed as it was put right"


def test_another_picture_a_seen_word_or_a_remark_is_refused(sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    clerk = sqlite_office.door("clerk")
    source = archive(tmp_path / "one.pdf")
    document = received(clerk, source)
    version = sqlite_office.view("clerk", document).document.version
    right = tmp_path / "right.pdf"
    correct(source, right, {(1, 1): "nạo"})
    changes = {"picture": None, "seen": b"BT 0 Tr ET", "drawn": b"0 0 100 100 re f", "remark": None, "page": None}
    for name, content in changes.items():
        target = tmp_path / f"{name}.pdf"
        if name == "picture":
            archive(target, shade=10)
        else:
            with pikepdf.open(right) as pdf:
                page = pdf.pages[0]
                if name == "seen":
                    page.Contents = pdf.make_stream(page.Contents.read_bytes().replace(b"3 Tr", b"0 Tr"))
                elif content:
                    page.Contents = pdf.make_stream(page.Contents.read_bytes() + content)
                elif name == "remark":
                    page.Annots = pdf.make_indirect(pikepdf.Array([pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[0, 0, 99, 99])]))
                else:
                    pdf.add_blank_page()
                pdf.save(target)
        with pytest.raises(OriginalChanged):
            clerk.do(CorrectWords(document, version, clerk.put(target.read_bytes())))
    clerk.do(CorrectWords(document, version, clerk.put(right.read_bytes())))


def test_after_registering_nothing_is_put_right_any_more(sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    clerk = sqlite_office.door("clerk")
    document = received(clerk, archive(tmp_path / "one.pdf"))
    correct(tmp_path / "one.pdf", tmp_path / "right.pdf", {(1, 1): "nạo"})
    skipped = words_to_look(clerk, sqlite_office.view("clerk", document))
    registered_paper(sqlite_office, document)
    assert words_to_look(clerk, sqlite_office.view("clerk", document)) == skipped != (), \
        "the signed file says still which words nobody looked at"
    read_texts(clerk)
    assert [row.document.id for row in clerk.ask(FindDocuments("nao vét")).rows] == [document], "found as it was read"
    with pytest.raises(NotNow):
        clerk.do(CorrectWords(document, sqlite_office.view("clerk", document).document.version,
                              clerk.put((tmp_path / "right.pdf").read_bytes())))


@pytest.mark.parametrize(("read", "meant", "may"), [
    ("thấm", "thẩm", True), ("TỐNG", "TỔNG", True), ("số12", "số", False), ("U8ND", "UBND", False),
    ("UBNĐ", "UBND", False), ("HDND", "HĐND", False), ("VP-TH", "VP", False), ("kênh", "kênh", False),
    ("l", "I", False), ("hai ba", "hai", False)])
def test_numbers_symbols_and_abbreviations_are_never_learned(read: str, meant: str, may: bool) -> None:
    assert may_be_learned(read, meant) is may
    assert LearnedWord(read, meant).read == read
