"""Where the engine's SQL runs. DuckDB today; another engine needs these four verbs and no more.

One session is one connection of its own with its own limits, used by one thread: nothing is shared
between calls, so pages, workers and the command line never wait for or disturb each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from data.errors import Invalid


class Session(Protocol):
    """A place to run a few statements that see each other's relations."""

    def register(self, tables: Mapping[str, pa.Table]) -> None:
        """Make tables known by name."""

    def keep(self, name: str, select: str) -> None:
        """Run a SELECT and keep its rows under a name until the session ends."""

    def table(self, select: str) -> pa.Table:
        """The rows of a SELECT."""

    def write(self, select: str, path: Path) -> None:
        """The rows of a SELECT, in their order, as one Parquet file."""


class Runner(Protocol):
    """Opens sessions."""

    def session(self) -> AbstractContextManager[Session]: ...


@dataclass(frozen=True, slots=True)
class DuckDBRunner:
    """Sessions in DuckDB that may read and write below `root`, and nothing else outside memory."""

    root: Path
    memory_limit: str = "1GB"
    threads: int = 2
    temp: Path | None = None  # where work that exceeds the memory limit spills; None: it fails

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A connection of its own, closed at the end; figures no number can hold are Invalid."""
        connection = duckdb.connect(":memory:", config=self._limits())
        try:
            connection.execute(f"SET allowed_directories = [{_text(str(self.root))}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield _DuckDBSession(connection)
        except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
            raise Invalid("formulas.out_of_range") from error
        finally:
            connection.close()

    def _limits(self) -> dict[str, str | bool | int | float | list[str]]:
        return {
            "memory_limit": self.memory_limit,
            "threads": self.threads,
            "temp_directory": str(self.temp) if self.temp else "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }


@dataclass(frozen=True, slots=True)
class _DuckDBSession:
    connection: duckdb.DuckDBPyConnection

    def register(self, tables: Mapping[str, pa.Table]) -> None:
        for name, table in tables.items():
            self.connection.register(name, table)

    def keep(self, name: str, select: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")

    def table(self, select: str) -> pa.Table:
        return self.connection.sql(select).to_arrow_table()

    def write(self, select: str, path: Path) -> None:
        options = "FORMAT parquet, COMPRESSION zstd"
        self.connection.execute(f"COPY ({select}) TO {_text(str(path))} ({options})")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
