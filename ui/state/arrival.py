"""What the arrival check says, in lines of words and tones."""

from __future__ import annotations

from docclient.desk.arrival import ArrivalCheck, ArrivedFile, SenderMatch
from docclient.office.queries.duplicates import TwinView
from ui.state.signatures import verdict_of_answer
from ui.texts import Texts

TONES = {SenderMatch.SAME: "good", SenderMatch.PARTLY: "doubt", SenderMatch.OTHER: "bad", SenderMatch.UNSIGNED: "doubt"}


def arrival_lines(check: ArrivalCheck, texts: Texts) -> tuple[tuple[str, str], ...]:
    """(words, tone): a line for each file, then the sender beside the certificates."""
    return (*(file_line(each, texts) for each in check.files), sender_line(check, texts))


def file_line(file: ArrivedFile, texts: Texts) -> tuple[str, str]:
    if file.conclusion is None:
        return texts("arrival.not_a_pdf", name=file.name), "quiet"
    shown = verdict_of_answer({"conclusion": file.conclusion, **(file.report or {})}, texts)
    code = "arrival.file" if file.signatures else "arrival.file_unsigned"
    return texts(code, name=file.name, verdict=shown.word, count=file.signatures), shown.tone


def sender_line(check: ArrivalCheck, texts: Texts) -> tuple[str, str]:
    names = "; ".join(check.organisations)
    return texts(f"sender_match.{check.match.value}", sender=check.sender, names=names), TONES[check.match]


def twin_words(twin: TwinView, texts: Texts) -> str:
    """What tells the earlier document apart: number, day, subject, and where it was registered."""
    parts = [" ".join(part for part in (twin.type_name, twin.number_and_symbol) if part),
             texts.date(twin.issued_date), twin.subject]
    if twin.arrival_number is not None:
        parts.append(texts("arrival.registered", number=twin.arrival_number, day=texts.date(twin.arrival_date)))
    return " · ".join(part for part in parts if part)
