"""What became of a document between agencies, as its page shows it: transport and business apart, who asked what."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.fate import AskedChangeView, FateView, RecipientView, SendingView
from docclient.words import ErrorWords, catalogue
from ui.state.handling import Line, Section
from ui.state.outgoing import StateBannerShown
from ui.texts import Texts

TONES = {"02": "bad", "06": "good", "13": "doubt", "15": "good", "16": "bad"}
STUCK = {"failed": "doubt", "set_aside": "bad"}
FOLLOWED = ("updated_by", "replaced_by", "updates", "replaces")


def recipients_section(fate: FateView, texts: Texts) -> Section:
    """Per recipient: its newest status, how far the transport got, then the time line."""
    return Section(texts("fate.recipients"),
                   tuple(line for each in fate.recipients for line in recipient_lines(each, texts)))


def answers_section(fate: FateView, texts: Texts) -> Section:
    """The statuses that this office owes the sender of an incoming document."""
    return Section(texts("fate.answers"), tuple(sending_line(each, 0, texts) for each in fate.answers))


def recipient_lines(each: RecipientView, texts: Texts) -> Iterable[Line]:
    delivery = each.delivery
    status = status_words(delivery.status_code, texts) if delivery.status_code else ""
    silent = texts("fate.silent", days=each.silent_days) if each.silent_days is not None else ""
    tone = TONES.get(delivery.status_code or "") or ("doubt" if silent else None)
    yield Line(0, " · ".join(part for part in (delivery.agency_name, status, silent) if part), tone=tone)
    if not each.sendings:
        yield Line(1, texts(f"transport.{delivery.transport_state}"))
    for sending in each.sendings:
        yield sending_line(sending, 1, texts)
    for said in delivery.statuses:
        yield Line(1, status_words(said.code, texts), texts.moment(said.at), said.description, TONES.get(said.code))
    for urging in each.urgings:
        yield Line(1, texts("fate.urged", name=urging.by_name), texts.moment(urging.at), urging.words)


def status_words(code: str, texts: Texts) -> str:
    return texts.or_else(f"delivery.{code}", code)


def sending_line(each: SendingView, depth: int, texts: Texts) -> Line:
    what = status_words(each.status_code, texts) if each.kind == "status" else texts(f"fate.{each.kind}")
    parts = [texts.moment(each.at)]
    if each.state in STUCK:
        parts.append(texts("fate.tries", tries=each.tries))
    if each.next_try is not None:
        parts.append(texts("fate.next", when=texts.moment(each.next_try)))
    why = reason_of(each.error, texts) if each.error and each.state in STUCK else ""
    return Line(depth, texts("fate.sending", what=what, state=texts(f"transport.{each.state}")), " · ".join(parts), why,
                STUCK.get(each.state))


def reason_of(code: str, texts: Texts) -> str:
    """What the error says in general: its facts were not kept. A clerk's own words stay as they are."""
    words = catalogue(texts.language).get(code)
    return re.sub(r"\{\w+\}", "…", words.heading) if isinstance(words, ErrorWords) else code


def asked_banner(view: DocumentView, fate: FateView, texts: Texts) -> StateBannerShown | None:
    """What the sender of this incoming document asks, the newest first; leads to what came in its place."""
    links = tuple((texts("outgoing.link", what=texts(f"link.{link.kind}"),
                         number=link.number_and_symbol or texts("facts.no_number")), link.document)
                  for link in view.links if link.kind in FOLLOWED)
    if not fate.asked and not links:
        return None
    open_ones = any(each.agreed is None for each in fate.asked)
    words = "\n".join(asked_words(each, texts) for each in reversed(fate.asked)) or texts("outgoing.belongs")
    return StateBannerShown("bad" if open_ones else "doubt" if fate.asked else "news", words, links)


def asked_words(each: AskedChangeView, texts: Texts) -> str:
    what = texts(f"changekind.{each.kind.value}")
    reason = f" – {each.reason}" if each.reason else ""
    if each.agreed is None:
        head = texts("fate.asks", sender=each.asker_name, what=what)
        return f"{head}{reason} ({texts('fate.asked_when', when=texts.moment(each.at))})"
    head = texts("fate.agreed" if each.agreed else "fate.refused", what=what)
    said = f" – {each.answer}" if each.answer else reason
    when = texts.moment(each.answered_at) if each.answered_at else ""
    by = texts("fate.answered_when", name=each.answered_by, when=when) if each.answered_by else when
    return f"{head}{said} ({by})"

