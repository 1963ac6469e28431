"""A house with loads in it, written straight into the store: what is loaded is known to the row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import pytest
from sqlmodel import func, select

from data.extracts.contracts import contract
from data.settings import Settings
from data.store.batches import BatchStore
from data.store.tables import Batch, ExtractEvent, Office, OrgUnit
from data.store.tables.columns import Named
from data.workspace import Workspace
from tests.begun import with_kpis

OFFICES = ["O01", "O02", "O03"]
MUNICIPALITIES = ["01", "04", "21"]
SERVICES = ["PASSPORT", "ID_CARD", "CIVIL_CERT"]
FIRST = date(2024, 1, 1)
DAYS = 500


@dataclass
class Loads:
    """Loads and withdrawals into one workspace, each an event."""

    workspace: Workspace
    batches: dict[int, str] = field(default_factory=dict)

    def load(
        self,
        name: str,
        rows: pd.DataFrame,
        *,
        cut_off: date,
        first: date = FIRST,
        last: date | None = None,
        buried: Sequence[str] = (),
    ) -> int:
        """Load rows that know everything up to the end of the day `cut_off`; the event's number."""
        store = BatchStore(self.workspace.settings.extracts)
        with store.staging() as staging:
            self._write(name, rows, staging.accepted)
            if buried:
                keys = pd.DataFrame({contract(name).key[0]: list(buried)})
                _copy(keys, "SELECT * FROM frame", staging.tombstones)
            store.seal(staging)
            store.install(staging, name)
        midnight = datetime.combine(cut_off + timedelta(days=1), time())
        batch = _batch(
            staging.batch_id,
            name,
            len(rows),
            cut_at=midnight.replace(tzinfo=self.workspace.settings.zone),
            coverage=(first, last or cut_off),
            full=bool(buried),
        )
        event = self._event("load", name, staging.batch_id, batch)
        self.batches[event] = staging.batch_id
        return event

    def withdraw(self, event: int) -> int:
        """Take a load back; the withdrawal's number."""
        with self.workspace.database.reading() as session:
            batch = session.get(Batch, self.batches[event])
            assert batch is not None
            name = batch.contract
        return self._event("withdrawal", name, self.batches[event])

    def _event(self, kind: str, name: str, batch_id: str, batch: Batch | None = None) -> int:
        with self.workspace.database.writing() as session:
            if batch is not None:
                session.add(batch)
                session.flush()
            number = (session.exec(select(func.max(ExtractEvent.number))).one() or 0) + 1
            now = datetime.now(UTC)
            session.add(
                ExtractEvent(
                    number=number, kind=kind, contract=name, batch_id=batch_id, at=now, by="test"
                )
            )
        return number

    def _write(self, name: str, rows: pd.DataFrame, folder: Path) -> None:
        shape = contract(name)
        known = dict(shape.stored)
        columns = ", ".join(
            f'CAST("{column}" AS {kind}) AS "{column}"'
            if column in rows
            else f'CAST(NULL AS {kind}) AS "{column}"'
            for column, kind in known.items()
        )
        opening = shape.opening_date_sql
        opened = rows.filter(items=shape.opening).bfill(axis=1).iloc[:, 0]
        is_year = opened.dtype.kind in "iu"
        years = opened if is_year else pd.to_datetime(opened).dt.year
        for year in years.unique():
            (folder / str(year)).mkdir(parents=True)
            select_year = f"SELECT {columns} FROM frame WHERE year({opening}) = {year}"
            _copy(rows, select_year, folder / str(year) / "rows.parquet")


def _copy(frame: pd.DataFrame, query: str, path: Path) -> None:
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def _batch(
    batch_id: str,
    name: str,
    rows: int,
    *,
    cut_at: datetime,
    coverage: tuple[date, date],
    full: bool,
) -> Batch:
    return Batch(
        id=batch_id,
        contract=name,
        profile="native",
        profile_hash="0",
        file_name=f"{name}-{batch_id}.csv",
        file_bytes=1,
        sha256=batch_id,
        scope="full" if full else "changes",
        coverage_from=coverage[0],
        coverage_to=coverage[1],
        cut_at=cut_at,
        rows_read=rows,
        rows_accepted=rows,
        rows_added=rows,
        rows_changed=0,
        rows_unchanged=0,
        rows_vanished=0,
        rows_duplicate=0,
        rows_excluded_test=0,
        rows_excluded_total=0,
        rows_quarantined=0,
        quarantine_reasons={},
        notes=[],
        control_totals={},
        loaded_at=datetime.now(UTC),
        loaded_by="test",
    )


def settings_in(home: Path) -> Settings:
    """Settings of a house of its own, for stories told once for many tests."""
    return Settings(
        home=home,
        database_url=f"sqlite:///{home / 'cra.db'}",
        zone=ZoneInfo("Europe/Belgrade"),
        demo=False,
        language="en",
        secure_cookies=False,
    )


def founded(workspace: Workspace) -> Workspace:
    """The workspace with an agency and the KPIs of the catalogue, and nothing loaded."""
    return with_kpis(workspace)


def open_offices(workspace: Workspace, codes: Sequence[str]) -> None:
    """Offices in the registers, each with a unit of its own."""
    with workspace.database.writing() as session:
        for code in codes:
            named = Named(name_sq=code, name_sr=code, name_en=code).model_dump()
            unit = {"code": code, "parent_code": "CRA", "kind": "office", **named}
            session.add(OrgUnit.model_validate(unit))
            session.flush()
            office = {"code": code, "unit_code": code, "municipality_code": "01", **named}
            session.add(Office.model_validate(office))


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    """A founded agency with the KPIs of the catalogue, and nothing loaded."""
    return founded(workspace)


@pytest.fixture
def loads(house: Workspace) -> Loads:
    return Loads(house)


def applications(count: int, seed: int, *, prefix: str = "A") -> pd.DataFrame:
    """Random applications as an extract holds them, dirty cases among them."""
    random = np.random.default_rng(seed)
    submitted = pd.Timestamp(FIRST) + pd.to_timedelta(random.integers(0, DAYS * 1440, count), "min")
    frame = pd.DataFrame({"application_id": [f"{prefix}{n:05}" for n in range(count)]})
    frame["submitted_at"] = submitted
    frame["complete_at"] = _later(frame["submitted_at"], random, 6, empty=0.05)
    frame["decided_at"] = _later(frame["complete_at"], random, 25, empty=0.12)
    frame["ready_at"] = _later(frame["decided_at"], random, 9, empty=0.15)
    frame["issued_at"] = _later(frame["ready_at"], random, 9, empty=0.25)
    frame["decision"] = random.choice(
        np.array(["approved", "rejected", "withdrawn", None], dtype=object),
        count,
        p=[0.8, 0.08, 0.07, 0.05],
    )
    frame.loc[frame["decided_at"].isna() & (random.random(count) < 0.9), "decision"] = None
    due = frame["submitted_at"].dt.normalize() + pd.to_timedelta(random.integers(3, 40, count), "D")
    frame["due_date"] = due.where(random.random(count) > 0.2)
    frame["original_due_date"] = (due - pd.Timedelta(days=3)).where(random.random(count) > 0.6)
    _sprinkle(frame, random)
    return frame


def _sprinkle(frame: pd.DataFrame, random: np.random.Generator) -> None:
    count = len(frame)
    some = {
        "service_code": [*SERVICES, SERVICES[0]],
        "speed": ["normal", "normal", "accelerated", None],
        "channel": ["counter", "online", "kiosk", None],
        "office_code": [*OFFICES, None],
        "municipality_code": [*MUNICIPALITIES, "99"],
        "procedure_type": ["first", "renewal", None],
        "suspended_days": [0, 0, 2, 30, None],
        "returned_count": [0, 0, 0, 1, 2, None],
        "is_test": [False] * 20 + [True, None],
    }
    for name, members in some.items():
        frame[name] = pd.Series(random.choice(np.array(members, dtype=object), count), dtype=object)
    reasons = random.choice(np.array(["photo", "identity", None], dtype=object), count)
    frame["rejection_reason"] = pd.Series(reasons).where(frame["decision"] == "rejected")
    frame["updated_at"] = frame[["submitted_at", "decided_at", "ready_at"]].max(axis=1)
    backwards = random.random(count) < 0.01  # ready before complete
    frame.loc[backwards, "ready_at"] = frame["complete_at"] - pd.Timedelta(days=9)


def _later(start: pd.Series, random: np.random.Generator, days: int, *, empty: float) -> pd.Series:
    count = len(start)
    moved = start + pd.to_timedelta(random.exponential(days * 1440, count).astype(int), "min")
    return moved.where(random.random(count) > empty)


def production(apps: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Random personalisations of some of the applications, reprints and strays among them."""
    random = np.random.default_rng(seed)
    chosen = apps[apps["ready_at"].notna()].sample(frac=0.9, random_state=seed)
    frame = pd.DataFrame({"application_id": chosen["application_id"].to_numpy()})
    count = len(frame)
    frame["production_id"] = [f"P{n:05}" for n in range(count)]
    frame["personalised_at"] = (chosen["ready_at"] - pd.Timedelta(hours=5)).to_numpy()
    frame["sent_at"] = frame["personalised_at"] - pd.Timedelta(days=1)
    frame["document_type"] = random.choice(["passport", "card"], count)
    frame["quality_result"] = random.choice(
        np.array(["pass", "fail", None], dtype=object), count, p=[0.9, 0.07, 0.03]
    )
    defects = random.choice(np.array(["print", "chip", None], dtype=object), count)
    frame["defect_code"] = pd.Series(defects).where(frame["quality_result"] == "fail")
    frame["reprint_of"] = pd.Series(
        [f"P{n:05}" if random.random() < 0.03 else None for n in range(count)], dtype=object
    )
    frame.loc[random.random(count) < 0.02, "application_id"] = "UNKNOWN"
    return frame
