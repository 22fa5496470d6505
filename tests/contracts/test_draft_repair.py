"""A draft that cannot be used as it is: a copy that shows the same is offered, told, and never taken silently."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from docclient.desk.drafting import RepairOffer, begin_draft, propose_draft
from docclient.desk.signing_desk import Outcome, sign_queued
from docclient.desk.workplace import fetch_file
from docclient.office.commands.outgoing import ApproveContent, ApproveFormat, StartDraft, SubmitDraft
from docclient.office.queries.documents import SigningQueue
from docclient.words import Language, has_words
from signing.errors import Trouble
from signing.pdf import Damaged, Restricted
from signing.repair import CarriesSignatures, hindrance, is_hybrid
from tests.offices import OfficeToTest, document_of
from tests.signing import odd_files

Make = Callable[[Path, Path], Path]


@pytest.mark.parametrize(("make", "why", "done"), [
    (odd_files.broken_table, Damaged, "repaired_cross_references"),
    (odd_files.hybrid, None, "repaired_hybrid_references"),
    (odd_files.locked, Restricted, "repaired_restrictions")])
def test_a_copy_is_offered_and_nothing_is_taken_without_a_yes(sqlite_office: OfficeToTest, tmp_path: Path, make: Make,
                                                              why: type[Trouble] | None, done: str) -> None:
    odd = make(sqlite_office.material.draft, tmp_path / "dự thảo.pdf")
    before, offered = odd.read_bytes(), list[RepairOffer]()
    for folder in ("no", "yes", "unasked"):
        (tmp_path / folder).mkdir()

    with pytest.raises(CancelledError):
        propose_draft(odd, tmp_path / "no", seal_diameter_mm=36.0, repair=lambda offer: bool(offered.append(offer)))
    (offer,) = offered
    assert (offer.file, type(offer.why), offer.done) == ("dự thảo.pdf", why or type(None), (done,))
    assert all(has_words(f"draft_repair.{done}", language) for language in Language)

    draft = propose_draft(odd, tmp_path / "yes", seal_diameter_mm=36.0, repair=lambda offer: True)
    assert draft.repaired == (done,) and hindrance(draft.pdf) is None and not is_hybrid(draft.pdf)
    assert odd.read_bytes() == before
    if why is not None:
        with pytest.raises(why):        # nobody to ask: refused, as ever
            propose_draft(odd, tmp_path / "unasked", seal_diameter_mm=36.0)


def test_what_is_good_is_not_asked_about_and_a_signed_one_is_not_repaired(sqlite_office: OfficeToTest,
                                                                         tmp_path: Path) -> None:
    asked: list[RepairOffer] = []
    draft = propose_draft(sqlite_office.material.draft, tmp_path, seal_diameter_mm=36.0,
                          repair=lambda offer: bool(asked.append(offer)))
    assert asked == [] and draft.repaired == ()
    view = sqlite_office.signed("5")
    main = view.main_file()
    assert main is not None
    signed = fetch_file(sqlite_office.door("clerk"), main.current.digest, tmp_path / "signed.pdf")
    broken = odd_files.without_tail(signed, tmp_path / "broken.pdf")
    with pytest.raises(CarriesSignatures):
        propose_draft(broken, tmp_path, seal_diameter_mm=36.0, repair=lambda offer: True)


def test_the_copy_goes_the_whole_way_to_a_signature(sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    office = sqlite_office
    odd = odd_files.locked(office.material.draft, tmp_path / "khóa.pdf")
    officer = office.door("officer_economy")
    begun = begin_draft(officer, StartDraft("Công văn", "V/v thử", office.person("chairman"), ("H99.07",)), odd,
                        repair=lambda offer: True)
    document = document_of(begun)
    for slug, command in (("officer_economy", SubmitDraft), ("head_economy", ApproveContent),
                          ("chief_of_office", ApproveFormat)):
        office.door(slug).do(command(document, office.view(slug, document).document.version))
    chairman = office.door("chairman")
    (result,) = sign_queued(chairman, chairman.ask(SigningQueue()), office.material.key("chairman"))
    assert result.outcome is Outcome.RETURNED
