"""The office's own rules as one list: mail that goes straight to a handler or into its own register, limits by type,
series of numbers, the check of form, the phrases that everybody has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docclient.office.door import Office
from docclient.office.one_of import OneOf
from docclient.office.queries.directory import RecipientsNamed
from docclient.office.queries.form import FormCheckSetting
from docclient.office.queries.outgoing import NumberSeries
from docclient.office.queries.routing import MyPhrases, RegisterRules, RoutingRules, TypeDeadlines
from docclient.office.queries.scan_profiles import ScanProfiles
from docclient.office.scan_profiles import ProfilePart, ScanProfile
from docclient.office.wording import KINDS
from ui.tables.rows import Column
from ui.texts import Texts

ROUTING, REGISTER, DEADLINE, SERIES, FORM, PHRASE, SCAN = \
    "routing", "register", "deadline", "series", "form", "phrase", "scan"
REMOVES = {ROUTING: ("RemoveRoutingRule", "routing"), REGISTER: ("RemoveRegisterRule", "rule"),
           PHRASE: ("RemovePhrase", "phrase"), SERIES: ("EndNumberSeries", "series"),
           SCAN: ("RemoveScanProfile", "profile")}
"""By kind: the command that ends a rule, and its field for the rule's identity. A limit is taken away by setting 0."""


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """One line. name: what the question before its removal calls it."""

    kind: str
    id: str
    when: str
    then: str
    basis: str = ""
    ended: bool = False

    @property
    def name(self) -> str:
        return " → ".join(part for part in (self.when, self.then) if part)


def read_rules(office: Office, texts: Texts) -> tuple[OfficeRule, ...]:
    """Off the window's thread."""
    routing, registers = office.ask(RoutingRules()), office.ask(RegisterRules())
    codes = tuple({each.sender_code for each in (*routing, *registers) if each.sender_code})
    agencies = {each.code: each.name for each in office.ask(RecipientsNamed(codes))} if codes else {}

    def when(rule: Any) -> str:
        sender = texts("rules.sender", name=agencies.get(rule.sender_code, rule.sender_code)) \
            if rule.sender_code else ""
        words = texts("rules.words", words=rule.subject_words) if rule.subject_words else ""
        return "; ".join(part for part in (rule.type_name, sender, words) if part)

    rules = [OfficeRule(FORM, FORM, texts("rules.every_draft"),
                        texts(f"formsetting.{office.ask(FormCheckSetting())}"))]
    rules += [scan_rule(each, texts) for each in office.ask(ScanProfiles())]
    for route in routing:
        then = [texts("rules.goes_to", lead=route.lead_name, leader=route.leader_name)]
        then += [texts("rules.within", days=route.due_days)] if route.due_days else []
        rules.append(OfficeRule(ROUTING, route.id, when(route), "; ".join(then), route.basis))
    rules += [OfficeRule(REGISTER, each.id, when(each), texts("rules.into", title=each.title))
              for each in registers]
    rules += [OfficeRule(DEADLINE, each.type_name, each.type_name, texts("rules.within", days=each.days))
              for each in office.ask(TypeDeadlines())]
    for series in office.ask(NumberSeries()):
        years = texts("rules.years", first=series.from_year, last=series.to_year) if series.to_year else \
            texts("rules.since", first=series.from_year)
        next_number = "" if series.to_year else texts("rules.next_number", number=series.next_number)
        rules.append(OfficeRule(SERIES, series.id, ", ".join(series.types) or series.council,
                                "; ".join(part for part in (series.name, years, next_number) if part),
                                ended=series.to_year is not None))
    rules += [OfficeRule(PHRASE, each.id, texts(f"phrasekind.{each.kind}"), each.words)
              for each in office.ask(MyPhrases()) if each.everybody]
    return tuple(rules)


def scan_rule(each: ScanProfile, texts: Texts) -> OfficeRule:
    how = texts("rules.scan_how", feed=texts(f"paperfeed.{each.feed}"), colour=texts(f"scancolour.{each.colour}"),
                resolution=each.resolution)
    locked = ", ".join(texts(f"profilepart.{part}") for part in ProfilePart if part in each.locked)
    return OfficeRule(SCAN, each.profile, "; ".join(part for part in (each.profile, each.source) if part),
                      "; ".join((how, texts("rules.scan_locked", parts=locked)) if locked else (how,)))


def rule_columns(texts: Texts) -> tuple[Column, ...]:
    return (Column(texts("rules.kind"), lambda row: texts(f"rules.kind_{row.kind}"), 22, strong=lambda _row: True),
            Column(texts("rules.when"), lambda row: row.when, 26),
            Column(texts("rules.then"), lambda row: row.then),
            Column(texts("field.basis"), lambda row: row.basis, 22, may_go=1))


def phrase_kinds() -> Mapping[str, Any]:
    """What a phrase is for, as something to pick."""
    return {"kind": OneOf(tuple((kind, f"phrasekind.{kind}") for kind in KINDS), KINDS[0])}
