"""Whom the office believes: nobody at first; each anchor once its fingerprint was read back; named, removable."""

from __future__ import annotations

import pytest

from docclient.demonstration.authority import Authority
from docclient.desk.trust import authorities_of, trust_of
from docclient.office.checking import check_office
from docclient.office.commands.people import AddTrust, SetFact, TrustKind
from docclient.office.commands.rechecking import RecheckSignatures
from docclient.office.commands.trust import ConfirmAuthority, RemoveTrust
from docclient.office.errors import FieldWrong, NotYours
from docclient.office.evidence import ONLINE_EVIDENCE, YES
from docclient.office.model import VIETNAM
from docclient.office.queries.trust import MissingAuthorities, TrustSettings
from signing.authorities import AuthorityPurpose
from signing.sign import SigningRequest, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore, fingerprint
from tests.offices import OfficeToTest

PASSWORD = b"mat khau"


def test_what_comes_with_the_program_is_shown_and_not_believed(office: OfficeToTest):
    door = office.door("administrator")
    shipped = [each for each in authorities_of(door) if each.shipped]
    assert {(each.pinned.purpose, each.is_anchor, each.confirmed) for each in shipped if each.pinned} == {
        (AuthorityPurpose.GOVERNMENT, True, False), (AuthorityPurpose.PUBLIC, True, False),
        (AuthorityPurpose.GOVERNMENT, False, True)}
    anchors = {each.der for each in shipped if each.is_anchor}
    assert anchors == set(TrustStore.standard().anchors) and not anchors & set(trust_of(door).anchors)
    assert set(TrustStore.standard().intermediates) <= set(trust_of(door).intermediates)


def test_an_anchor_is_believed_once_its_end_was_read_back(office: OfficeToTest):
    door, der = office.door("administrator"), TrustStore.standard().anchors[0]
    digest = door.put(der)
    for typed in ("", "00000000", fingerprint(der)[:8], fingerprint(der)[-7:]):
        with pytest.raises(FieldWrong):
            door.do(ConfirmAuthority(digest, typed))
    assert der not in trust_of(door).anchors
    end = fingerprint(der)[-8:].lower()
    receipt = door.do(ConfirmAuthority(digest, f"{end[:4]} {end[4:]}"))
    assert receipt.facts["fingerprint"] == fingerprint(der)
    assert der in trust_of(door).anchors and der in trust_of(office.door("clerk")).anchors
    door.do(ConfirmAuthority(digest, end))                              # once more is no harm
    door.do(RemoveTrust(TrustKind.ANCHOR, digest))
    assert der not in trust_of(door).anchors
    with pytest.raises(FieldWrong):
        door.do(RemoveTrust(TrustKind.ANCHOR, digest))
    with pytest.raises(FieldWrong):
        door.do(ConfirmAuthority(door.put(b"no certificate"), end))
    assert check_office(office.engine).findings == ()


@pytest.mark.parametrize("slug", ["clerk", "chairman", "officer_economy"])
def test_only_the_administrator_decides(sqlite_office: OfficeToTest, slug: str):
    door, der = sqlite_office.door(slug), TrustStore.standard().anchors[0]
    with pytest.raises(NotYours):
        door.do(ConfirmAuthority(door.put(der), fingerprint(der)[-8:]))
    with pytest.raises(NotYours):
        door.do(RemoveTrust(TrustKind.ANCHOR, door.put(sqlite_office.material.authority.anchor_der)))
    assert door.ask(TrustSettings()).online_evidence is False


def test_missing_authorities_are_asked_for_by_name(office: OfficeToTest, tmp_path):
    stranger = Authority.make("Cơ quan chứng thực khác")
    key = open_key_file(stranger.issue_person("Trần Văn Khách").save_pkcs12(tmp_path / "k.p12", PASSWORD,
                                                                           with_chain=False), bytearray(PASSWORD))
    letter = sign_pdf(office.material.draft, tmp_path / "letter.pdf", key, SigningRequest()).target
    view = office.received("61", file=letter)
    office.received("62", file=letter)
    administrator = office.door("administrator")
    (missing,) = administrator.ask(MissingAuthorities())
    assert missing.documents == 2 and missing.name
    for der in (stranger.anchor_der, stranger.issuing_der):
        kind = TrustKind.ANCHOR if der == stranger.anchor_der else TrustKind.INTERMEDIATE
        administrator.do(AddTrust(kind, administrator.put(der), "khác"))
    office.door("clerk").do(RecheckSignatures(view.document.id, view.document.version))
    (still,) = administrator.ask(MissingAuthorities())
    assert (still.name, still.documents) == (missing.name, 1)           # the other was not looked at again


def test_the_network_is_a_decision(office: OfficeToTest):
    door = office.door("administrator")
    assert not door.ask(TrustSettings()).online_evidence and not door.ask(TrustSettings()).system_store
    door.do(SetFact(ONLINE_EVIDENCE, YES))
    assert office.door("clerk").ask(TrustSettings()).online_evidence


def test_what_an_authority_is_shown_with(office: OfficeToTest):
    root = next(each for each in authorities_of(office.door("clerk"))
                if each.pinned and each.pinned.purpose is AuthorityPurpose.GOVERNMENT and each.is_anchor)
    assert (root.name, root.pinned.name if root.pinned else "") == ("RootCA chuyên dùng Chính phủ G2",) * 2
    assert root.valid_from.astimezone(VIETNAM).year == 2018 and root.valid_to.year == 2048
    assert root.fingerprint.startswith("F04BA4B4")
