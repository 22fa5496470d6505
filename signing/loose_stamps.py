"""Time-stamps that stand beside what they stamp, not inside a PDF: made over a digest, kept as a file, judged again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms

from signing.errors import BadInput
from signing.judgement import Bench, judge_timestamp
from signing.pdf import PARSER_ERRORS
from signing.report import Reason, Verdict
from signing.revocation import knowledge_of
from signing.signature_facts import stamped_time
from signing.timestamps import ServiceTimeStamper, TimestampService
from signing.trust import TrustStore

ALGORITHM = "sha256"


class NotAStamp(BadInput):
    """The bytes are no time-stamp token (RFC 3161, 2.4.2)."""

    code = "timestamp.not_a_token"


@dataclass(frozen=True, slots=True)
class LooseStamp:
    """What a token says and whether it is to be believed.

    verdict, reason: of its chain; intact: it is over this digest, and its own signature holds. at: its time, aware UTC.
    """

    verdict: Verdict
    reason: Reason
    intact: bool
    at: datetime | None


def stamp_digest(digest: bytes, services: TimestampService) -> bytes:
    """A token (DER) over a SHA-256 digest. Raises TimestampRefused, TimestampUnreachable, TimestampResting."""
    token: bytes = ServiceTimeStamper(services).stamp(digest, ALGORITHM).dump()
    return token


def stamped_digest(token: bytes) -> bytes:
    """The digest that a token is over. Raises NotAStamp."""
    return _opened(token)[1]


def judge_loose_stamp(token: bytes, digest: bytes, trust: TrustStore) -> LooseStamp:
    """Is the token a stamp over this SHA-256 digest? Never asks the network. Raises NotAStamp."""
    signed, over, algorithm = _opened(token)
    bench = Bench(trust, knowledge_of(trust), datetime.now(UTC))
    judged = asyncio.run(judge_timestamp(signed, bench, lambda name: digest if name == ALGORITHM else b""))
    same = over == digest and algorithm == ALGORITHM
    return LooseStamp(judged.verdict, judged.reason, same and judged.intact, stamped_time(signed))


def _opened(token: bytes) -> tuple[cms.SignedData, bytes, str]:
    """The signed data, the digest that was stamped, and its algorithm."""
    try:
        info = cms.ContentInfo.load(token, strict=True)
        if info["content_type"].native != "signed_data":
            raise NotAStamp()
        imprint = info["content"]["encap_content_info"]["content"].parsed["message_imprint"]
        return info["content"], bytes(imprint["hashed_message"].native), imprint["hash_algorithm"]["algorithm"].native
    except PARSER_ERRORS as error:
        raise NotAStamp() from error
