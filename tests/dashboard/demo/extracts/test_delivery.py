"""The files of the other systems are always the same, few, honest about their cut-off, and load."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from sqlmodel import select

from dashboard.demo.extracts.delivery import SYSTEMS, UNTIDY, write_extracts
from dashboard.demo.spec import DemoSpec
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.extracts.history import Load, loads
from data.store.tables import OnlineService, Service, StandardMinutes
from data.workspace import Workspace
from tests.demo_houses import small_demo

from .conftest import CONTRACTS, Sent

SMALL = DemoSpec(months=5, scale=0.005)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_extracts(SMALL, tmp_path / name)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


@pytest.mark.parametrize(
    "spec", [DemoSpec(months=1, scale=0.0001, first_days=0), DemoSpec(months=2, scale=0.001)]
)
def test_the_smallest_agency_has_files_too(spec: DemoSpec, tmp_path: Path) -> None:
    files = write_extracts(spec, tmp_path)
    assert {"staff_cost", "it_incidents", "register_snapshot"} <= {file.contract for file in files}
    assert all(len(pd.read_csv(file.path)) for file in files)


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_extracts(DemoSpec(months=1, scale=0.005, seed=seed), tmp_path / str(seed))
    ours, theirs = digests(tmp_path / "1"), digests(tmp_path / "2")
    same = {name.partition("-")[0] for name in ours if ours[name] == theirs.get(name)}
    assert same <= {"population_reference", "register_snapshot"}  # nothing in them is drawn


def test_every_other_contract_has_files() -> None:
    assert set(SYSTEMS) | {"applications", "production"} == set(CONTRACTS)


def test_files_are_few_and_follow_on_each_other(sent: Sent) -> None:
    for contract in SYSTEMS:
        files = sent.of(contract)
        assert 1 < len(files) <= 4
        assert files[0].coverage_from == date(2023, 1, 1)
        assert files[-1].coverage_to == date(2025, 12, 31)
        assert files[-1].cut_at.isoformat() == "2026-01-01T00:00:00+01:00"
        for earlier, later in pairwise(files):
            assert (later.coverage_from - earlier.coverage_to).days == 1


def test_nothing_is_told_that_lies_after_the_cut_off(sent: Sent) -> None:
    for file in sent.files:
        rows = pd.read_csv(file.path, dtype=str)
        cut = file.cut_at.strftime("%Y-%m-%d %H:%M:%S")
        for column in CONTRACTS[file.contract].columns:
            if column.type.is_time and not column.planned:
                assert rows[column.name].dropna().lt(cut).all(), (file.path.name, column.name)


def test_files_have_the_columns_of_their_contract(sent: Sent) -> None:
    for file in sent.files:
        header = list(pd.read_csv(file.path, nrows=0))
        assert header == [column.name for column in CONTRACTS[file.contract].columns]


def test_nothing_looks_like_a_personal_number_or_a_phone(sent: Sent) -> None:
    digits = re.compile(rb"\d{10}|\+383|\b04[3459][ /-]?\d{3}|@")
    for file in sent.files:
        assert digits.search(file.path.read_bytes()) is None, file.path.name


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A small demo agency, installed as on a first start."""
    return small_demo(tmp_path_factory)


@pytest.fixture(scope="module")
def loaded(house: Workspace) -> list[Load]:
    return [load for load in reversed(loads(house, by=SYSTEM)) if load.batch.contract in SYSTEMS]


def test_all_is_let_in_but_the_untidy_file(loaded: list[Load]) -> None:
    assert {load.batch.contract for load in loaded} == set(SYSTEMS)
    assert all(load.batch.demo for load in loaded)
    refused = {load.batch.file_name: load.batch.rows_quarantined for load in loaded}
    untidy = f"{UNTIDY}-2025-11.csv"
    assert refused.pop(untidy) == 3
    assert set(refused.values()) == {0}


def test_what_is_noticed_is_what_happens_with_any_extract(loaded: list[Load]) -> None:
    """A changed row of an earlier month stands in the file of the month in which it changed."""
    noted = {note["key"].rpartition(".")[2] for load in loaded for note in load.batch.notes}
    assert noted <= {"outside_coverage", "no_open_rows"}


def test_other_extracts_keep_the_numbers_of_the_first_events(house: Workspace) -> None:
    first = [
        load for load in reversed(loads(house, by=SYSTEM)) if load.batch.contract not in SYSTEMS
    ]
    assert [load.event.number for load in first] == list(range(1, len(first) + 1))


def test_services_online_and_standard_minutes_are_assumptions_of_the_demo(house: Workspace) -> None:
    with house.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        online = reader.all(select(OnlineService))
        minutes = reader.all(select(StandardMinutes))
        services = set(reader.all(select(Service.code)))
    assert {row.service_code for row in online} == {"CIVIL_CERT", "ID_CARD"}
    assert {row.service_code for row in minutes} == services
    assert all(row.source == "demo" and row.assumption for row in online)
    assert all(row.source == "demo" and row.assumption for row in minutes)
