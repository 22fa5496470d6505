"""The directory of 120,000 units: brought in, refreshed, and found while names and codes are being typed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from docclient.demonstration.sample_office import load_sample_office
from docclient.desk.directory import bring_directory
from docclient.exchange.directory import Unit
from docclient.office.door import Office
from docclient.office.queries.directory import FindRecipients
from docclient.store.place import place
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.large import median, percentile
from tests.postgresql import running_server

UNITS = 120_000
FOUND_MS = 30.0
TYPED = ("u", "ub", "ubnd", "ubnd xã", "ubnd xa tan h", "sở x", "so xay dung tinh", "Ủy ban nhân dân phường",
         "phong kinh te", "sxd", "h41", "h41.07", "000.01", "truong tieu hoc so 1", "tân hiệp", "công an xã",
         "van phong", "khong co dau")
SEED = 7
SYLLABLES = ("Tân", "Hiệp", "Đại", "Đồng", "Phú", "Lâm", "An", "Bình", "Thạnh", "Mỹ", "Hòa", "Long", "Sơn", "Hải",
             "Thanh", "Xuân", "Quang", "Trung", "Vĩnh", "Lộc", "Yên", "Minh", "Đông", "Tây", "Nam", "Bắc", "Thượng",
             "Hạ", "Khánh", "Ninh", "Giang", "Châu", "Thái", "Phước", "Kim", "Ngọc", "Liên", "Cẩm")
KINDS = ("Ủy ban nhân dân xã", "Ủy ban nhân dân phường", "Đảng ủy xã", "Công an xã", "Trạm Y tế xã",
         "Phòng Kinh tế xã",
         "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã", "Trường Tiểu học số {} xã",
         "Trường Trung học cơ sở {} xã",
         "Trung tâm Phục vụ hành chính công xã")
DEPARTMENTS = ("Sở Xây dựng", "Sở Tài chính", "Sở Nội vụ", "Sở Y tế", "Sở Khoa học và Công nghệ", "Thanh tra",
               "Văn phòng Ủy ban nhân dân")


def units(count: int) -> list[Unit]:
    """Provinces, their departments, communes and what is below these: as many as asked for, the same each time."""
    chance = random.Random(SEED)
    made: list[Unit] = []
    for province in range(1, 64):
        name = f"tỉnh {chance.choice(SYLLABLES)} {chance.choice(SYLLABLES)}"
        top = f"H{province:02}"
        made.append(Unit(top, f"Ủy ban nhân dân {name}", f"000.00.00.{top}"))
        made += [Unit(f"{top}.{number:02}", f"{each} {name}", f"000.00.{number:02}.{top}", top)
                 for number, each in enumerate(DEPARTMENTS, 1)]
        for commune in range(1, 10_000):
            if len(made) >= count * province // 63:
                break
            called = f"{chance.choice(SYLLABLES)} {chance.choice(SYLLABLES)}"
            code = f"{top}.{commune + 100}"
            made += [Unit(f"{code}.{number:02}", f"{kind.format(chance.randint(1, 9))} {called}",
                          f"000.{number:02}.{commune % 100:02}.{top}", top) for number, kind in enumerate(KINDS)]
    return made[:count]


def run(setting: Setting) -> Sequence[Figure]:
    listed = units(UNITS // 5 if setting.quick else UNITS)
    figures = list(of_office("sqlite", str(setting.folder / "office"), listed))
    with running_server() as server:
        server.run("CREATE DATABASE directory")
        figures += of_office("postgresql", server.url("directory", setting.folder / "blobs"), listed)
    return figures


def of_office(name: str, address: str, listed: list[Unit]) -> Iterator[Figure]:
    engine = load_sample_office(place(address)).engine
    try:
        yield from of_door(name, engine.enter(engine.person("vanthu")), listed)
    finally:
        engine.close()


def of_door(name: str, door: Office, listed: list[Unit]) -> Iterator[Figure]:
    begun = time.monotonic()
    brought = bring_directory(door, "axis", listed)
    first = time.monotonic() - begun
    assert brought.added == len(listed)
    begun = time.monotonic()
    again = bring_directory(door, "axis", listed)
    assert (again.added, again.changed, again.ended) == (0, 0, 0)
    yield Figure(f"{name}: {len(listed):,} units brought in", first, None,
                 f"the same list again {time.monotonic() - begun:.1f} s", unit="s")
    took: dict[str, list[float]] = {text: [] for text in TYPED}
    worked: list[float] = []
    for _ in range(10):
        for text in TYPED:
            at, processor = time.perf_counter(), time.process_time()
            found = door.ask(FindRecipients(text))
            took[text].append(1000 * (time.perf_counter() - at))
            worked.append(1000 * (time.process_time() - processor))
            assert found or text == "khong co dau", text
    every = [each for times in took.values() for each in times]
    slowest = max(took, key=lambda text: median(took[text]))
    yield Figure(f"{name}: found as typed, p95", percentile(every, 95), FOUND_MS,
                 f"median {median(every):.1f} ms, processor {median(worked):.1f} ms; slowest “{slowest}” "
                 f"{median(took[slowest]):.1f} ms", unit="ms")
