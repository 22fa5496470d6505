"""Whom we believe, and where it comes from."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from asn1crypto import cms, x509

from signing.batch.record import of_request, to_request
from signing.errors import FileNotReadable
from signing.request import SigningRequest
from signing.trust import NotACertificate, NotARevocationList, TrustStore, certificates_in, fingerprint
from signing.verify import verify_file
from tests.signing.conftest import People, Stages

PUBLISHED = {
    "F04BA4B459A7C9A1B971AD9B1CB833E695A80C79AEA63B174B66A70EDFE2FDB8",
    "BAC8BF609AB420A8EE1780D74F4DE5C7F7184959D2A7375B0A75E4C29F0908E7",
}


def test_the_public_authorities_are_those_with_the_published_fingerprints() -> None:
    standard = TrustStore.standard()

    assert {fingerprint(anchor) for anchor in standard.anchors} == PUBLISHED
    assert [fingerprint(one) for one in standard.intermediates] == [
        "D8CAB7A4AEF92E6BB2509D7C61CEE7B44F3731B2D21074963530277B366FAE4B"]


def test_a_folder_gives_its_certificates_and_lists(people: People, stages: Stages, tmp_path: Path) -> None:
    people.authority.save(tmp_path)
    (tmp_path / "notes.pem").write_text("-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n")
    store = TrustStore.load([tmp_path], [tmp_path])

    assert people.authority.anchor_der in store.anchors and people.authority.issuing_der in store.intermediates
    assert len(store.crls) == 2
    assert verify_file(stages.sealed, store).conclusion.value == "valid"


def test_without_the_standard_store_only_the_given_counts(people: People, tmp_path: Path) -> None:
    people.authority.save(tmp_path)

    assert TrustStore.load([tmp_path / "root.pem"], standard=False).anchors == (people.authority.anchor_der,)


def test_a_sub_authority_given_alone_is_believed(people: People) -> None:
    store = TrustStore().with_certificates([people.authority.issuing_der])

    assert store.anchors == (people.authority.issuing_der,) and store.intermediates == ()


def test_der_pem_and_bundles(people: People) -> None:
    root, issuing = people.authority.anchor_der, people.authority.issuing_der
    bundle = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData({
        "version": "v1", "digest_algorithms": [], "encap_content_info": {"content_type": "data"},
        "certificates": [x509.Certificate.load(root), x509.Certificate.load(issuing)], "signer_infos": []})}).dump()

    assert certificates_in(root) == [root]
    assert certificates_in(people.authority.anchor) == [root]
    assert sorted(certificates_in(bundle)) == sorted([root, issuing])


def test_foreign_files_are_named(tmp_path: Path) -> None:
    wrong = tmp_path / "a.pem"
    wrong.write_text("xin chào")

    with pytest.raises(NotACertificate):
        TrustStore.load([wrong])
    with pytest.raises(NotARevocationList):
        TrustStore.load([], [wrong])
    with pytest.raises(FileNotReadable):
        TrustStore.load([tmp_path / "none.pem"])


def test_a_store_goes_to_another_process_as_it_is(people: People) -> None:
    store = people.trust
    assert store.anchor_certificates and store.intermediate_certificates

    assert pickle.loads(pickle.dumps(store)) == store


def test_the_chain_above_a_certificate(people: People) -> None:
    assert people.trust.chain_of(people.leader.certificate_der) == (people.authority.issuing_der,)


def test_a_batch_that_goes_on_believes_as_it_did() -> None:
    request = SigningRequest(trust=TrustStore.standard())
    written = json.loads(json.dumps(of_request(request)))

    assert request.trust.unconfirmed == PUBLISHED and to_request(written) == request
    del written["unconfirmed"]   # as batches of earlier versions are written down
    assert to_request(written).trust.anchors == request.trust.anchors


def test_who_names_an_anchor_confirms_it_and_nobody_unconfirms_it(people: People) -> None:
    root = people.authority.anchor_der
    recognised = TrustStore().with_unconfirmed([root])

    assert recognised.anchors == (root,) and recognised.unconfirmed == {fingerprint(root)}
    named = recognised.with_certificates([root])
    assert named.anchors == (root,) and not named.unconfirmed
    assert not named.with_unconfirmed([root]).unconfirmed
