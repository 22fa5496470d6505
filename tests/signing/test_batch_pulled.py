"""The token comes out of its socket at every position of a batch in turn: in the end every file is valid, and the token
has been asked for exactly one signature per document.

`make test-long` does it with 200 documents; the ordinary run with fewer, at every position all the same.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfWriter

from signing.batch import FolderStore, Item, State, pipeline, resume, sign_batch
from signing.errors import Trouble
from signing.keys import Key
from signing.report import Conclusion
from signing.sign import Role, SigningRequest
from signing.tokens.pkcs11 import TokenKey
from signing.tokens.troubles import TokenRemoved
from signing.verify import verify_file
from tests.fakes.token_shim import compile_shim
from tests.signing.batch_token import PIN, LeadersToken, make_token
from tests.signing.conftest import Stages

COUNT = int(os.environ.get("DOCCLIENT_LONG_BATCH", "20"))
EACH_FOR_ITSELF = min(COUNT, int(os.environ.get("DOCCLIENT_LONG_BATCH_EACH", "8")))
pytestmark = pytest.mark.timeout(3_600 if COUNT > 50 else 180)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeadersToken]:
    folder = tmp_path_factory.mktemp("token")
    made = make_token(folder, compile_shim(folder))
    yield made
    made.shim.host.stop()


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One page, nothing on it: what is tried here is the token."""
    path = tmp_path_factory.mktemp("blank") / "blank.pdf"
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(path)
    return path


class Drawer:
    """Who plugs the token in again: so many signatures later it comes out once more, or never."""

    def __init__(self, token: LeadersToken, key: TokenKey, *, good_for: int | None) -> None:
        self.token, self.key, self.good_for, self.asked = token, key, good_for, 0

    def revive(self, trouble: Trouble) -> Key:
        assert isinstance(trouble, TokenRemoved)
        self.asked += 1
        made = self.token.shim.counts.signatures
        self.token.shim.plug(unplug_after=made + self.good_for if self.good_for is not None else None)
        self.key.reopen(bytearray(PIN))
        return self.key


def test_waiting_for_it_at_every_position(token: LeadersToken, tmp_path: Path, stages: Stages) -> None:
    """One run: after each single signature the token is out, and the batch waits until it is in again."""
    items = token.batch(tmp_path, stages.prepared, COUNT)
    token.shim.plug()
    before, key = token.shim.counts, token.key()
    drawer = Drawer(token, key, good_for=1)
    token.shim.unplug_after(before.signatures)
    finished = resume(tmp_path / "batch", key, revive=drawer.revive)
    key.close()

    assert [item.state for item in finished] == [State.VERIFIED] * COUNT
    assert drawer.asked == COUNT
    assert token.shim.counts.signatures == before.signatures + COUNT
    assert token.shim.counts.logins == before.logins + COUNT + 1     # one PIN each time, never more
    token.check(items)


def test_going_on_later_at_every_position(token: LeadersToken, tmp_path: Path, stages: Stages,
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits: each run ends with the rest unfinished, and the next goes on for one signature more."""
    monkeypatch.setattr(pipeline, "AHEAD", 2)    # what is prepared in vain takes the time of this test
    items = token.batch(tmp_path, stages.prepared, COUNT)
    token.shim.plug()
    before, key = token.shim.counts.signatures, token.key()
    token.shim.unplug_after(before)
    for position in range(COUNT):
        finished = resume(tmp_path / "batch", key, children=0)
        states = [item.state for item in finished]
        assert states == [State.VERIFIED] * position + [State.PAUSED] * (COUNT - position)
        assert {type(item.trouble) for item in finished[position:]} == {TokenRemoved}
        assert token.shim.counts.signatures == before + position
        token.shim.plug(unplug_after=before + position + 1)
        key.reopen(bytearray(PIN))
    finished = resume(tmp_path / "batch", key, children=0)
    key.close()

    assert [item.state for item in finished] == [State.VERIFIED] * COUNT
    assert token.shim.counts.signatures == before + COUNT
    token.check(items)


def test_a_batch_of_its_own_for_every_position(token: LeadersToken, tmp_path: Path, blank: Path) -> None:
    """For each position a whole batch, and the token out once, exactly there.

    Everything that may be in hand at that moment is really worked on. What lies well before and behind is taken from
    one run that was not disturbed: it is the same work, and doing it each time would take the better part of an hour.
    """
    count, request = EACH_FOR_ITSELF, SigningRequest(role=Role.PLAIN, trust=token.request.trust)
    token.shim.plug()
    key = token.key()
    sources = []
    for number in range(count):
        source = tmp_path / "in" / f"{number}.pdf"
        source.parent.mkdir(exist_ok=True)
        shutil.copyfile(blank, source)
        sources.append(source)
    undisturbed = sign_batch([Item(source, tmp_path / "once" / source.name) for source in sources], key, request)
    assert {item.state for item in undisturbed} == {State.VERIFIED}
    for position in range(count):
        out = tmp_path / f"out{position}"
        out.mkdir()
        items = [Item(source, out / source.name) for source in sources]
        first = max(position - 1, 0)      # the one before the position is made here: the token works when it is pulled
        made_here = range(first, min(position + pipeline.AHEAD + 2, count))
        with FolderStore.create(tmp_path / f"batch{position}", items, request) as store:
            for index in set(range(count)).difference(made_here):
                os.link(tmp_path / "once" / sources[index].name, items[index].target)
                store.put(index, Item(sources[index], items[index].target, state=State.VERIFIED))
        before = token.shim.counts.signatures
        token.shim.unplug_after(before + position - first)
        drawer = Drawer(token, key, good_for=None)
        finished = resume(tmp_path / f"batch{position}", key, revive=drawer.revive, children=0)

        assert [item.state for item in finished] == [State.VERIFIED] * count, position
        assert drawer.asked == 1, position
        assert token.shim.counts.signatures == before + len(made_here), position
        assert sorted(out.iterdir()) == sorted(item.target for item in items)
        for item in finished[made_here.start:made_here.stop]:
            assert item.signed is not None and item.signed.report.conclusion is Conclusion.VALID
            assert len(item.signed.report.signatures) == 1
        assert verify_file(items[position].target, request.trust).conclusion is Conclusion.VALID
        shutil.rmtree(out)
    key.close()
