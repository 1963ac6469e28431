"""The winners picked by SQL are those a plain Python model picks, in whatever order things came."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store import versions
from data.store.batches import BatchStore
from data.store.database import Database
from data.store.tables import Batch, ExtractEvent
from data.store.versions import (
    LOAD,
    WITHDRAWAL,
    LiveBatch,
    known_keys_sql,
    live_batches,
    touched_keys_sql,
    winners_sql,
)

KEY = ("register", "case_id")
START = datetime(2025, 1, 1)  # noqa: DTZ001  (batches hold the agency's wall clock)
Key = tuple[str, str]
Version = tuple[int | None, str]  # updated, as days after START, and content


@dataclass(frozen=True)
class Loaded:
    """What one batch holds."""

    rows: Mapping[Key, Version]
    buried: frozenset[Key]


KEYS = st.tuples(st.sampled_from(["births", "deaths"]), st.sampled_from(["1", "2", "o'3"]))
VERSIONS = st.tuples(st.none() | st.integers(0, 3), st.sampled_from(["a", "b"]))
BATCHES = st.builds(
    lambda rows, buried: Loaded(rows, buried - rows.keys()),
    st.dictionaries(KEYS, VERSIONS, max_size=5),
    st.frozensets(KEYS, max_size=3),
)


def expected(batches: Mapping[int, Loaded], *, by_time: bool = True) -> dict[Key, tuple[str, int]]:
    """Key to content and event number of the winner, one key after the other, without SQL."""
    winners = {}
    for key in {key for batch in batches.values() for key in batch.rows}:
        last_grave = max((n for n, batch in batches.items() if key in batch.buried), default=0)
        alive = []
        for number, batch in batches.items():
            if key in batch.rows and number >= last_grave:
                updated, content = batch.rows[key]
                age = -1 if updated is None else updated
                alive.append((age if by_time else 0, number, content))
        if alive:
            _age, number, content = max(alive)
            winners[key] = (content, number)
    return winners


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def write(
    engine: duckdb.DuckDBPyConnection, store: BatchStore, number: int, loaded: Loaded
) -> LiveBatch:
    batch = LiveBatch(f"{number:012}", "cases", number)
    folder = store.folder("cases", batch.id)
    for year in {year_of(key) for key in loaded.rows}:
        rows = [
            f"({text(key[0])}, {text(key[1])}, {moment(updated)}, {text(content)})"
            for key, (updated, content) in loaded.rows.items()
            if year_of(key) == year
        ]
        names = "register, case_id, updated_at, content"
        copy(engine, rows, names, folder / year / "part-0.parquet")
    graves = [f"({text(key[0])}, {text(key[1])})" for key in loaded.buried]
    if graves:
        copy(engine, graves, "register, case_id", store.tombstones_path("cases", batch.id))
    return batch


def year_of(key: Key) -> str:
    return "2024" if key[1] == "1" else "2025"


def copy(engine: duckdb.DuckDBPyConnection, rows: list[str], names: str, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    values = f"SELECT * FROM (VALUES {', '.join(rows)}) AS v({names})"
    engine.execute(f"COPY ({values}) TO '{to}' (FORMAT parquet)")


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def moment(updated: int | None) -> str:
    return (
        f"CAST({text(str(START + timedelta(days=updated)))} AS TIMESTAMP)"
        if updated is not None
        else "CAST(NULL AS TIMESTAMP)"
    )


def answers(
    engine: duckdb.DuckDBPyConnection,
    store: BatchStore,
    batches: Sequence[LiveBatch],
    updated: str | None,
) -> Iterator[dict[Key, tuple[str, int]]]:
    """The winners, with contested keys found in the one way and in the other."""
    for small_beside in (0, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(versions, "SMALL_BESIDE", small_beside)
            sql = winners_sql(store, batches, key=KEY, updated=updated, columns=[*KEY, "content"])
        rows = engine.execute(sql).fetchall()
        winners = {(register, case): (content, number) for register, case, content, number in rows}
        assert len(winners) == len(rows), "a key has two winners"
        yield winners


@settings(max_examples=80, deadline=None)
@given(loads=st.lists(BATCHES, max_size=5), data=st.data())
def test_winners_are_those_of_the_model(
    engine: duckdb.DuckDBPyConnection, loads: list[Loaded], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = BatchStore(Path(folder))
        written = [write(engine, store, number, one) for number, one in enumerate(loads, 1)]
        live = data.draw(st.sets(st.integers(1, len(loads))) if loads else st.just(set()))
        batches = [batch for batch in written if batch.number in live]
        known = {number: loads[number - 1] for number in sorted(live)}
        for winners in answers(engine, store, batches, "updated_at"):
            assert winners == expected(known)
        for winners in answers(engine, store, batches, None):
            assert winners == expected(known, by_time=False)


@settings(max_examples=30, deadline=None)
@given(loads=st.lists(BATCHES, max_size=4), keys=st.frozensets(KEYS))
def test_winners_of_some_keys_are_the_same_as_among_all(
    engine: duckdb.DuckDBPyConnection, loads: list[Loaded], keys: frozenset[Key]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = BatchStore(Path(folder))
        batches = [write(engine, store, number, one) for number, one in enumerate(loads, 1)]
        engine.execute("CREATE OR REPLACE TABLE few (register TEXT, case_id TEXT)")
        for key in keys:
            engine.execute("INSERT INTO few VALUES (?, ?)", list(key))
        sql = winners_sql(
            store,
            batches,
            key=KEY,
            updated="updated_at",
            columns=["content"],
            only_keys_relation="few",
        )
        wanted = [one for key, one in expected(dict(enumerate(loads, 1))).items() if key in keys]
        assert sorted(engine.execute(sql).fetchall()) == sorted(wanted)


def test_keys_touched_and_known(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store = BatchStore(tmp_path)
    first = write(
        engine,
        store,
        1,
        Loaded({("births", "1"): (0, "a"), ("births", "2"): (0, "a")}, frozenset()),
    )
    second = write(
        engine, store, 2, Loaded({("births", "1"): (1, "b")}, frozenset({("births", "2")}))
    )
    nothing = write(engine, store, 3, Loaded({}, frozenset()))

    def keys(sql: str) -> list[Key]:
        return sorted((row[0], row[1]) for row in engine.execute(sql).fetchall())

    assert keys(touched_keys_sql(store, second, key=KEY)) == [("births", "1"), ("births", "2")]
    assert keys(touched_keys_sql(store, nothing, key=KEY)) == []
    assert keys(known_keys_sql(store, [first, second], key=KEY)) == [
        ("births", "1"),
        ("births", "2"),
    ]
    only_b = known_keys_sql(store, [first, second], key=KEY, where="r.content = 'b'")
    assert keys(only_b) == [("births", "1")]


def test_the_sql_can_be_said_in_spark(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The relation of a batch and everything around it has a Spark form with the same names."""
    store = BatchStore(tmp_path)
    loaded = Loaded({("births", "1"): (0, "a")}, frozenset({("births", "2")}))
    batches = [write(engine, store, number, loaded) for number in (1, 2, 3)]
    sql = winners_sql(store, batches, key=KEY, updated="updated_at", columns=[*KEY, "content"])
    (spark,) = sqlglot.transpile(
        sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert "read_parquet" not in spark.lower()
    assert f"parquet.`{store.rows_glob('cases', batches[0].id)}`" in spark


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'cra.db'}")
    database.upgrade()
    yield database
    database.dispose()


def test_live_batches_follow_loads_and_withdrawals(database: Database) -> None:
    now = datetime.now(UTC)
    events = [
        (LOAD, "a", "cases"),
        (LOAD, "b", "cases"),
        (LOAD, "x", "other"),
        (WITHDRAWAL, "a", "cases"),
        (LOAD, "c", "cases"),
    ]
    with database.writing() as session:
        for batch_id, contract in {(one[1], one[2]) for one in events}:
            session.add(batch_row(batch_id, contract, now))
        session.flush()
        for number, (kind, batch_id, contract) in enumerate(events, 1):
            session.add(
                ExtractEvent(
                    number=number, kind=kind, contract=contract, batch_id=batch_id, at=now, by="x"
                )
            )

    def live(as_of: int | None = None) -> list[tuple[str, int]]:
        with database.reading() as session:
            return [(batch.id, batch.number) for batch in live_batches(session, "cases", as_of)]

    assert live(0) == []
    assert live(1) == [("a", 1)]
    assert live(3) == [("a", 1), ("b", 2)]
    assert live(4) == [("b", 2)]
    assert live() == live(5) == [("b", 2), ("c", 5)]


def batch_row(batch_id: str, contract: str, now: datetime) -> Batch:
    counts = (
        "read",
        "accepted",
        "added",
        "changed",
        "unchanged",
        "vanished",
        "duplicate",
        "excluded_test",
        "excluded_total",
        "quarantined",
    )
    texts = ("profile", "profile_hash", "file_name", "scope", "loaded_by")
    numbers = ("file_bytes", *(f"rows_{count}" for count in counts))
    return Batch.model_validate(
        {
            "id": batch_id,
            "contract": contract,
            "sha256": batch_id,
            "cut_at": now,
            "loaded_at": now,
            "quarantine_reasons": {},
            "notes": [],
            "control_totals": {},
            **dict.fromkeys(texts, ""),
            **dict.fromkeys(numbers, 0),
        }
    )
