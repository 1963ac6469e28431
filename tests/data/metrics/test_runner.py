"""A session sees the store and nothing else of the machine."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from data.metrics.runner import DuckDBRunner


def test_a_session_reads_and_writes_below_its_root_only(tmp_path: Path) -> None:
    inside, outside = tmp_path / "store" / "kept.parquet", tmp_path / "secret.csv"
    inside.parent.mkdir()
    outside.write_text("a\n1\n")
    with DuckDBRunner(inside.parent).session() as session:
        session.register({"given": pa.table({"n": [2, 1]})})
        session.keep("doubled", "SELECT n * 2 AS n FROM given")
        session.write("SELECT n FROM doubled ORDER BY n", inside)
        kept = session.table(f"SELECT n FROM read_parquet('{inside}')")
        assert kept["n"].to_pylist() == [2, 4]
        with pytest.raises(duckdb.PermissionException):
            session.table(f"SELECT * FROM read_csv('{outside}')")
        with pytest.raises(duckdb.PermissionException):
            session.write("SELECT 1 AS n", tmp_path / "elsewhere.parquet")
        with pytest.raises(duckdb.InvalidInputException):
            session.table("SET enable_external_access = true")


def test_what_exceeds_the_memory_limit_spills_where_it_may(tmp_path: Path) -> None:
    root = tmp_path / "store"
    root.mkdir()
    runner = DuckDBRunner(root, memory_limit="60MB", threads=1, temp=tmp_path / "spill")
    with runner.session() as session:
        session.keep(
            "wide", "SELECT n, hash(n) AS h, md5(n::VARCHAR) AS m FROM range(1500000) t(n)"
        )
        counted = session.table("SELECT COUNT(*) AS n FROM wide")
    assert counted["n"].to_pylist() == [1_500_000]
