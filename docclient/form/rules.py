"""The rules that are tested: code, where NĐ 30/2020 says it, how sure a finding is unless the test says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.form.model import Severity

ANNEX = "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, "
CAPITALS = "NĐ 30/2020/NĐ-CP, Phụ lục II, "


@dataclass(frozen=True, slots=True)
class Rule:
    source: str
    severity: Severity = Severity.WRONG


def _rules(source: str, *codes: str, severity: Severity = Severity.WRONG) -> dict[str, Rule]:
    return {code: Rule(source, severity) for code in codes}


_LOOK = Severity.DOUBTFUL

RULES: dict[str, Rule] = {
    **_rules(ANNEX + "Mục I.1", "page_size"),
    **_rules(ANNEX + "Mục I.2", "page_orientation"),
    **_rules(ANNEX + "Mục I.3", "margin_left", "margin_right", "margin_top", "margin_bottom"),
    **_rules(ANNEX + "Mục I.4", "font_family", "font_colour", "font_unicode"),
    **_rules(ANNEX + "Mục I.7", "page_number_missing", "page_number_on_first", "page_number_place",
             "page_number_value", "page_number_type"),
    **_rules(ANNEX + "Mục I.6 và Mục IV", "order", "sides"),
    # boxes 1 to 4
    **_rules(ANNEX + "Mục II.1", "state_name_missing", "state_name_words", "state_name_size", "state_name_bold",
             "state_name_upright"),
    **_rules(ANNEX + "Mục II.1", "motto_missing", "motto_words", "motto_size", "motto_bold", "motto_upright"),
    **_rules(ANNEX + "Mục II.1", "motto_rule", severity=_LOOK),
    **_rules(ANNEX + "Mục II.2", "agency_missing", "agency_name", "agency_parent", "agency_case", "agency_size",
             "agency_bold", "parent_regular"),
    **_rules(ANNEX + "Mục II.2", "agency_rule", severity=_LOOK),
    **_rules(ANNEX + "Mục II.3", "number_missing", "number_form", "number_symbol", "number_size", "number_regular"),
    **_rules(ANNEX + "Mục II.4", "date_missing", "date_form", "date_place", "date_size", "date_italic",
             "date_regular"),
    # boxes 5 and 9a
    **_rules(ANNEX + "Mục II.5", "title_missing", "title_type", "title_case", "title_size", "title_bold"),
    **_rules(ANNEX + "Mục II.5", "title_centred", severity=_LOOK),
    **_rules(ANNEX + "Mục II.5", "abstract_missing", "abstract_size", "abstract_bold", "letter_abstract_missing",
             "letter_abstract_size", "letter_abstract_regular", "letter_abstract_form"),
    **_rules(ANNEX + "Mục II.5", "abstract_rule", severity=_LOOK),
    **_rules(ANNEX + "Mục II.9", "addressee_missing", "addressee_form", "addressee_size", "addressee_regular"),
    # box 6
    **_rules(ANNEX + "Mục II.6", "bases_italic", "bases_end", "bases_size"),
    **_rules(ANNEX + "Mục II.6", "bases_missing", severity=_LOOK),
    **_rules(ANNEX + "Mục II.6", "body_missing", "body_size", "body_justified", "body_indent", "body_line_spacing",
             "body_paragraph_spacing"),
    **_rules(ANNEX + "Mục II.6", "body_upright", "body_regular", severity=_LOOK),
    **_rules(ANNEX + "Mục II.6", "article_bold", "article_order", "point_alphabet"),
    # boxes 7 and 9b
    **_rules(ANNEX + "Mục II.7 và Điều 13", "authority_missing", "authority_form", "authority_lines",
             "authority_case", "authority_size", "authority_bold"),
    **_rules(ANNEX + "Mục II.7", "name_missing", "name_differs", "name_case", "name_title", "name_size", "name_bold"),
    **_rules(ANNEX + "Mục II.9", "recipients_missing", "recipients_heading", "recipients_size", "recipients_regular",
             "recipients_dashes", "recipients_ends", "recipients_archive"),
    **_rules(ANNEX + "Mục II.9", "recipients_listed", severity=_LOOK),
    # the rest
    **_rules(ANNEX + "Mục III.1", "annex_heading", "annex_number"),
    **_rules(ANNEX + "Mục III.2", "urgency_missing", "urgency_unexpected", "urgency_type"),
    "secrecy_stamp": Rule("Luật Bảo vệ bí mật nhà nước; NĐ 30/2020/NĐ-CP, Điều 1"),
    **_rules(CAPITALS + "Mục V", "capitals_article", "capitals_clause"),
    **_rules(CAPITALS + "Mục IV", "capitals_agency"),
    **_rules(CAPITALS + "Mục III", "capitals_place", severity=_LOOK),
    **_rules(CAPITALS + "Mục V", "capitals_state", "capitals_calendar", severity=_LOOK),
    **_rules(CAPITALS + "Mục II", "capitals_person"),
}
