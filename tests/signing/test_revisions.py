"""What was signed comes out byte for byte; authorities are recognised by their fingerprints."""

from __future__ import annotations

from pathlib import Path

import pytest

from signing.authorities import PINNED, AuthorityPurpose, recognise
from signing.form import AGENCY, LEADER
from signing.pdf import Damaged, NotAPdf
from signing.report import Verdict
from signing.revisions import NoSignedRevision, extract_revision
from signing.system_store import has_system_store, system_anchors
from signing.trust import TrustStore
from signing.verify import verify_file
from tests.signing.conftest import People, Stages


def test_each_signature_gives_back_what_it_was_laid_over(stages: Stages, people: People, tmp_path: Path):
    personal = extract_revision(stages.sealed, LEADER, tmp_path / "personal.pdf")
    assert personal.read_bytes() == stages.signed.read_bytes()
    whole = extract_revision(stages.sealed, AGENCY, tmp_path / "whole.pdf")
    assert whole.read_bytes() == stages.sealed.read_bytes()
    (found,) = verify_file(personal, people.trust).signatures
    assert found.verdict is Verdict.VALID and found.covers_whole_file


@pytest.mark.parametrize("field", ["", "NoSuchField", "DocNumber"])
def test_no_such_signature_is_named(stages: Stages, tmp_path: Path, field: str):
    with pytest.raises(NoSignedRevision) as told:
        extract_revision(stages.sealed, field, tmp_path / "none.pdf")
    assert told.value.facts == {"file": "sealed.pdf", "field": field}
    assert not (tmp_path / "none.pdf").exists()


def test_impossible_byte_ranges_are_refused(stages: Stages, tmp_path: Path):
    content = stages.signed.read_bytes()
    place = content.index(b"/ByteRange")
    for wrong in (b"[0 10 20 99999999]", b"[5 10 20 30]", b"[0 90 20 30]"):
        end = content.index(b"]", place) + 1
        bent = tmp_path / "bent.pdf"
        bent.write_bytes(content[:place] + (b"/ByteRange " + wrong).ljust(end - place) + content[end:])
        with pytest.raises(NoSignedRevision):
            extract_revision(bent, LEADER, tmp_path / "none.pdf")
    (tmp_path / "text.pdf").write_bytes(b"no PDF")
    with pytest.raises(NotAPdf):
        extract_revision(tmp_path / "text.pdf", LEADER, tmp_path / "none.pdf")


def test_authorities_are_known_by_their_fingerprints():
    known = {recognise(each) for each in (*TrustStore.standard().anchors, *TrustStore.standard().intermediates)}
    assert None not in known and len(known) == 3
    assert all(len(each) == 64 and set(each) <= set("0123456789ABCDEF") for each in PINNED)
    assert {each.purpose for each in PINNED.values()} == set(AuthorityPurpose)
    assert recognise(b"another") is None


def test_a_system_without_a_readable_store_gives_nothing():
    if not has_system_store():
        assert system_anchors() == ()


def test_what_a_mail_gateway_put_before_the_header_is_left_out(stages: Stages, people: People, tmp_path: Path):
    mailed = tmp_path / "mailed.pdf"
    mailed.write_bytes(b"X-Scanned-By: gateway\r\n\r\n" + stages.sealed.read_bytes())
    personal = extract_revision(mailed, LEADER, tmp_path / "personal.pdf")
    assert personal.read_bytes() == stages.signed.read_bytes()
    whole = extract_revision(mailed, AGENCY, tmp_path / "whole.pdf")
    assert whole.read_bytes() == stages.sealed.read_bytes()
    (found,) = verify_file(personal, people.trust).signatures
    assert found.verdict is Verdict.VALID and found.covers_whole_file


def test_a_range_that_ends_within_the_file_only_by_what_stands_before_is_refused(stages: Stages, tmp_path: Path):
    short, gateway = stages.signed.read_bytes()[:-4], b"X-Scanned-By: gateway\r\n\r\n"
    mailed = tmp_path / "mailed.pdf"
    mailed.write_bytes(gateway + short)
    with pytest.raises((NoSignedRevision, Damaged)):
        extract_revision(mailed, LEADER, tmp_path / "none.pdf")
    assert not (tmp_path / "none.pdf").exists()
