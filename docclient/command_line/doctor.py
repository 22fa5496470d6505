"""`docclient doctor`: what this machine has and lacks, and what to do about it."""

from __future__ import annotations

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.errors import ExitCode
from docclient.tools.health import Check, State, check_all
from docclient.words import phrase

MARKS = {State.OK: "✓", State.WARNING: "!", State.MISSING: "–", State.FAILED: "✗"}


def register(app: typer.Typer) -> None:
    app.command()(doctor)


@answering
def doctor(as_json: Json = False) -> None:
    """Kiểm tra máy này: thư viện token, nhận dạng chữ, phông chữ, chương trình ngoài, ổ đĩa, đồng hồ."""
    checks = check_all(language())
    good = all(check.holds for check in checks)
    answer({
        "checks": [{"name": check.name, "state": check.state.value, "detail": check.detail, "advice": check.advice,
                    "needed": check.needed} for check in checks],
        "ok": good,
    }, as_json=as_json, text=lambda: _in_words(checks, good),
        exit_code=ExitCode.GOOD if good else ExitCode.ANSWER_IS_NO)


def _in_words(checks: list[Check], good: bool) -> str:
    said = []
    for check in checks:
        title = phrase(f"doctor_check.{check.name.partition(':')[0]}", language())
        state = phrase(f"doctor_state.{check.state.value}", language())
        said.append(f"{MARKS[check.state]} {title}: {state}. {check.detail}".rstrip())
        if check.advice:
            said.append(f"    → {check.advice}")
    said.append(phrase("doctor.all_good" if good else "doctor.not_good", language()))
    return "\n".join(said)
