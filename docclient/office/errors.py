"""What the office refuses, and why."""

from __future__ import annotations

from enum import StrEnum

from docclient.errors import BadInput, NotAllowed, ServiceTrouble, WrongUse
from docclient.words import Phrase, has_words


class NotYours(NotAllowed):
    """The role or the relation to the document is missing. facts: command."""

    code = "office.not_yours"


class NotNow(NotAllowed):
    """The document's state does not allow it. facts: command, state."""

    code = "office.not_now"


class Frozen(NotNow):
    """The document is frozen: nothing on it may change until it is released. facts: command, state."""

    code = "office.frozen"


class NoAuthority(NotYours):
    """Who would sign has no authority of their own for it (NĐ 30 Art 13). facts: person, type, day."""

    code = "office.no_authority"


class NotForAnother(NotYours):
    """No delegation that holds today lets this person act for the other in this. facts: command."""

    code = "office.not_for_another"


class OfficeClosed(NotAllowed):
    """The agency was closed: nothing new is accepted, its registers are read-only. facts: day."""

    code = "office.closed"


class StillWaiting(NotAllowed):
    """Things wait for the person, who cannot leave before somebody takes them. facts: person, count."""

    code = "office.still_waiting"


class PasswordMustChange(NotAllowed):
    """The password was given by somebody else: nothing is done before the person has set their own."""

    code = "office.password_must_change"


class StaleDocument(NotAllowed):
    """The document has changed since it was seen. facts: seen, current."""

    code = "office.stale"


class NotFound(WrongUse):
    """No such thing, or this person may not see it (the two are told alike on purpose). facts: what, id."""

    code = "office.not_found"

    def __init__(self, *, what: str, id: str) -> None:
        """what: a words code `thing.…` (document, person, register, file, agency, item)."""
        super().__init__(what=Phrase(f"thing.{what}"), id=id)


class Why(StrEnum):
    """What is wrong with a field; words codes `why.…`."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    TAKEN = "taken"
    NEGATIVE = "negative"
    TWICE = "twice"
    NO_HEAD = "no_head"
    NO_POST = "no_post"
    NO_FILE = "no_file"
    NO_NUMBER = "no_number"
    NOT_NEWEST = "not_newest"
    NO_SIGNATURE_FIELD = "no_signature_field"
    RESULT_NEEDED = "result_needed"
    NOT_A_FIELD = "not_a_field"
    WRONG_KIND = "wrong_kind"
    NOT_JSON = "not_json"
    OFFICE_PLACE = "office_place"
    BLOBS_PLACE = "blobs_place"
    NOT_A_DIGEST = "not_a_digest"
    NOT_YOURS = "not_yours"
    NO_AUTHORITY = "no_authority"
    NOT_A_LEADER = "not_a_leader"
    NO_CONTENT = "no_content"
    NO_NUMBER_FIELD = "no_number_field"
    ALREADY_FILLED = "already_filled"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_CERTIFICATE = "not_a_certificate"
    NOT_THE_FINGERPRINT = "not_the_fingerprint"
    NOT_A_PICTURE = "not_a_picture"
    OWN_AGENCY = "own_agency"
    MORE_THAN_SIGNED = "more_than_signed"
    MORE_THAN_STAMPED = "more_than_stamped"
    NOT_LATER = "not_later"
    NOT_A_CERTIFICATE_CHECK = "not_a_certificate_check"
    NOT_OF_THE_SIGNER = "not_of_the_signer"
    NOT_A_STAMP = "not_a_stamp"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    ALREADY_THERE = "already_there"
    NOT_THERE = "not_there"
    TOO_LATE = "too_late"
    IN_THE_FUTURE = "in_the_future"
    WARNINGS_UNSEEN = "warnings_unseen"
    NOT_DUE = "not_due"
    NOT_A_PERCENTAGE = "not_a_percentage"
    ONESELF = "oneself"
    NUMBERS_GIVEN = "numbers_given"
    SAME_SYMBOL = "same_symbol"
    ONE_TYPE = "one_type"
    NOT_ASKED_YET = "not_asked_yet"
    IN_THE_PAST = "in_the_past"
    NOT_OF_THE_DOCUMENT = "not_of_the_document"
    NOT_A_PDF = "not_a_pdf"
    OTHER_UNIT = "other_unit"
    HANDLES_ALREADY = "handles_already"
    YOURSELF = "yourself"
    NOT_A_PERCENT = "not_a_percent"
    NOT_A_NUMBER_OF_DAYS = "not_a_number_of_days"
    LATER_THAN_ABOVE = "later_than_above"
    NO_CONDITION = "no_condition"
    NOTHING_SAID = "nothing_said"
    NOT_ON_PAPER = "not_on_paper"
    DAYS_TURNED = "days_turned"
    ABSENT_TOO = "absent_too"
    DATES_NEEDED = "dates_needed"
    CONTENT_NEEDED = "content_needed"
    GIVER_NEEDED = "giver_needed"
    NO_SUB_DELEGATION = "no_sub_delegation"
    NOT_FLAGGED = "not_flagged"
    OWN_CHANGE = "own_change"
    WORKS_ON_IT = "works_on_it"
    TOO_SHORT = "too_short"
    NOT_CLOSED = "not_closed"
    LAST_ADMINISTRATOR = "last_administrator"
    ALREADY_ENDED = "already_ended"
    AGENCY_CLOSED = "agency_closed"
    SAME_AGENCY = "same_agency"
    NOT_FROZEN = "not_frozen"
    PASSWORD_WRONG = "password_wrong"
    PASSWORD_USED = "password_used"
    NO_ACCOUNT = "no_account"
    IN_USE = "in_use"
    NOT_EMPTY = "not_empty"
    SYMBOLS_GIVEN = "symbols_given"
    UNCHANGED = "unchanged"


class FieldWrong(WrongUse):
    """A command's field is missing or not what it must be. facts: name, field (its words), reason, about."""

    code = "office.field_wrong"

    def __init__(self, field: str, why: Why, about: str = "") -> None:
        """about: a value or a parser's own remark, shown behind the reason."""
        named: object = Phrase(f"field.{field}") if has_words(f"field.{field}") else field
        super().__init__(name=field, field=named, reason=Phrase(f"why.{why.value}"), about=about)


class KeyReused(WrongUse):
    """An idempotency key came again with another command."""

    code = "office.key_reused"


class UnknownCommand(WrongUse):
    """facts: name."""

    code = "office.unknown_command"


class SignatureMissing(NotAllowed):
    """A signature that must be there first is absent or does not hold. facts: whose, reason, about."""

    code = "office.signature_missing"

    def __init__(self, *, whose: str, reason: str) -> None:
        """whose: person or agency. reason: a sub-indication (signing.report.Reason), or missing, changed."""
        super().__init__(whose=Phrase(f"whose.{whose}"), about=reason,
                         reason=Phrase(f"reason.{reason}" if has_words(f"reason.{reason}") else f"whose.{reason}"))


class OriginalChanged(NotAllowed):
    """The signed file does not begin with the bytes that were to be signed."""

    code = "office.original_changed"


class NumberDiffers(NotAllowed):
    """The page shows another number or date than the register gave. facts: expected, found."""

    code = "office.number_differs"


class WrongSigner(NotAllowed):
    """The certificate is registered to somebody else. facts: person, subject."""

    code = "office.wrong_signer"


class SecretRefused(NotAllowed):
    """State secrets never enter this system (records-work rules; Law 117/2025)."""

    code = "office.secret_refused"


class SecretTitle(SecretRefused):
    """A subject, a title or a file's name bears a secrecy mark. Not what it says. facts: field (its words)."""

    code = "office.secret_title"

    def __init__(self, *, field: str) -> None:
        super().__init__(field=Phrase(f"field.{field}"))


class BlobMissing(BadInput):
    """Bytes that a row names are not there. facts: digest."""

    code = "office.blob_missing"


class BlobChanged(BadInput):
    """Stored bytes no longer match their digest. facts: digest."""

    code = "office.blob_changed"


class OfficeMissing(WrongUse):
    """There is no office at this place. facts: place."""

    code = "office.missing"


class OfficeExists(WrongUse):
    """There is one already. facts: place."""

    code = "office.exists"


class OfficeUnreadable(BadInput):
    """The office's database cannot be opened. facts: place, reason."""

    code = "office.unreadable"


class ValueRefused(BadInput):
    """The database cannot keep a value (too large, a character it has no room for, a reference to nothing).
    facts: reason."""

    code = "office.value_refused"


class EmbeddedOnly(NotAllowed):
    """Acting as somebody by name is for embedded offices; a shared one has logins. facts: place."""

    code = "office.embedded_only"


class YearPrinted(NotAllowed):
    """The signed page already carries another year than today's. facts: printed, year."""

    code = "office.year_printed"


class OfficeUnreachable(ServiceTrouble):
    """The shared office's database server does not answer. facts: place."""

    code = "office.unreachable"


class OfficeNewer(BadInput):
    """The office was written by a newer program. facts: place."""

    code = "office.newer"


class RegisterClosed(NotAllowed):
    """facts: register."""

    code = "office.register_closed"


class ApprovedTextChanged(NotAllowed):
    """The text is not the one that was approved: whoever approves is asked again."""

    code = "office.approved_text_changed"


class NumberTaken(NotAllowed):
    """This number and symbol was given in the year already, on paper or electronically. facts: number."""

    code = "office.number_taken"


class CouncilEnded(NotNow):
    """The run of numbers of the council that the document is of has ended. facts: council, year."""

    code = "office.council_ended"


class BackDated(NotAllowed):
    """A number would have an earlier date than the one before it. facts: day, last."""

    code = "office.back_dated"


class AnnexUnsealed(NotAllowed):
    """An annex in a file of its own has no signature of the agency yet. facts: file."""

    code = "office.annex_unsealed"


class PdfTooLong(BadInput):
    """A file that goes with a document has too many pages. facts: file, pages, limit."""

    code = "office.pdf_too_long"


class PdfTooLarge(BadInput):
    """A file that goes with a document is too large to be sent. facts: file, size, limit (both in MiB)."""

    code = "office.pdf_too_large"


class DuplicateFound(NotAllowed):
    """This document seems to be registered already (NĐ 30 Annex VI, A6). `duplicate_seen` names the twin when it was
    looked at. facts: twin (its identity), number, arrival, issuer."""

    code = "office.duplicate_found"


class AlreadyOpened(NotAllowed):
    """What was sent cannot be taken back: somebody has opened it or begun. facts: person."""

    code = "office.already_opened"


class BlobsRefused(NotAllowed):
    """The bucket of the office's files does not let this program in. facts: place."""

    code = "office.blobs_refused"


class BlobsUnreachable(ServiceTrouble):
    """The bucket of the office's files does not answer, or not as it should. facts: place."""

    code = "office.blobs_unreachable"


class BackupMissing(WrongUse):
    """There is no backup in this folder. facts: folder."""

    code = "backup.missing"


class BackupIncomplete(BadInput):
    """A backup that was broken off while it was made. facts: folder."""

    code = "backup.incomplete"


class BackupDamaged(BadInput):
    """A backup is no longer what it was when it was made. facts: folder, file."""

    code = "backup.damaged"


class CopyLies(BadInput):
    """A backup or an export does not agree with its own journal: it was changed after it was made, and its hashes with
    it. facts: folder, where, why (the first finding), count."""

    code = "office.copy_lies"


class BackupOfAnother(WrongUse):
    """The folder holds backups of another office. facts: folder, office."""

    code = "backup.of_another"


class ExportDamaged(BadInput):
    """An export is no longer what it was when it was made, or not whole. facts: folder, file."""

    code = "export.damaged"


class ExportMissing(WrongUse):
    """There is no export in this folder. facts: folder."""

    code = "export.missing"


class FolderNotEmpty(WrongUse):
    """facts: folder."""

    code = "export.folder_not_empty"
