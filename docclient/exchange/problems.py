"""What a reader noticed about a packet or one of its files: stable codes, with words in `resources/words/`.

A problem is never an exception: the packet stays readable beside it. What makes a packet unreadable is a `Trouble`
(`docclient.exchange.errors`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemCode(StrEnum):
    """Every code the reader can give. Codes are promised to other programs: add, never rename."""

    # the bytes and their structure
    STRAY_BYTES_BEFORE = "stray_bytes_before_xml"
    STRAY_BYTES_AFTER = "stray_bytes_after_xml"
    ENCODING_MISLABELLED = "encoding_mislabelled"
    ENCODING_DAMAGED = "encoding_damaged"
    DOCTYPE_IGNORED = "doctype_ignored"
    UNDECLARED_PREFIX = "undeclared_prefix"
    NAMESPACE_WRONG = "namespace_wrong"
    STRUCTURE_DAMAGED = "structure_damaged"
    HEADER_MISSING = "header_missing"
    OLDER_FORMAT = "older_format"
    ELEMENT_REPEATED = "element_repeated"
    UNKNOWN_DROPPED = "unknown_elements_dropped"
    # what the header says
    SECRECY_LEVEL = "secrecy_level"
    SENDER_MISSING = "sender_missing"
    RECIPIENT_MISSING = "recipient_missing"
    RECIPIENT_REPEATED = "recipient_repeated"
    DOCUMENT_ID_MISSING = "document_id_missing"
    SUBJECT_MISSING = "subject_missing"
    FILES_MISSING = "files_missing"
    BUSINESS_UNKNOWN = "business_unknown"
    REPLACEMENT_REPEATED = "replacement_repeated"
    STATUS_CODE_MISSING = "status_code_missing"
    STATUS_UNKNOWN = "status_unknown"
    DATE_UNREADABLE = "date_unreadable"
    VALUE_TOO_LONG = "value_too_long"
    VALUE_CUT = "value_cut"
    REFERENCE_UNMATCHED = "reference_unmatched"
    # one attached file
    MISSING = "missing"
    CONTENT_MISSING = "content_missing"
    CONTENT_EMPTY = "content_empty"
    CONTENT_TOO_LARGE = "content_too_large"
    NOT_BASE64 = "not_base64"
    BASE64_REPAIRED = "base64_repaired"
    BASE64_TRUNCATED = "base64_truncated"
    DATA_AFTER_PADDING = "data_after_padding"
    REPLACEMENT_CHARACTERS = "replacement_characters"
    ZIP_BOMB = "zip_bomb"
    ZIP_DAMAGED = "zip_damaged"
    ZIP_ENCRYPTED = "zip_encrypted"
    ZIP_MANY_ENTRIES = "zip_many_entries"
    ZIP_EMPTY = "zip_empty"
    ZIP_METHOD_UNKNOWN = "zip_method_unknown"
    ZIP_NOT_DECLARED = "zip_not_declared"
    NESTED_PACKET = "nested_packet"
    PROGRAM_INSIDE = "program_inside"
    NAME_MISSING = "name_missing"
    NAME_UNSAFE = "name_unsafe"
    NAME_AND_TYPE_DIFFER = "name_and_type_differ"
    DECLARED_TYPE_DIFFERS = "declared_type_differs"
    MANIFEST_TYPE_DIFFERS = "manifest_type_differs"
    MANIFEST_NAME_DIFFERS = "manifest_name_differs"
    NOT_IN_MANIFEST = "not_in_manifest"
    CONTENT_ID_REPEATED = "content_id_repeated"


DAMAGING = frozenset({
    ProblemCode.ENCODING_DAMAGED,
    ProblemCode.DOCTYPE_IGNORED,     # nothing honest sends one; a person looks before it is filed
    ProblemCode.STRUCTURE_DAMAGED,
    ProblemCode.HEADER_MISSING,
    ProblemCode.VALUE_CUT,
})
"""Problems of a packet that make it *damaged*: shown, saved, never filed by itself (QCVN 102 reader rule 3)."""

REFUSED = frozenset({ProblemCode.SECRECY_LEVEL})
"""Problems for which the office must refuse the packet, whatever else it says."""

FILE_LOST = frozenset({
    ProblemCode.MISSING,
    ProblemCode.CONTENT_MISSING,
    ProblemCode.CONTENT_TOO_LARGE,
    ProblemCode.NOT_BASE64,
    ProblemCode.BASE64_TRUNCATED,
    ProblemCode.REPLACEMENT_CHARACTERS,
    ProblemCode.ZIP_BOMB,
    ProblemCode.ZIP_DAMAGED,
})
"""Problems of a file after which its bytes cannot be what the sender meant: a ground to answer "refused" (02)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """code: from `ProblemCode`. detail: which element, which type, how much; never text of the document itself."""

    code: ProblemCode
    detail: str = ""
