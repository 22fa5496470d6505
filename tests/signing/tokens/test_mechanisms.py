"""Which mechanism, and whether our own DigestInfo and padding are the standard's."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from signing.keys import Scheme
from signing.tokens.mechanisms import DIGESTS, attempts, padded, schemes


@pytest.mark.parametrize("digest", DIGESTS.values(), ids=DIGESTS)
def test_our_padded_digest_info_is_what_a_verifier_expects(digest):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = key.private_numbers()
    block = padded(digest.digest_info + digest.of(b"message"), 256)
    signature = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(256, "big")
    key.public_key().verify(signature, b"message", padding.PKCS1v15(), getattr(hashes, digest.name.upper())())


@pytest.mark.parametrize(("scheme", "offered", "expected"), [
    (Scheme.RSA_PKCS1, [0x1, 0x3, 0x40], [0x40, 0x1, 0x3]),
    (Scheme.RSA_PKCS1, [0x1], [0x1]),
    (Scheme.RSA_PKCS1, [0x3], [0x3]),
    (Scheme.RSA_PKCS1, [0x41], []),
    (Scheme.RSA_PKCS1, [], [0x40, 0x1, 0x3]),
    (Scheme.RSA_PSS, [0x1, 0xD, 0x43], [0x43, 0xD]),
    (Scheme.ECDSA, [0x1041, 0x1044], [0x1044, 0x1041]),
    (Scheme.ECDSA, [0x1], []),
])
def test_hash_and_sign_comes_first_and_only_what_is_offered_is_tried(scheme, offered, expected):
    assert [way.mechanism for way in attempts(scheme, DIGESTS["sha256"], b"m", offered, 256)] == expected


def test_a_digest_longer_than_the_curve_is_cut_on_the_left_side_that_counts():
    (way,) = attempts(Scheme.ECDSA, DIGESTS["sha512"], b"m", [0x1041], 32)
    assert way.data == hashlib.sha512(b"m").digest()[:32]


@pytest.mark.parametrize(("algorithm", "offered", "expected"), [
    ("rsa", [0x40, 0x43], (Scheme.RSA_PKCS1, Scheme.RSA_PSS)),
    ("rsa", [0xD], (Scheme.RSA_PSS,)),
    ("rsa", [0x3], (Scheme.RSA_PKCS1,)),
    ("rsa", [0x1041], ()),
    ("rsa", [], (Scheme.RSA_PKCS1, Scheme.RSA_PSS)),
    ("ec", [0x1041], (Scheme.ECDSA,)),
    ("ec", [0x1], ()),
])
def test_schemes_are_what_the_token_really_offers(algorithm, offered, expected):
    assert schemes(algorithm, offered) == expected
