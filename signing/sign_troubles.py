"""What can go wrong when a PDF is signed; words in `resources/words/*/signing.toml`."""

from __future__ import annotations

from signing.errors import BadInput, NotAllowed, Trouble, WrongUse


class FieldMissing(WrongUse):
    """facts: field, fields (the empty signature fields that are there)."""

    code = "sign.field_missing"


class FieldFilled(NotAllowed):
    """facts: file, field."""

    code = "sign.field_filled"


class NumberFieldsMissing(WrongUse):
    """The file was not prepared: it has no fields for number and date. facts: file."""

    code = "sign.number_fields_missing"


class NumberNotFilled(NotAllowed):
    """The seal would lock number and date while they are empty: nobody could fill them any more, and evidence added
    behind the seal (b-lt, b-lta) makes the locked empty fields count as changed. facts: file, fields."""

    code = "sign.number_not_filled"


class PlaceOutside(WrongUse):
    """The box does not lie on the page. facts: page."""

    code = "sign.place_outside"


class TextMissing(WrongUse):
    """A copy needs the agency's name, an annex the number and symbol. facts: role, what."""

    code = "sign.text_missing"


class AlreadyFinal(BadInput):
    """A signature in the file forbids every further change (DocMDP 1). facts: file."""

    code = "sign.already_final"


class NoPersonalSignature(NotAllowed):
    """The agency's key signs only what a competent person has signed (NĐ 30/2020, article 32). facts: file, reason."""

    code = "sign.no_personal_signature"


class AfterTheSeal(NotAllowed):
    """A personal signature after the agency has sealed. facts: file."""

    code = "sign.after_the_seal"


class EarlierSignatureBroken(NotAllowed):
    """A signature in the file does not hold; nothing may be built on it. facts: file, field, reason."""

    code = "sign.earlier_signature_broken"


class CannotBeSigned(BadInput):
    """The structure of the file does not take a signature. facts: file, reason (a technical word)."""

    code = "sign.cannot_be_signed"


class ResultNotSound(Trouble):
    """The result, read again, is not what it must be; it was thrown away. facts: file, field, reason."""

    code = "sign.result_not_sound"


class StampsMissing(WrongUse):
    """A level above b-b needs a time-stamp service. facts: level."""

    code = "sign.stamps_missing"
