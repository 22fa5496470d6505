"""What the office refuses, and why."""

from __future__ import annotations

from docclient.errors import BadInput, NotAllowed, WrongUse


class NotYours(NotAllowed):
    """The role or the relation to the document is missing. facts: command."""

    code = "office.not_yours"


class NotNow(NotAllowed):
    """The document's state does not allow it. facts: command, state."""

    code = "office.not_now"


class StaleDocument(NotAllowed):
    """The document has changed since it was seen. facts: seen, current."""

    code = "office.stale"


class NotFound(WrongUse):
    """No such thing, or this person may not see it (the two are told alike on purpose). facts: what, id."""

    code = "office.not_found"


class FieldWrong(WrongUse):
    """A command's field is missing or not what it must be. facts: field, reason."""

    code = "office.field_wrong"


class KeyReused(WrongUse):
    """An idempotency key came again with another command."""

    code = "office.key_reused"


class UnknownCommand(WrongUse):
    """facts: name."""

    code = "office.unknown_command"


class SignatureMissing(NotAllowed):
    """A signature that must be there first is absent or does not hold. facts: whose, reason."""

    code = "office.signature_missing"


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


class OfficeNewer(BadInput):
    """The office was written by a newer program. facts: place."""

    code = "office.newer"


class RegisterClosed(NotAllowed):
    """facts: register."""

    code = "office.register_closed"
