"""The demo files, written once and read back with plain pandas: an independent second look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.demo.generator import generate
from dashboard.demo.spec import DemoFile, DemoSpec
from data.store.reference import calendar_days

SCALE = 0.03
APPLICATION_DATES = ["submitted_at", "complete_at", "decided_at", "ready_at", "issued_at"]


@dataclass(frozen=True)
class Delivery:
    """What was asked for, where it lies and the files in load order."""

    spec: DemoSpec
    folder: Path
    files: list[DemoFile]

    def named(self, name: str) -> DemoFile:
        return next(file for file in self.files if file.path.name == name)


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """Three years without dirt."""
    spec = DemoSpec(scale=SCALE, dirt=False)
    folder = tmp_path_factory.mktemp("clean")
    return Delivery(spec, folder, generate(spec, folder))


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """Three years as they are installed."""
    spec = DemoSpec()
    folder = tmp_path_factory.mktemp("dirty")
    return Delivery(spec, folder, generate(spec, folder))


@pytest.fixture(scope="session")
def application_rows(clean: Delivery) -> pd.DataFrame:
    """Every row of every file of applications, as text."""
    files = [as_text(file.path) for file in clean.files if file.contract == "applications"]
    return pd.concat(files, ignore_index=True)


@pytest.fixture(scope="session")
def applications(application_rows: pd.DataFrame) -> pd.DataFrame:
    """The latest version of each real application."""
    ordered = application_rows.sort_values("updated_at", kind="stable")
    latest = ordered.drop_duplicates("application_id", keep="last")
    latest = latest[latest.is_test == "false"].copy()
    for name in [*APPLICATION_DATES, "due_date", "original_due_date"]:
        latest[name] = pd.to_datetime(latest[name])
    for name in ("suspended_days", "returned_count"):
        latest[name] = latest[name].astype(int)
    return latest


@pytest.fixture(scope="session")
def turnaround(applications: pd.DataFrame) -> pd.DataFrame:
    """Ready applications with their working days, `days`, and the month they were ready."""
    ready = applications[(applications.decision == "approved") & applications.ready_at.notna()]
    return ready.assign(
        days=working_days(ready.complete_at, ready.ready_at) - ready.suspended_days,
        month=ready.ready_at.dt.strftime("%Y-%m"),
    )


@pytest.fixture(scope="session")
def attempts(clean: Delivery) -> pd.DataFrame:
    """The latest version of each personalisation attempt that has been printed."""
    files = [as_text(file.path) for file in clean.files if file.contract == "production"]
    rows = pd.concat(files, ignore_index=True).drop_duplicates("production_id", keep="last")
    rows = rows[rows.personalised_at.notna()].copy()
    for name in ("sent_at", "personalised_at", "shipped_at", "received_office_at"):
        rows[name] = pd.to_datetime(rows[name])
    return rows.assign(month=rows.personalised_at.dt.strftime("%Y-%m"))


def as_text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str)


def working_days(start: pd.Series, end: pd.Series) -> np.ndarray:
    """Working days d with start < d <= end, by numpy's own business-day count."""
    holidays = np.array([row.day for row in calendar_days(range(2022, 2027))], "datetime64[D]")
    first = start.to_numpy().astype("datetime64[D]") + 1
    last = end.to_numpy().astype("datetime64[D]") + 1
    return np.busday_count(first, last, holidays=holidays)
