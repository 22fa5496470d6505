"""The quick check of a fresh result finds what the whole examination finds, and nothing slips past it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing import own_result, result_check, revision
from signing.kept_pages import changed_besides
from signing.keys import Key
from signing.pdf import open_reader, open_writer
from signing.report import FileReport
from signing.sign import Role, SigningRequest, sign_pdf
from signing.sign_troubles import ResultNotSound
from signing.stages import KeyFacts, Prepared, complete_signature, prepare_signature
from signing.trust import NOBODY
from signing.verify import verify_file
from tests.signing.conftest import People, Stages
from tests.signing.drafts import Draft, typeset


@pytest.fixture
def request_of(people: People) -> SigningRequest:
    return SigningRequest(role=Role.PERSONAL, trust=people.trust)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the files that were examined as a whole."""
    names: list[str] = []
    real = result_check.verify_stream

    def examined(stream: object, name: str, *rest: object, **more: object) -> FileReport:
        names.append(name)
        return real(stream, name, *rest, **more)   # type: ignore[arg-type]

    own_result._judged.clear()
    monkeypatch.setattr(result_check, "verify_stream", examined)
    yield names
    own_result._judged.clear()


def signed_value(prepared: Prepared, key: Key) -> bytes:
    return key.sign(prepared.message, digest=prepared.digest, scheme=prepared.scheme)


def same(one: FileReport, other: FileReport) -> bool:
    return replace(one, checked_at=None) == replace(other, checked_at=None)


@pytest.fixture(params=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A letter goes the way of a letter, and the way of a scan."""
    if request.param == "large":
        large_from(monkeypatch, 1000)
    return str(request.param)


def large_from(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    for module in (revision, result_check):
        monkeypatch.setattr(module, "SMALL", limit)
    monkeypatch.setattr(revision, "PIECE", 4096)


@pytest.mark.parametrize("trusting", [True, False])
def test_it_reports_what_the_whole_examination_reports(stages: Stages, people: People, leader: Key, tmp_path: Path,
                                                       looked_at: list[str], trusting: bool, size: str) -> None:
    trust = people.trust if trusting else NOBODY
    longer = tmp_path / "longer.pdf"
    longer.write_bytes(typeset(Draft(paragraphs=30)))
    requests = [SigningRequest(role=Role.PERSONAL, trust=trust), SigningRequest(role=Role.PERSONAL, trust=trust),
                SigningRequest(role=Role.PLAIN, trust=trust, reason="Đồng ý (endobj)"),
                SigningRequest(role=Role.PERSONAL, trust=trust)]
    sources = [stages.prepared, stages.draft, stages.draft, longer]
    for number, (source, request) in enumerate(zip(sources, requests, strict=True)):
        signed = sign_pdf(source, tmp_path / f"{number}.pdf", leader, request)

        assert same(signed.report, verify_file(signed.target, trust))
    assert looked_at == [str(sources[0])]   # the others were held against the first


def test_a_judgement_serves_only_its_own_trust_and_key(stages: Stages, people: People, leader: Key, agency: Key,
                                                       tmp_path: Path, looked_at: list[str]) -> None:
    for number, (key, trust) in enumerate(((leader, people.trust), (leader, NOBODY), (agency, people.trust))):
        signed = sign_pdf(stages.draft, tmp_path / f"{number}.pdf", key, SigningRequest(trust=trust))
        assert same(signed.report, verify_file(signed.target, trust))
    assert len(looked_at) == 3


def test_a_judgement_is_taken_over_for_a_minute_from_when_it_was_made(
        stages: Stages, leader: Key, tmp_path: Path, looked_at: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(own_result.time, "monotonic", lambda: clock[0])
    for number, (moment, examined) in enumerate(((0, 1), (50, 1), (70, 2))):
        clock[0] = moment
        sign_pdf(stages.draft, tmp_path / f"{number}.pdf", leader, SigningRequest())
        assert len(looked_at) == examined


Damage = Callable[[bytes, Prepared], bytes]


def in_the_source(content: bytes, prepared: Prepared) -> bytes:
    return flipped(content, content.index(b"endobj") + 30)


def in_the_appended_part(content: bytes, prepared: Prepared) -> bytes:
    return content.replace(b"/Adobe.PPKLite", b"/Adobe.PPKMite")


def behind_the_end(content: bytes, prepared: Prepared) -> bytes:
    return content + b"\n% more\n"


def another_range(content: bytes, prepared: Prepared) -> bytes:
    first, _ = prepared.hole
    return content.replace(b"[0 %d " % first, b"[1 %d " % first)


def a_page_taken_away(content: bytes, prepared: Prepared) -> bytes:
    return content.replace(b"/Type /Page\n", b"/Type /Pogo\n")


def cut_off(content: bytes, prepared: Prepared) -> bytes:
    return content[:-40]


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1:]


@pytest.mark.parametrize("known", [True, False], ids=["after others", "the first"])
@pytest.mark.parametrize("damage", [in_the_source, in_the_appended_part, behind_the_end, another_range, cut_off])
def test_a_part_that_changed_while_the_key_worked_is_refused(
        stages: Stages, leader: Key, request_of: SigningRequest, tmp_path: Path, looked_at: list[str], damage: Damage,
        known: bool, size: str) -> None:
    if known:
        sign_pdf(stages.prepared, tmp_path / "known.pdf", leader, request_of)
    target = tmp_path / "a.pdf"
    prepared = prepare_signature(stages.prepared, target, KeyFacts.of(leader), request_of)
    whole = prepared.part.read_bytes()
    changed = damage(whole, prepared)
    assert changed != whole
    prepared.part.write_bytes(changed)

    with pytest.raises(ResultNotSound):
        complete_signature(prepared, signed_value(prepared, leader), request_of)
    assert not target.exists() and not prepared.part.exists()


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_value_is_refused(stages: Stages, leader: Key, request_of: SigningRequest, tmp_path: Path,
                                  looked_at: list[str], known: bool) -> None:
    if known:
        sign_pdf(stages.prepared, tmp_path / "known.pdf", leader, request_of)
    prepared = prepare_signature(stages.prepared, tmp_path / "a.pdf", KeyFacts.of(leader), request_of)
    value = flipped(signed_value(prepared, leader), 100)

    with pytest.raises(ResultNotSound) as raised:
        complete_signature(prepared, value, request_of)
    assert raised.value.facts["reason"] == "SIG_CRYPTO_FAILURE"


def test_another_letters_value_is_refused(stages: Stages, leader: Key, request_of: SigningRequest, tmp_path: Path,
                                          looked_at: list[str]) -> None:
    key = KeyFacts.of(leader)
    sign_pdf(stages.prepared, tmp_path / "known.pdf", leader, request_of)
    one = prepare_signature(stages.prepared, tmp_path / "a.pdf", key, request_of)
    other = prepare_signature(stages.draft, tmp_path / "b.pdf", key, request_of)

    with pytest.raises(ResultNotSound):
        complete_signature(one, signed_value(other, leader), request_of)
    other.discard()


def test_attributes_of_another_document_are_refused(stages: Stages, leader: Key, request_of: SigningRequest,
                                                    tmp_path: Path, looked_at: list[str]) -> None:
    """The value is right for the attributes, but these do not speak of this file."""
    key = KeyFacts.of(leader)
    sign_pdf(stages.prepared, tmp_path / "known.pdf", leader, request_of)
    one = prepare_signature(stages.prepared, tmp_path / "a.pdf", key, request_of)
    other = prepare_signature(stages.draft, tmp_path / "b.pdf", key, request_of)
    mixed = replace(one, message=other.message)

    with pytest.raises(ResultNotSound) as raised:
        complete_signature(mixed, signed_value(mixed, leader), request_of)
    assert raised.value.facts["reason"] == "HASH_FAILURE"
    other.discard()


def appended(source: Path, target: Path, change: Callable[[IncrementalPdfFileWriter], None]) -> str | None:
    """What `changed_besides` says of a file to which a revision was appended."""
    with source.open("rb") as stream, target.open("w+b") as out:
        writer = open_writer(stream, "")
        change(writer)
        writer.write(out)
        return changed_besides(open_reader(out, ""), source.stat().st_size)


def _first_page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    reference = writer.find_page_for_modification(0)[0]
    writer.mark_update(reference)
    page = reference.get_object()
    assert isinstance(page, generic.DictionaryObject)
    return page


def turn(writer: IncrementalPdfFileWriter) -> None:
    _first_page(writer)[pdf_name("/Rotate")] = generic.NumberObject(90)


def paint(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    _first_page(writer)[pdf_name("/Contents")] = stream


def paint_inside(writer: IncrementalPdfFileWriter) -> None:
    """The page keeps its entry; the stream behind it is another."""
    reference = _first_page(writer).raw_get("/Contents")
    target = reference.reference if isinstance(reference, generic.IndirectObject) else reference.raw_get(0).reference
    writer.objects[(target.generation, target.idnum)] = generic.StreamObject(stream_data=b"0 0 100 100 re f")


def take_notes_away(writer: IncrementalPdfFileWriter) -> None:
    page = _first_page(writer)
    page[pdf_name("/Annots")] = generic.ArrayObject()


def move_a_field(writer: IncrementalPdfFileWriter) -> None:
    widget = _first_page(writer)["/Annots"][0]
    widget[pdf_name("/Rect")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 10, 10)])
    writer.update_container(widget)


def drop_the_intent(writer: IncrementalPdfFileWriter) -> None:
    writer.root[pdf_name("/OutputIntents")] = generic.ArrayObject()
    writer.update_root()


def other_archival_marks(writer: IncrementalPdfFileWriter) -> None:
    writer._update_meta = lambda: None   # type: ignore[method-assign]   # it would put the packet it has read back
    reference = writer.root.raw_get("/Metadata").reference
    packet = writer.root["/Metadata"].data.replace(b'pdfaid:part="2"', b'pdfaid:part="3"')
    writer.objects[(reference.generation, reference.idnum)] = generic.StreamObject(
        {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")}, stream_data=packet)


@pytest.mark.parametrize("change", [turn, paint, paint_inside, take_notes_away, move_a_field, drop_the_intent,
                                    other_archival_marks])
def test_whatever_changes_the_pages_or_the_archival_marks_shows(
        tmp_path: Path, change: Callable[[IncrementalPdfFileWriter], None]) -> None:
    from signing.prepare import prepare, propose_places

    archival = tmp_path / "a.pdf"
    archival.write_bytes(typeset(Draft(), archival=True))
    prepared = prepare(archival, tmp_path / "p.pdf", propose_places(archival)).target

    assert appended(prepared, tmp_path / "same.pdf", lambda writer: writer.update_root()) is None
    assert appended(prepared, tmp_path / "other.pdf", change) is not None


def test_a_result_that_shows_something_else_is_thrown_away(
        stages: Stages, leader: Key, request_of: SigningRequest, tmp_path: Path, looked_at: list[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that turns the page while the signature is made: signed soundly, and refused all the same."""
    from signing import stages as module

    real = module.append_signature

    def with_a_turn(writer: IncrementalPdfFileWriter, into: object) -> tuple[int, int]:
        turn(writer)
        return real(writer, into)   # type: ignore[arg-type]

    monkeypatch.setattr(module, "append_signature", with_a_turn)
    prepared = prepare_signature(stages.prepared, tmp_path / "a.pdf", KeyFacts.of(leader), request_of)
    with pytest.raises(ResultNotSound) as raised:
        complete_signature(prepared, signed_value(prepared, leader), request_of)
    assert raised.value.facts["reason"] == "pages_changed"
    assert not (tmp_path / "a.pdf").exists()


