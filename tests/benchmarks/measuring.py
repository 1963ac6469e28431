"""All values of the eight KPIs, and a refresh, against pandas, hand-written SQL and a rebuild."""

from __future__ import annotations

import shutil
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.calendar import WorkingCalendar
from data.extracts.actions import load_extract
from data.period import Frequency
from data.workspace import Workspace
from kpis.refreshing import queries_of, refresh
from kpis.register import read_kpis
from kpis.sources import shapes, sources
from tests.benchmarks import baselines, material
from tests.benchmarks.houses import empty_house
from tests.benchmarks.timing import Line, best

ENDS = [date(2023 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 37)]
EIGHT = [f"SD-0{number}" for number in range(1, 9)]


def lines(rows: int) -> list[Line]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = _loaded(folder, rows)
        first = _all_values(workspace, fresh=True)
        again = best(lambda: _all_values(workspace, fresh=False), times=2)
        applications, production = (_plain(folder, name) for name in ("applications", "production"))
        holidays = _holidays(workspace)
        pandas = best(
            lambda: baselines.in_pandas(applications, production, sorted(holidays), ENDS), times=1
        )
        days = WorkingCalendar(holidays).cumulative(date(2022, 1, 1), date(2027, 1, 1))
        sql = best(lambda: baselines.in_sql(applications, production, days, ENDS))
        what = f"eight KPIs, all offices and months, {rows:,} applications"
        return [
            Line(f"{what}: from rows", first, "plain pandas", pandas),
            Line(f"{what}: from rows", first, "hand-written DuckDB SQL", sql),
            Line(f"{what}: from contributions", again, "plain pandas", pandas),
            Line(f"{what}: from contributions", again, "hand-written DuckDB SQL", sql),
            _refresh_line(workspace, folder),
        ]


def _loaded(folder: Path, rows: int) -> Workspace:
    workspace = empty_house(folder)
    applications = material.write_applications(folder / "applications.csv", rows)
    production = material.write_production(folder / "production.csv", applications)
    for path in (applications, production):
        load_extract(
            workspace,
            by=SYSTEM,
            path=path,
            file_name=path.name,
            profile_id=f"{path.stem}-native",
        )
    return workspace


def _all_values(workspace: Workspace, *, fresh: bool) -> float:
    """The counts of every office and month behind the eight KPIs; returns seconds."""
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        kpis, known, engine = read_kpis(reader, EIGHT), sources(reader), reader.engine(shapes())
        start = time.perf_counter()
        for query in queries_of(kpi.definition for kpi in kpis.values()):
            if fresh:
                engine.forget(query, known.reference)
            engine.slices(
                query,
                known.reference,
                known.history,
                frequencies=[Frequency.MONTH],
                groupings=[("office",)],
            )
        return time.perf_counter() - start


def _plain(folder: Path, name: str) -> Path:
    path = folder / f"{name}.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM read_csv('{folder / name}.csv')) TO '{path}'")
    return path


def _holidays(workspace: Workspace) -> frozenset[date]:
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return frozenset(sources(reader).reference.calendar.holidays)


def _refresh_line(workspace: Workspace, folder: Path) -> Line:
    """A month of changes on top of everything, against measuring everything anew."""
    refresh(workspace, by=SYSTEM)
    month = folder / "month.csv"
    _write_month(folder / "applications.csv", month)
    load_extract(
        workspace, by=SYSTEM, path=month, file_name=month.name, profile_id="applications-native"
    )
    start = time.perf_counter()
    refresh(workspace, by=SYSTEM)
    one = time.perf_counter() - start
    start = time.perf_counter()
    refresh(workspace, by=SYSTEM, rebuild=True)
    rebuilt = time.perf_counter() - start
    shutil.rmtree(folder / "home")
    return Line("refresh and publish after one month of changes", one, "rebuild", rebuilt)


def _write_month(source: Path, to: Path) -> None:
    """The cases of the last month once more: decided, and known later than before."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT * REPLACE (updated_at + INTERVAL 40 DAY AS updated_at,
                                        returned_count + 1 AS returned_count)
                      FROM read_csv('{source}') WHERE submitted_at >= '2025-11-15') TO '{to}'"""
        )
