"""Random people give random commands, from their offers and from outside them; after each the office must hold."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from docclient.office.checking import check_office
from docclient.office.registry import registry
from docclient.office.things import about_a_thing
from tests.machine.deeds import DEEDS, NOT_DRAWN
from tests.machine.giving import Bench
from tests.machine.players import Players
from tests.offices import Material, OfficeToTest, Snapshots

SEEDS = st.integers(0, 2**20)


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
    earlier: dict[int, Counter[str]] = {}

    class RandomPeople(RuleBasedStateMachine):
        @initialize(seed=SEEDS)
        def opens(self, seed: int) -> None:
            # kept by the seed: when the same office is played again to be told of, it begins from the same knowledge
            known = earlier.setdefault(seed, sum((each.given for each in tally), Counter[str]()))
            self.players = Players(make(), bench, known)
            tally.append(self.players)
            self.players.arrives(Random(seed))
            self.players.drafts(Random(seed))

        @rule(seed=SEEDS)
        def plays(self, seed: int) -> None:
            self.players.plays(seed)

        @rule(seed=SEEDS)
        def plays_on(self, seed: int) -> None:
            self.players.plays(seed)
            self.players.plays(seed)

        @invariant()
        def holds(self) -> None:
            if hasattr(self, "players"):
                self.players.hold()

        def teardown(self) -> None:
            if hasattr(self, "players"):
                self.players.look(Random(0), documents=6)
                found = check_office(self.players.office.engine).findings
                assert found == (), found

    return RandomPeople


def play(make: Callable[[], OfficeToTest], bench: Bench, *, examples: int, steps: int, fixed: bool) -> list[Players]:
    tally: list[Players] = []
    run_state_machine_as_test(machine(make, bench, tally), settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=fixed, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate, Phase.shrink)))
    return tally


def drawn() -> set[str]:
    """Every command that random people may come to give."""
    offered = {each.name for each in registry().rules.values()
               if each.offered and (each.about_a_document or about_a_thing(each.name))}
    return offered | DEEDS.keys()


def told(tally: list[Players]) -> str:
    """How often each command succeeded, what was refused on purpose, what was left, what nobody ever gave."""
    given, refused, left = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    for each in tally:
        given, refused, left = given + each.given, refused + each.refused, left + each.left
    lines = [f"{sum(given.values())} commands took effect in {len(tally)} offices"]
    lines += [f"  {name} {given[name]}" for name in sorted(drawn(), key=lambda name: (-given[name], name))]
    lines.append(f"refused for a wrong value: {sum(refused.values())}, of {len(refused)} fields of "
                 f"{len({name for name, _ in refused})} commands")
    lines.append("left: " + ", ".join(f"{name} {count}" for name, count in left.most_common()))
    lines.append("never given: " + ", ".join(sorted(drawn() - given.keys())))
    return "\n".join(lines)


def test_every_command_is_drawn_or_named() -> None:
    """A new command is played by itself when it is offered on a document, a case file or a task; any other needs a deed
    (tests/machine/deeds), or its reason why not."""
    every = set(registry().rules)
    assert every - drawn() - NOT_DRAWN.keys() == set(), "neither a deed nor a reason"
    assert NOT_DRAWN.keys() <= every - drawn()
    assert DEEDS.keys() <= every


@pytest.mark.timeout(900)
def test_a_short_while_of_random_people(offices: Callable[[], OfficeToTest], bench: Bench) -> None:
    tally = play(offices, bench, examples=3, steps=25, fixed=True)
    assert sum(sum(each.given.values()) for each in tally) > 20


@pytest.mark.slow
@pytest.mark.timeout(7_200)
def test_thousands_of_steps_of_random_people(offices: Callable[[], OfficeToTest], bench: Bench) -> None:
    """About 2,000 moves; each office's history is long enough for everything to meet everything. `-rP` shows at the end
    how often each command succeeded."""
    tally = play(offices, bench, examples=9, steps=150, fixed=False)
    sys.stdout.write(told(tally))
    assert len({name for each in tally for name in each.given}) > 120
    assert sum(sum(each.refused.values()) for each in tally) > 100
