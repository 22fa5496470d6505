"""Search as it is typed, on a large office: newest first and by relevance, beside the raw index of the database.

What the search is held against gives the same: the raw index's numbers, joined by one hand-written statement on the
same connection to the columns of the lines and to the texts in which the words are shown. Numbers alone say nothing to
anybody; what they take is told beside it. The raw index is asked for whole words, the search takes the last one as
unfinished too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docclient.office.queries.finding import FindDocuments, Sort
from docclient.office.registry import registry
from docclient.office.search import words_of
from docclient.store.work import Work
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.large import ENGINES, median, opened, percentile
from tests.benchmarks.office_reading import LINE, milliseconds

TYPED = ("bao cao", "phòng cháy", "chuyển đổi số trên địa", "kiem ke tai san cong", "so tai chinh", "đất đai quý ii",
         "thanh tra", "tiem chung")
NEWEST_MS, RANKED_MS = 50.0, 150.0
SQLITE = """SELECT rowid AS number FROM found_words WHERE found_words MATCH :words ORDER BY rowid DESC LIMIT 51"""
POSTGRESQL = "SELECT number FROM finding WHERE vector @@ %(words)s::tsquery ORDER BY number DESC LIMIT 51"
LINES = f"""SELECT f.number, f.head, f.issuer, f.rest, {LINE} FROM ({{numbers}}) found
    JOIN finding f ON f.number = found.number JOIN document d ON d.id = f.document ORDER BY f.number DESC"""


def run(setting: Setting) -> Sequence[Figure]:
    return [figure for engine in ENGINES for figure in of_engine(engine, setting)]


def of_engine(name: str, setting: Setting) -> Iterator[Figure]:
    rounds = 4 if setting.quick else 12
    newest: list[float] = []
    ranked: list[float] = []
    ours: list[float] = []
    lines: list[float] = []
    numbers: list[float] = []
    with opened(name, setting) as engine:
        door = engine.enter(engine.person("vanthu0"))
        _, find = registry().queries["FindDocuments"]
        found = {text: len(door.ask(FindDocuments(text)).rows) for text in TYPED}
        assert all(found.values()), found
        for _ in range(rounds):
            for text in TYPED:
                newest.append(milliseconds(lambda text=text: door.ask(FindDocuments(text))))
                ranked.append(milliseconds(lambda text=text: door.ask(FindDocuments(text, sort=Sort.RELEVANCE))))
                with engine.reading() as work:
                    ours.append(milliseconds(
                        lambda work=work, text=text: find(work, door.me, FindDocuments(text))))
                    lines.append(milliseconds(lambda work=work, text=text: by_hand(work, text, LINES)))
                    numbers.append(milliseconds(lambda work=work, text=text: by_hand(work, text)))
    yield Figure(f"{name}: search, newest first, p95", percentile(newest, 95), NEWEST_MS,
                 f"median {median(newest):.1f} ms, {len(TYPED)} searches", unit="ms")
    yield Figure(f"{name}: search, ranked, p95", percentile(ranked, 95), RANKED_MS,
                 f"median {median(ranked):.1f} ms", unit="ms")
    yield Figure(f"{name}: search beside the raw index and its lines", sum(ours) / sum(lines), 2.0,
                 f"{median(ours):.1f} ms to {median(lines):.1f} ms; numbers alone {median(numbers):.1f} ms, "
                 f"{sum(ours) / sum(numbers):.1f} ×")


def by_hand(work: Work, text: str, around: str = "{numbers}") -> object:
    words = words_of(text)
    if work.connection.dialect.name == "sqlite":
        return work.connection.exec_driver_sql(around.format(numbers=SQLITE), {
            "words": " AND ".join(f'"{word}"' for word in words)}).all()
    return work.connection.exec_driver_sql(around.format(numbers=POSTGRESQL), {
        "words": " & ".join(f"'{word}'" for word in words)}).all()
