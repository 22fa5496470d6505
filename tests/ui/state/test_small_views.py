"""The small view models: verdicts, PIN questions, offers, outlines, layout, notices, folding."""

from __future__ import annotations

import pytest

from docclient.errors import ProgramMissing
from docclient.office.door import Act, Offer
from docclient.office.model import DocumentId
from docclient.words import Language
from signing.tokens.listing import PinState
from ui.state.folding import fold, holds
from ui.state.notices import Notice
from ui.state.offers import buttons_of
from ui.state.outlines import Outline
from ui.state.page_layout import GAP, LARGEST, SMALLEST, Fit, lay_out, next_step
from ui.state.pins import PinQuestion
from ui.state.verdicts import Conclusion, VerdictShown
from ui.texts import Texts

pytestmark = pytest.mark.window


def test_an_unknown_verdict_is_a_doubt_and_never_valid() -> None:
    shown = VerdictShown.of("probably fine", "", Texts())
    assert (shown.conclusion, shown.tone) == (Conclusion.UNDETERMINED, "doubt")


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_each_verdict_has_a_word_and_a_sentence(conclusion: Conclusion, each_language: Texts) -> None:
    shown = VerdictShown.of(conclusion, "", each_language)
    assert shown.word and shown.sentence and shown.word != shown.sentence


def test_only_a_valid_verdict_is_green() -> None:
    tones = {c: VerdictShown.of(c, "", Texts()).tone for c in Conclusion}
    assert [c for c, tone in tones.items() if tone == "good"] == [Conclusion.VALID]


@pytest.mark.parametrize(("state", "length", "consent", "may"), [
    ("ok", 0, False, False), ("ok", 1, False, True), ("tries_low", 6, False, True), ("unknown", 6, False, True),
    ("last_try", 6, False, False), ("last_try", 6, True, True), ("last_try", 0, True, False),
    ("locked", 6, True, False), ("not_set", 6, True, False), ("never heard of", 6, False, True),
])
def test_when_a_pin_may_be_sent(state: str, length: int, consent: bool, may: bool) -> None:
    assert PinQuestion.of(state).may_sign(length, consent) is may


@pytest.mark.parametrize("state", list(PinState))
def test_each_pin_state_has_words(state: PinState, each_language: Texts) -> None:
    assert each_language.known(PinQuestion.of(state).words)


def offer(command: str, order: int, *, negative: bool = False) -> Offer:
    return Offer(command, DocumentId("d"), 1, Act.FORM, (), order, negative)


def test_the_first_offer_stands_out_and_refusals_come_last() -> None:
    buttons = buttons_of([offer("ReturnIncoming", 1, negative=True), offer("KeepForReference", 60),
                          offer("DirectIncoming", 10)], Texts())
    assert [(b.offer.command, b.rank, b.keys) for b in buttons] == [
        ("DirectIncoming", "first", "Ctrl+Return"), ("KeepForReference", "plain", "Alt+2"),
        ("ReturnIncoming", "against", "Alt+3")]


def test_a_refusal_never_takes_the_first_buttons_shortcut() -> None:
    (only,) = buttons_of([offer("ReturnIncoming", 1, negative=True)], Texts())
    assert (only.rank, only.keys) == ("against", "Alt+1")


def test_shortcuts_never_meet() -> None:
    keys = [b.keys for b in buttons_of([offer(f"C{n}", n, negative=n > 5) for n in range(12)], Texts()) if b.keys]
    assert len(keys) == len(set(keys)) == 9


def test_boxes_in_millimetres_and_in_points_meet_on_the_page() -> None:
    in_mm = Outline.from_mm(1, (25.4, 25.4, 50.8, 38.1), "good")
    in_points = Outline.from_points(1, (72, 842 - 108, 144, 842 - 72), 842, "good")
    assert (in_mm.left, in_mm.top, in_mm.width, in_mm.height) == pytest.approx((72, 72, 72, 36))
    assert (in_points.left, in_points.top, in_points.width, in_points.height) == pytest.approx((72, 72, 72, 36))


A4 = (595.0, 842.0)


def test_fit_width_fills_the_view_with_the_widest_page() -> None:
    layout = lay_out([A4, (842, 595)], Fit.WIDTH, 1.0, (842 + 2 * GAP, 500), 72)
    assert layout.zoom == pytest.approx(1.0)
    assert layout.places[1].width == 842
    assert layout.places[0].left == GAP + (842 - 595) // 2
    assert layout.places[1].top == GAP + 842 + GAP


def test_fit_page_shows_the_current_page_whole() -> None:
    layout = lay_out([A4, (842, 595)], Fit.PAGE, 1.0, (900, 421 + 2 * GAP), 72, current=0)
    assert layout.zoom == pytest.approx(0.5)


def test_zoom_stays_within_its_bounds() -> None:
    assert lay_out([A4], Fit.FREE, 100, (500, 500), 96).zoom == LARGEST
    assert lay_out([A4], Fit.WIDTH, 1, (40, 40), 96).zoom == SMALLEST
    assert lay_out([], Fit.WIDTH, 1, (40, 40), 96).places == ()


def test_the_page_of_the_view_is_the_one_that_fills_most_of_it() -> None:
    layout = lay_out([A4, A4, A4], Fit.FREE, 1.0, (700, 800), 72)
    assert layout.page_at(0, 800) == 0
    assert layout.page_at(500, 1300) == 1
    assert list(layout.pages_between(500, 1300)) == [0, 1]
    assert layout.page_at(10_000, 10_800) == 0


def test_zoom_steps_go_up_and_come_back() -> None:
    assert next_step(1.0, up=True) == 1.1
    assert next_step(1.1, up=False) == 1.0
    assert (next_step(LARGEST, up=True), next_step(SMALLEST, up=False)) == (LARGEST, SMALLEST)


def test_a_trouble_tells_what_why_and_what_next() -> None:
    notice = Notice.of_trouble(ProgramMissing(program="tesseract", purpose="x", package="tesseract-ocr"), Texts())
    assert notice.tone == "bad"
    assert notice.heading and notice.explanation and "tesseract-ocr" in notice.advice
    assert "program.missing" in notice.details


def test_a_bug_of_ours_is_told_calmly_and_its_own_words_stay_out() -> None:
    subject = "subject of a letter nobody else should read"
    try:
        raise KeyError(subject)
    except KeyError as error:
        notice = Notice.of_trouble(error, Texts(Language.ENGLISH))
    assert "not yours" in notice.explanation
    assert "KeyError" in notice.details and "test_small_views" in notice.details
    assert "nobody else" not in notice.details + notice.spoken


@pytest.mark.parametrize(("text", "typed", "found"), [
    ("Ủy ban nhân dân xã Đống Đa", "dong da", True), ("Ủy ban nhân dân xã Đống Đa", "đống ủy", True),
    ("quy dinh", "định", False), ("Quy định", "quy dinh", True), ("Quy định", "quyết", False), ("Sở Y tế", "", True),
])
def test_search_with_and_without_marks(text: str, typed: str, found: bool) -> None:
    assert holds(text, typed) is found


def test_folding_takes_stacked_marks_and_the_crossed_d() -> None:
    assert fold("ĐẶNG THỊ HUỆ ở Bến Nghé") == "dang thi hue o ben nghe"
