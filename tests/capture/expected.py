"""What a reader should find in a letter of `letters.py`, by the names of the fields."""

from __future__ import annotations

from tests.capture.letters import Letter


def expected(letter: Letter) -> dict[str, str | tuple[str, ...] | None]:
    return {
        "organ_name": " ".join(letter.agency),
        "code_number": letter.number,
        "code_notation": letter.notation,
        "issued_place": letter.place,
        "issued_date": letter.iso_date,
        "type_name": letter.kind.capitalize() if letter.kind else "Công văn",
        "subject": letter.subject if letter.kind else f"V/v {letter.subject}",
        "signer_name": letter.signer,
        "signer_position": letter.position,
        "authority_form": letter.form or None,
        "recipients": tuple(name.rstrip(";.") for name in letter.recipients),
        "urgency": letter.urgency.capitalize() or None,
    }
