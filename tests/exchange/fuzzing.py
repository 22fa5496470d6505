"""A long fuzz of the reader over several processes. An input that does not end well is kept, and named by its seed.

    python -m tests.exchange.fuzzing [--count 200000] [--seed 1] [--processes 2] [--keep DIR]

Each input must end in a packet (or letter) or a Trouble, within two seconds of processor time and 200 MB of memory;
a whole packet that was read is written again and must read back with every field. An input that ends in a new way
(problems, troubles, kinds of file) joins the pool that further ones are made from.
"""

from __future__ import annotations

import argparse
import faulthandler
import multiprocessing
import random
import signal
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from docclient.errors import Trouble
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.edxml_write import write_packet
from docclient.exchange.mail_letter import read_letter
from docclient.exchange.packet import DocumentPacket, Packet
from docclient.exchange.packet_json import packet_as_json
from docclient.exchange.problems import ProblemCode
from tests.exchange.fuzz_inputs import changed, letter_around, seeds

SLOWEST_S = 2.0
MOST_MEMORY = 200 << 20
PART = 5_000          # inputs that share a pool; the pool follows from the part's seed alone
HANGING_S = 120
LARGEST_GROWN, LARGEST_INPUT = 200_000, 4_000_000     # bytes
WRITTEN = 3           # every so manieth is written again
NOT_WHOLE = {ProblemCode.UNKNOWN_DROPPED, ProblemCode.VALUE_CUT, ProblemCode.OLDER_FORMAT}
"""Where the reader says that it left something out."""


@dataclass
class Found:
    """slowest: seconds of processor time, and the input's name. memory: bytes that reading one took at its height."""

    inputs: int = 0
    slowest: tuple[float, str] = (0.0, "")
    memory: tuple[int, str] = (0, "")
    ends: Counter[str] = field(default_factory=Counter)
    pool: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.inputs += other.inputs
        self.slowest, self.memory = max(self.slowest, other.slowest), max(self.memory, other.memory)
        self.ends += other.ends
        self.pool += other.pool
        self.faults += other.faults


def ended(data: bytes, letter: bool, *, write: bool = True) -> frozenset[str]:
    """How an input ends, in words. Raises whatever the reader raises besides its troubles; AssertionError where what
    was read and written again lost something."""
    if letter:
        try:
            found = read_letter(data)
        except Trouble as trouble:
            return frozenset({trouble.code})
        ends: frozenset[str] = frozenset({"letter", *(each.media_type for each in found.files)})
        for each in found.packets:
            ends |= ended(each.content, letter=False, write=write)
        return ends
    try:
        packet = read_packet(data, file="fuzz")
    except Trouble as trouble:
        return frozenset({trouble.code})
    packet_as_json(packet)
    files = packet.attachments if isinstance(packet, DocumentPacket) else ()
    told = {each.code for each in packet.problems}
    whole = not (packet.damaged or packet.refused or told & NOT_WHOLE)
    again = written_again(packet) if whole and write else ""
    return frozenset({type(packet).__name__, packet.format.value, again, *(each.code.value for each in packet.problems),
                      *(each.actual_type for each in files),
                      *(each.code.value for file in files for each in file.problems)})


def written_again(packet: Packet) -> str:
    """Write it and compare field for field; the trouble's code where it cannot be written."""
    try:
        written = write_packet(packet)
    except Trouble as trouble:
        return f"not written: {trouble.code}"
    again = read_packet(written, file="again")
    assert (again.header, again.trace, again.errors) == (packet.header, packet.trace, packet.errors)
    assert sorted(map(repr, again.extras)) == sorted(map(repr, packet.extras))
    if isinstance(packet, DocumentPacket):
        assert isinstance(again, DocumentPacket)
        kept = [(each.name, each.content, each.content_id, each.description, each.others)
                for each in packet.attachments if each.content is not None]
        assert [(each.name, each.content, each.content_id, each.description, each.others)
                for each in again.attachments if each.content is not None] == kept
    return "written"


def fuzz_part(number: int, count: int, keep: Path | None, seed: int) -> Found:
    """One part: `count` inputs that follow from the seed and the part's number."""
    dice, found = random.Random(f"{seed} {number}"), Found()
    pool, grown = list(seeds()), [each for each in seeds() if len(each) < 20_000]
    small = tuple(grown)
    known: set[frozenset[str]] = set()
    for place in range(count):
        name = f"{seed}-{number}-{place}"
        # half from the samples themselves: what grew is mostly broken already
        data = changed(dice.choice(pool if place % 50 == 0 else small if place % 2 else grown), dice.choice(pool), dice)
        data = data if len(data) <= LARGEST_INPUT else dice.choice(small)
        letter = place % 10 == 7
        data = letter_around(data, dice) if letter else data
        end_hanging(HANGING_S)
        start, began = reset_high_water(), time.process_time()
        try:
            how = ended(data, letter, write=place % WRITTEN == 0)
        except Exception:
            how = frozenset({"fault"})
            found.faults.append((name, traceback.format_exc()))
        took, rose = time.process_time() - began, high_water()
        end_hanging(0)
        found.slowest = max(found.slowest, (took, name))
        if rose - start > MOST_MEMORY:
            found.faults.append((name, f"{(rose - start) >> 20} MiB"))
        if rose - start > found.memory[0]:
            found.memory = (rose - start, name)
        if took > SLOWEST_S:
            found.faults.append((name, f"{took:.2f} s"))
        if found.faults and found.faults[-1][0] == name and keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name}{'.eml' if letter else '.edxml'}").write_bytes(data)
        found.ends.update(how)
        if how not in known and not letter and len(known) < 2_000 and len(data) < LARGEST_GROWN:
            known.add(how)
            (grown if len(data) < 20_000 else pool).append(data)
        found.inputs += 1
    found.pool = len(known)
    return found


def end_hanging(seconds: int) -> None:
    """End the process, telling where it is, after so much processor time (a busy machine is no fault); 0: let it be."""
    if sys.platform != "win32":
        faulthandler.register(signal.SIGVTALRM, chain=True)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)


def reset_high_water() -> int:
    """Begin to measure anew (Linux, proc(5): clear_refs). Bytes in use now; 0 where the system does not tell."""
    clear = Path("/proc/self/clear_refs")
    if not clear.exists():
        return 0
    clear.write_text("5")
    return high_water()


def high_water() -> int:
    """The most memory in use since then, in bytes."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)


def fuzz(count: int, seed: int, processes: int, keep: Path | None = None) -> Found:
    """Part by part; each process of its own, so that what one part needs is not hidden behind another's."""
    whole, rest = divmod(count, PART)
    sizes = [PART] * whole + ([rest] if rest else [])
    found = Found()
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1) as many:
        for each in many.map(partial(fuzz_part, keep=keep, seed=seed), range(len(sizes)), sizes):
            found.add(each)
            sys.stderr.write(f"{found.inputs} inputs, {len(found.faults)} faults\n")
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=200_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = options.parse_args()
    found = fuzz(given.count, given.seed, given.processes, given.keep)
    for name, why in found.faults:
        sys.stdout.write(f"--- {name}\n{why}\n")
    sys.stdout.write(
        f"{found.inputs} inputs, {len(found.faults)} faults, {found.pool} different ends\n"
        f"slowest {found.slowest[0]:.3f} s ({found.slowest[1]}), "
        f"memory {found.memory[0] / (1 << 20):.1f} MiB ({found.memory[1]})\n"
        + "".join(f"{count:8} {end}\n" for end, count in found.ends.most_common()))
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
