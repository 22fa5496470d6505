"""The CMS object of a signature, encoded once per key: from document to document only two values in it change.

These are the document's digest, in the signed attributes, and the signature value. Both have a fixed length with RSA,
and no length, tag or order around them depends on them: attributes are sorted by their encodings (X.690, 11.6), which
differ in length or object identifier before a value begins. Encoding the certificates anew took a third of the time.
A signature with ECDSA varies in length and one with a time-stamp carries a token: they are encoded each for itself.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from functools import lru_cache

from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from signing.keys import Scheme
from signing.pyhanko_signer import AboutKey, ValueSigner

LENGTHS = {"sha256": 32, "sha384": 48, "sha512": 64}


@dataclass(frozen=True, slots=True)
class CmsForm:
    """digest, value: marks that stand for the two in `attributes` and `container`, DER."""

    digest: bytes
    value: bytes
    attributes: bytes
    container: bytes

    def attributes_for(self, digest: bytes) -> bytes:
        """The signed attributes over a document of this digest: what the key signs."""
        return self.attributes.replace(self.digest, digest)

    def container_for(self, attributes: bytes, value: bytes) -> bytes | None:
        """The finished CMS object; None when the attributes or the value are not of this form."""
        digest = attributes[self.attributes.index(self.digest):][:len(self.digest)]
        if len(value) != len(self.value) or self.attributes_for(digest) != attributes:
            return None
        return self.container.replace(self.digest, digest).replace(self.value, value)


@lru_cache(maxsize=8)
def cms_form(key: AboutKey, chain: tuple[bytes, ...], digest: str, scheme: Scheme | None) -> CmsForm | None:
    """The form of this key's signatures without a time-stamp; None when its values have no fixed length.

    Args:
        key: hashable. chain: further certificates to put in.
    Raises: SchemeNotOffered.
    """
    return asyncio.run(_form(key, chain, digest, scheme))


async def _form(key: AboutKey, chain: tuple[bytes, ...], digest: str, scheme: Scheme | None) -> CmsForm | None:
    empty = ValueSigner(key, digest=digest, scheme=scheme, further_certificates=chain)
    if empty.scheme is Scheme.ECDSA:
        return None
    # by chance, so that no certificate can contain them
    mark, value = os.urandom(LENGTHS[digest]), os.urandom(empty.greatest_length)
    signer = ValueSigner(key, value, digest=digest, scheme=scheme, further_certificates=chain)
    attributes = await signer.signed_attrs(mark, digest, attr_settings=PdfCMSSignedAttributes(), use_pades=True)
    container = (await signer.async_sign_prescribed_attributes(digest, attributes)).dump()
    form = CmsForm(mark, value, attributes.dump(), container)
    once = form.attributes.count(mark) == 1 and container.count(mark) == 1 and container.count(value) == 1
    return form if once else None
