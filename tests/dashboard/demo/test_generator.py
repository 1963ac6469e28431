"""Demo files are what the agency's systems would send: contract rows, real volumes, same bytes."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import yaml

from dashboard.demo.generator import generate
from dashboard.demo.spec import DemoSpec
from data.errors import Invalid
from data.period import Frequency, Period
from data.store import reference

from .conftest import APPLICATION_DATES, Delivery, as_text

YEARLY = {
    "PASSPORT": 411_489,
    "ID_CARD": 248_000,
    "DRIVING_LICENCE": 83_579,
    "VEHICLE_REG": 282_000,
}


def december(code: str = "2025-12") -> Period:
    return Period.parse(code)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes(dirty: Delivery, tmp_path: Path) -> None:
    generate(dirty.spec, tmp_path)
    assert digests(tmp_path) == digests(dirty.folder)


def test_another_seed_gives_other_cases(tmp_path: Path) -> None:
    for seed in (1, 2):
        generate(DemoSpec(seed=seed, months=1, first_days=0), tmp_path / str(seed))
    ours, theirs = digests(tmp_path / "1"), digests(tmp_path / "2")
    assert ours.keys() == theirs.keys()
    assert not set(ours.values()) & set(theirs.values())


def test_a_shorter_history_tells_the_same_of_its_months(clean: Delivery, tmp_path: Path) -> None:
    spec = DemoSpec(scale=clean.spec.scale, dirt=False, months=3)
    generate(spec, tmp_path)
    name = "applications-2025-12.csv"
    assert (tmp_path / name).read_bytes() == (clean.folder / name).read_bytes()


def test_files_come_month_by_month_with_their_cut_off(clean: Delivery) -> None:
    assert [(f.contract, f.period.code) for f in clean.files[:3]] == [
        ("applications", "2023-01"),
        ("production", "2023-01"),
        ("applications", "2023-02"),
    ]
    assert len(clean.files) == 2 * 37
    december_file = clean.named("applications-2025-12.csv")
    assert (december_file.coverage_from, december_file.coverage_to) == (
        date(2025, 12, 1),
        date(2025, 12, 31),
    )
    assert december_file.cut_at.isoformat() == "2026-01-01T00:00:00+01:00"
    assert {f.profile for f in clean.files} == {"applications-native", "production-native"}
    first_days = clean.named("applications-2026-01.csv")
    assert first_days.coverage_to == date(2026, 1, 6)


def test_progress_is_told_by_month(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    generate(DemoSpec(months=2, scale=0.001), tmp_path, lambda *step: told.append(step))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("service", YEARLY)
def test_volumes_are_the_real_ones_scaled(applications: pd.DataFrame, service: str) -> None:
    issued = applications[(applications.service_code == service)].issued_at.dt.year == 2024
    assert issued.sum() / 0.03 == pytest.approx(YEARLY[service], rel=0.04)


def test_nothing_is_known_that_lies_after_the_cut_off(clean: Delivery) -> None:
    for file in clean.files:
        rows = as_text(file.path)
        cut = file.cut_at.strftime("%Y-%m-%d %H:%M:%S")
        events = [
            name for name in map(str, rows) if name.endswith("_at") and name != "extracted_at"
        ]
        assert rows[events].max().dropna().lt(cut).all()


def test_a_case_comes_again_only_when_it_changed(application_rows: pd.DataFrame) -> None:
    seen = application_rows.drop(columns="extracted_at")
    assert not seen.duplicated().any()
    assert seen.application_id.duplicated().sum() > 0.2 * len(seen)


def test_rows_keep_to_the_contract(clean: Delivery, shared: Path) -> None:
    text = (shared / "domain" / "extracts.yaml").read_text(encoding="utf-8")
    contracts = yaml.safe_load(text)["extracts"]
    for contract in ("applications", "production"):
        rows = pd.concat([as_text(f.path) for f in clean.files if f.contract == contract])
        columns = contracts[contract]["columns"]
        assert list(rows.columns) == list(columns)
        for name, kind in columns.items():
            assert_kind(rows[name].dropna(), kind)


def assert_kind(values: pd.Series[Any], kind: str) -> None:
    if kind.startswith("code: "):
        assert set(values) <= set(kind.removeprefix("code: ").split("|"))
    patterns = {
        "ts": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
        "date": r"\d{4}-\d\d-\d\d",
        "int": r"\d+",
        "bool": "true|false",
    }
    if kind in patterns:
        assert values.str.fullmatch(patterns[kind]).all()


def test_offices_and_municipalities_are_known_ones(application_rows: pd.DataFrame) -> None:
    known = {row.code for row in reference.municipalities()}
    assert set(application_rows.municipality_code) == known
    assert "01" in known
    pairs = application_rows[["office_code", "municipality_code"]].drop_duplicates()
    assert len(pairs) == application_rows.office_code.nunique()


def test_each_life_runs_forward(applications: pd.DataFrame) -> None:
    for earlier, later in pairwise(APPLICATION_DATES):
        both = applications[[earlier, later]].dropna()
        assert (both[earlier] <= both[later]).all()
    undecided = applications.decision.isna()
    assert applications[undecided][["decided_at", "ready_at", "issued_at"]].isna().all().all()
    approved = applications.decision == "approved"
    assert applications[~approved].ready_at.isna().all()
    rejected = applications.decision == "rejected"
    assert (applications.rejection_reason.notna() == rejected).all()


def test_due_dates_follow_the_rules_and_recorded_suspensions(applications: pd.DataFrame) -> None:
    moved = applications.due_date != applications.original_due_date
    assert (moved == (applications.suspended_days > 0)).all()
    plain = applications[(applications.service_code == "PASSPORT") & ~moved]
    span = (plain.original_due_date - plain.submitted_at.dt.normalize()).dt.days
    assert span[plain.speed == "normal"].between(20, 27).all()  # 15 working days
    assert span[plain.speed == "accelerated"].between(3, 12).all()  # 3 working days


def test_nothing_looks_like_a_personal_number_or_a_phone(dirty: Delivery) -> None:
    digits = re.compile(rb"\d{10}|\+383|\b04[3459][ /-]?\d{3}")
    for file in dirty.files:
        if file.path.suffix == ".csv":
            assert digits.search(file.path.read_bytes()) is None
    identifiers = as_text(dirty.named("applications-2024-03.csv").path)
    for name in ("application_id", "applicant_pseudo", "officer_pseudo", "appointment_id"):
        joined = identifiers[name].dropna().str.replace(r"[^0-9A-Za-z]", "", regex=True)
        assert not joined.str.contains(r"\d{10}").any()


def test_production_belongs_to_applications(
    attempts: pd.DataFrame, application_rows: pd.DataFrame
) -> None:
    assert set(attempts.application_id) <= set(application_rows.application_id)
    assert (attempts.sent_at <= attempts.personalised_at).all()
    passed = attempts[attempts.quality_result == "pass"].dropna(subset=["shipped_at"])
    assert (passed.personalised_at < passed.shipped_at).all()
    failed = attempts[attempts.quality_result == "fail"]
    assert failed.defect_code.notna().all()
    assert failed.shipped_at.isna().all()
    since = attempts[attempts.sent_at >= "2023-01-01"]  # files start here
    reprints = since.reprint_of.dropna()
    assert len(reprints) > 100
    assert set(reprints) <= set(failed.production_id)


def test_practice_stays_in_the_training_office(application_rows: pd.DataFrame) -> None:
    tests = application_rows[application_rows.is_test == "true"]
    assert set(tests.office_code) == {"OTRN"}
    assert 0 < len(tests) < 0.02 * len(application_rows)
    assert "OTRN" not in set(application_rows[application_rows.is_test == "false"].office_code)


def test_a_specification_that_cannot_be_is_refused() -> None:
    for wrong in (
        {"scale": 0.0},
        {"scale": 1.5},
        {"months": 0},
        {"first_days": 31},
        {"last": Period(date(2025, 1, 1), Frequency.YEAR)},
    ):
        with pytest.raises(Invalid):
            DemoSpec(**wrong)


def test_the_zone_decides_the_moment_of_the_cut_off(tmp_path: Path) -> None:
    spec = DemoSpec(months=1, scale=0.001, first_days=0, zone=ZoneInfo("UTC"))
    assert generate(spec, tmp_path)[0].cut_at.isoformat() == "2026-01-01T00:00:00+00:00"
