"""Fields in a tagged document: a screen reader finds them in the structure, each with its words."""

from __future__ import annotations

from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfWriter
from pypdf.generic import NameObject

from signing.form import SPOKEN, fields_of
from signing.keys import Key
from signing.order import Role
from signing.page import Box, Place
from signing.pdf import references
from signing.places import propose_places
from signing.plan import plan_signature
from signing.prepare import prepare
from signing.sign import SigningRequest, sign_pdf
from signing.spot_warnings import SpotWarning
from tests.signing.conftest import People
from tests.signing.drafts import Draft, typeset


def test_each_field_is_an_element_with_words_and_a_way_back(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(typeset(Draft(), archival=True))
    prepare(source, tmp_path / "p.pdf", propose_places(source))
    with (tmp_path / "p.pdf").open("rb") as file:
        reader = PdfFileReader(file)
        tree = reader.root["/StructTreeRoot"]
        numbers = tree["/ParentTree"]["/Nums"]
        back = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
        assert len(back) == len(numbers) // 2
        for name, field in fields_of(reader).items():
            element = back[int(field.widget["/StructParent"])]
            assert (str(element["/S"]), str(element["/Alt"])) == ("/Form", SPOKEN[name])
            assert element["/K"].raw_get("/Obj").reference == field.widget_ref.reference
            assert element.container_ref in [kid.reference for kid in references(element["/P"]["/K"])]
        assert int(tree["/ParentTreeNextKey"]) == max(back) + 1


def test_a_tagged_and_prepared_document_is_signed_as_any_other(tmp_path: Path, leader: Key, people: People) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(typeset(Draft(), archival=True))
    prepare(source, tmp_path / "p.pdf", propose_places(source))
    signed = sign_pdf(tmp_path / "p.pdf", tmp_path / "s.pdf", leader, SigningRequest(
        role=Role.PERSONAL, trust=people.trust))

    assert signed.report.signatures[0].intact
    assert b"pdfaid:part" in (tmp_path / "s.pdf").read_bytes() or b"/Metadata" in (tmp_path / "s.pdf").read_bytes()


def test_a_document_without_tags_gets_none(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(typeset(Draft()))
    writer = PdfWriter(clone_from=source)
    for key in ("/StructTreeRoot", "/MarkInfo"):
        writer.root_object.pop(NameObject(key), None)
    writer.write(tmp_path / "plain.pdf")
    prepare(tmp_path / "plain.pdf", tmp_path / "p.pdf", propose_places(source))

    with (tmp_path / "p.pdf").open("rb") as file:
        reader = PdfFileReader(file)
        assert "/StructTreeRoot" not in reader.root
        assert not any("/StructParent" in field.widget for field in fields_of(reader).values())


def test_a_transparent_picture_on_pdfa1_is_warned_of(tmp_path: Path, pictures: dict[str, Path]) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(typeset(Draft(), archival=True))
    request = SigningRequest(place=Place(1, Box(300, 60, 440, 116)), image=pictures["signature"])
    assert plan_signature(source, request, pictures=False).warnings == ()

    writer = PdfWriter(clone_from=source)
    metadata = writer.root_object["/Metadata"].get_object()
    metadata.set_data(metadata.get_data().replace(b"pdfaid:part>2", b"pdfaid:part>1").replace(
        b'pdfaid:part="2"', b'pdfaid:part="1"'))
    writer.write(tmp_path / "one.pdf")
    assert plan_signature(tmp_path / "one.pdf", request, pictures=False).warnings == (
        SpotWarning.TRANSPARENT_IN_PDFA1,)
