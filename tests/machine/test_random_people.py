"""Random people give random commands, from their offers and from outside them; after each the office must hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from docclient.office.checking import check_office
from docclient.office.registry import registry
from tests.machine.giving import Bench
from tests.machine.players import Players
from tests.offices import Material, OfficeToTest, Snapshots

SEEDS = st.integers(0, 2**20)
PEOPLE = st.integers(0, 7)
DOCUMENTS = st.integers(0, 11)


@pytest.fixture(scope="session")
def bench(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench.make(material, tmp_path_factory.mktemp("machine"))


@pytest.fixture(params=["sqlite", "postgresql"])
def offices(request: pytest.FixtureRequest, snapshots: Snapshots) -> Iterator[Callable[[], OfficeToTest]]:
    """A maker of sample offices over one engine; they go when the test has ended."""
    if request.param == "postgresql":
        snapshots.server = request.getfixturevalue("postgresql_server")
    made: list[OfficeToTest] = []

    def make() -> OfficeToTest:
        made.append(snapshots.make(request.param))
        return made[-1]

    yield make
    for each in made:
        snapshots.drop(each)


def machine(make: Callable[[], OfficeToTest], bench: Bench, tally: list[Players]) -> type[RuleBasedStateMachine]:
    class RandomPeople(RuleBasedStateMachine):
        @initialize(seed=SEEDS)
        def opens(self, seed: int) -> None:
            self.players = Players(make(), bench)
            tally.append(self.players)
            self.players.arrives(seed)
            self.players.drafts(seed)

        @rule(seed=SEEDS)
        def arrives(self, seed: int) -> None:
            self.players.arrives(seed)

        @rule(seed=SEEDS)
        def drafts(self, seed: int) -> None:
            self.players.drafts(seed)

        @rule(who=PEOPLE, which=DOCUMENTS, seed=SEEDS)
        def does(self, who: int, which: int, seed: int) -> None:
            self.players.does_what_is_offered(who, which, seed)

        @rule(which=DOCUMENTS, seed=SEEDS)
        def goes_on(self, which: int, seed: int) -> None:
            self.players.goes_on(which, seed)

        @rule(which=DOCUMENTS, seed=SEEDS)
        def goes_further(self, which: int, seed: int) -> None:
            for step in range(3):
                self.players.goes_on(which, seed + step)

        @rule(who=PEOPLE, which=DOCUMENTS, seed=SEEDS)
        def tries(self, who: int, which: int, seed: int) -> None:
            self.players.tries_what_is_not_offered(who, which, seed)

        @rule(who=PEOPLE, which=DOCUMENTS, seed=SEEDS)
        def comes_too_late(self, who: int, which: int, seed: int) -> None:
            self.players.comes_too_late(who, which, seed)

        @rule()
        def says_it_again(self) -> None:
            self.players.says_it_again()

        @rule()
        def looks_around(self) -> None:
            self.players.looks_around()

        @invariant()
        def holds(self) -> None:
            if hasattr(self, "players"):
                self.players.hold()

        def teardown(self) -> None:
            if hasattr(self, "players"):
                self.players.looks_around()
                found = check_office(self.players.office.engine).findings
                assert found == (), found

    return RandomPeople


def play(make: Callable[[], OfficeToTest], bench: Bench, *, examples: int, steps: int, fixed: bool) -> list[Players]:
    tally: list[Players] = []
    run_state_machine_as_test(machine(make, bench, tally), settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=fixed, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate, Phase.shrink)))
    return tally


def told(tally: list[Players]) -> str:
    """What was given, refused on purpose and left, and which commands about a document nobody ever gave."""
    given, refused, left = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    for each in tally:
        given, refused, left = given + each.given, refused + each.refused, left + each.left
    offered = {each.name for each in registry().rules.values() if each.about_a_document and each.offered}
    lines = [f"{sum(given.values())} commands took effect in {len(tally)} offices"]
    lines += [f"  {name} {count}" for name, count in given.most_common()]
    lines.append(f"refused for a wrong value: {sum(refused.values())} in {len(refused)} fields")
    lines.append("left: " + ", ".join(f"{name} {count}" for name, count in left.most_common()))
    lines.append("never given: " + ", ".join(sorted(offered - given.keys())))
    return "\n".join(lines)


@pytest.mark.timeout(900)
def test_a_short_while_of_random_people(offices: Callable[[], OfficeToTest], bench: Bench) -> None:
    tally = play(offices, bench, examples=3, steps=25, fixed=True)
    assert sum(sum(each.given.values()) for each in tally) > 20


@pytest.mark.slow
@pytest.mark.timeout(7_200)
def test_thousands_of_steps_of_random_people(offices: Callable[[], OfficeToTest], bench: Bench,
                                             record_property: Callable[[str, object], None]) -> None:
    """About 3,000 steps; each office's history is long enough for everything to meet everything."""
    tally = play(offices, bench, examples=12, steps=250, fixed=False)
    record_property("told", told(tally))
    assert len({name for each in tally for name in each.given}) > 30
    assert sum(sum(each.refused.values()) for each in tally) > 20
