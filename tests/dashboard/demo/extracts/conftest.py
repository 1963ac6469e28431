"""The files of the other systems, written once and read back with plain pandas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from dashboard.demo.extracts.delivery import write_extracts
from dashboard.demo.extracts.plot import Plot
from dashboard.demo.generator import generate
from dashboard.demo.spec import DemoFile, DemoSpec
from data.extracts.contracts import Contract, all_contracts

CONTRACTS: dict[str, Contract] = {contract.name: contract for contract in all_contracts()}


@dataclass(frozen=True)
class Sent:
    """What was asked for, and every file of every system in the order of loading."""

    spec: DemoSpec
    files: tuple[DemoFile, ...]

    @property
    def plot(self) -> Plot:
        return Plot(self.spec)

    def of(self, contract: str) -> list[DemoFile]:
        return [file for file in self.files if file.contract == contract]

    def now(self, contract: str) -> pd.DataFrame:
        """The latest version of each row, with dates and moments read."""
        return _latest(tuple(file.path for file in self.of(contract)), contract)


@cache
def _latest(paths: tuple[Path, ...], contract: str) -> pd.DataFrame:
    rows = pd.concat([pd.read_csv(path, dtype=str) for path in paths], ignore_index=True)
    rows = rows.drop_duplicates(list(CONTRACTS[contract].key), keep="last").reset_index(drop=True)
    for column in CONTRACTS[contract].columns:
        if column.type.is_time:
            rows[column.name] = pd.to_datetime(rows[column.name])
        if column.type.value in {"int", "dec"}:
            rows[column.name] = pd.to_numeric(rows[column.name])
    return rows


@pytest.fixture(scope="package")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Three years without dirt, as large as they are installed."""
    spec = DemoSpec(dirt=False)
    return Sent(spec, tuple(write_extracts(spec, tmp_path_factory.mktemp("extracts"))))


@pytest.fixture(scope="package")
def known_applications(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The latest version of each application of the same demo."""
    files = generate(DemoSpec(dirt=False), tmp_path_factory.mktemp("applications"))
    paths = tuple(file.path for file in files if file.contract == "applications")
    rows = _latest(paths, "applications")
    return rows[rows.is_test == "false"].set_index("application_id")


def month(moments: pd.Series) -> pd.Series:
    return pd.Series(moments.dt.strftime("%Y-%m"))


def mean_between(values: pd.Series, moments: pd.Series, start: object, end: object) -> float:
    """The mean of the values whose moment lies from the start to before the end."""
    inside = (moments >= pd.Timestamp(str(start))) & (moments < pd.Timestamp(str(end)))
    return float(values[inside].mean())
