"""Totals are near the real figures times the scale; figures and sources in extracts.yaml."""

from __future__ import annotations

import pandas as pd
import pytest

from .conftest import Sent

SCALE, PEOPLE = 0.025, 0.125  # civil events and the like come at five times the scale


def yearly(rows: pd.DataFrame, day: str) -> float:
    """Rows a year, in the three years of the files."""
    return float(rows[day].between("2023-01-01", "2025-12-31 23:59:59").sum() / 3)


@pytest.mark.parametrize(
    ("kind", "monthly"), [("birth", 2510), ("death", 909), ("marriage", 1234), ("divorce", 133)]
)
def test_civil_events_are_those_of_the_statistical_office(
    sent: Sent, kind: str, monthly: int
) -> None:
    rows = sent.now("civil_events")
    found = yearly(rows[rows.event_type == kind], "registered_at")
    assert found / PEOPLE == pytest.approx(12 * monthly, rel=0.08)


def test_about_a_quarter_of_births_happen_abroad(sent: Sent) -> None:
    rows = sent.now("civil_events")
    births = rows[rows.event_type == "birth"]
    assert (births.occurred_abroad == "true").mean() == pytest.approx(0.236, abs=0.015)


def test_communities_have_their_share(sent: Sent) -> None:
    rows = sent.now("civil_events")
    shares = rows[rows.event_type == "birth"].community.value_counts(normalize=True)
    for community, share in {
        "ROMA": 0.0055, "ASHKALI": 0.0102, "EGYPTIAN": 0.0067, "SERB": 0.0231, "BOSNIAK": 0.0169
    }.items():  # fmt: skip
        assert shares[community] == pytest.approx(share, abs=0.003)


def test_births_are_about_those_expected(sent: Sent) -> None:
    rows = sent.now("civil_events")
    rows = rows[(rows.event_type == "birth") & (rows.occurred_abroad == "false")]
    rows = rows[(rows.registered_at - rows.event_date).dt.days <= 365]
    expected = sent.now("population_reference").groupby("year").expected_births.sum()
    share = rows.groupby(rows.event_date.dt.year).size() / expected
    assert share[[2023, 2024]].between(0.93, 1.07).all()


@pytest.mark.parametrize(
    ("contract", "day", "national", "scale", "within"),
    [
        ("payments", "paid_at", 1_200_000, SCALE, 0.10),
        ("vehicles", "submitted_at", 282_000, SCALE, 0.10),
        ("driving_licences", "issued_at", 83_579, SCALE, 0.10),
        ("appointments", "slot_start", 700_000, SCALE, 0.15),
        ("expiring_documents", "expiry_date", 400_000, SCALE, 0.05),
        ("complaints", "received_at", 1_500, SCALE, 0.25),
        ("corrections", "requested_at", 15_000, PEOPLE, 0.30),  # more after the migration
        ("it_incidents", "opened_at", 3_000, 1.0, 0.05),
        ("strategy_actions", "baseline_due_date", 40, 1.0, 0.10),
        ("backup_tests", "planned_for", 48, 1.0, 0.01),
    ],
)
def test_volumes_are_the_national_ones_scaled(
    sent: Sent, contract: str, day: str, national: int, scale: float, within: float
) -> None:
    assert yearly(sent.now(contract), day) / scale == pytest.approx(national, rel=within)
