"""The form says octet for octet what pyHanko would have encoded anew."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from asn1crypto import cms
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from docclient.demonstration.authority import KeyKind
from signing.cms_form import cms_form
from signing.keys import Scheme
from signing.pyhanko_signer import ValueSigner
from signing.stages import KeyFacts
from tests.signing.conftest import People


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("scheme", [Scheme.RSA_PKCS1, Scheme.RSA_PSS])
def test_the_same_octets(people: People, digest: str, scheme: Scheme) -> None:
    key = KeyFacts.of(people.key(people.leader))
    chain = people.trust.chain_of(key.certificate)
    form = cms_form(key, chain, digest, scheme)
    assert form is not None
    for text in (b"one", b"two"):
        over, value = hashlib.new(digest, text).digest(), hashlib.sha512(text).digest() * 4
        signer = ValueSigner(key, value, digest=digest, scheme=scheme, further_certificates=chain)
        attributes = asyncio.run(signer.signed_attrs(over, digest, use_pades=True,
                                                     attr_settings=PdfCMSSignedAttributes()))
        whole = asyncio.run(signer.async_sign_prescribed_attributes(digest, attributes))

        assert form.attributes_for(over) == attributes.dump()
        # certificates are a SET that pyHanko fills in no order of its own; the encoding sorts them
        assert form.container_for(attributes.dump(), value) == cms.ContentInfo.load(whole.dump()).dump()


def test_a_value_of_another_length_is_not_pressed_into_it(people: People) -> None:
    form = cms_form(KeyFacts.of(people.key(people.leader)), (), "sha256", Scheme.RSA_PKCS1)
    assert form is not None
    assert form.container_for(form.attributes_for(bytes(32)), bytes(255)) is None
    assert form.container_for(form.attributes_for(bytes(32)) + b"\0", bytes(256)) is None


def test_values_without_a_fixed_length_have_no_form(people: People) -> None:
    issued = people.authority.issue_person("Người ký", key=KeyKind.P256)
    assert cms_form(KeyFacts.of(people.key(issued)), (), "sha256", Scheme.ECDSA) is None
