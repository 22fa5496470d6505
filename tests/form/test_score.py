"""The score of the form check: honest documents raise no alarm, every seeded mistake is found where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from docclient.form import RULES, Expected, Finding, FormReport, Severity, Verdict, check_form
from docclient.form.kinds import TYPES
from signing.page import Box
from signing.page_text import PageText, read_pages
from tests.form.letters import HONEST, Draft, write
from tests.form.mistakes import MISTAKES, Mistake


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_document_raises_no_alarm(name: str, tmp_path: Path) -> None:
    pdf = write(HONEST[name], tmp_path / "draft.pdf")
    for report in (check_form(pdf, HONEST[name].expected), check_form(pdf)):
        assert [(each.code, each.found, each.expected) for each in report.findings] == []
        assert report.verdict is Verdict.GOOD


def test_every_type_is_among_the_honest() -> None:
    assert {draft.type_name for draft in HONEST.values()} == set(TYPES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.name)
def test_a_mistake_is_found_where_it_is(mistake: Mistake, tmp_path: Path) -> None:
    pdf = write(mistake.draft, tmp_path / "draft.pdf")
    report = check_form(pdf, mistake.facts or expected_of(mistake.draft))
    found = [each for each in report.findings if each.code == mistake.code and each.page == mistake.page]
    assert found, [(each.code, each.page, each.found) for each in report.findings]
    pages = read_pages(pdf)
    wanted = place_of(mistake, pages[mistake.page - 1])
    assert any(covers(each, wanted) for each in found), ([each.box for each in found], wanted)
    others = {each.code for each in report.findings if each.severity is Severity.WRONG} - {mistake.code}
    assert len(others) <= 2, others        # it may show in a second rule, not in a heap of them


def test_enough_mistakes_and_rules_are_seeded() -> None:
    assert len(MISTAKES) >= 60
    assert len({each.name for each in MISTAKES}) == len(MISTAKES)
    assert {each.code for each in MISTAKES} <= set(RULES)


def expected_of(draft: Draft) -> Expected:
    """Without the words that the mistake is about: only what cannot be read from the page."""
    return Expected(type_name=draft.type_name)


def place_of(mistake: Mistake, page: PageText) -> Box:
    if not mistake.covers:
        x, y = mistake.at[0] * page.frame.width, (1 - mistake.at[1]) * page.frame.height
        return Box(x - 1, y - 1, x + 1, y + 1)
    wanted = mistake.covers.split()
    for row in page.rows:
        said = [word.text for word in row.words]
        for at in range(len(said) - len(wanted) + 1):
            if said[at:at + len(wanted)] == wanted or said[at:at + len(wanted)] == [*wanted[:-1], wanted[-1] + ","]:
                return Box.around(word.box for word in row.words[at:at + len(wanted)])
    raise AssertionError(f"{mistake.covers!r} is not on the page")


def covers(finding: Finding, wanted: Box) -> bool:
    assert finding.box is not None
    box = finding.box
    return (box.x0 - 2 <= wanted.x0 and wanted.x1 <= box.x1 + 2 and box.y0 - 2 <= wanted.y0
              and wanted.y1 <= box.y1 + 2)


def test_a_report_goes_through_json(tmp_path: Path) -> None:
    mistake = MISTAKES[2]
    report = check_form(write(mistake.draft, tmp_path / "draft.pdf"))
    again = FormReport.from_json(report.as_json())
    assert [each.code for each in again.findings] == [each.code for each in report.findings]
    assert again.verdict is report.verdict is Verdict.WRONG


def test_every_rule_is_documented() -> None:
    said = Path("docs/form-check.md").read_text(encoding="utf-8")
    assert [code for code in RULES if f"| `{code}` |" not in said] == []
