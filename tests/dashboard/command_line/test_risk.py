"""`cra risk`: what is listed, shown and told of the past, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line.main import app
from data.access.permissions import Permission
from risks.exposure import FrequencyKind, SeverityKind
from risks.exposure.draws import draws
from risks.exposure.frequency import frequency_of
from risks.exposure.severity import severity_of
from risks.register.reading import read_register
from tests.risks.house import RiskHouse
from tests.risks.told import NOW, told

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return told(tmp_path_factory)


@pytest.fixture
def run(house: RiskHouse, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CRA_HOME", str(house.workspace.settings.home))

    def go(*words: str, by: str = "auditor") -> Result:
        return CliRunner().invoke(app, ["risk", *words, "--as", f"{by}@example.org"])

    return go


def told_by(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def codes(result: Result) -> list[str]:
    return [one["code"] for one in told_by(result)]


def test_everybody_is_listed_what_he_may_see(house: RiskHouse, run: Run) -> None:
    for name in ("auditor", "owner", "other", "viewer"):
        with house.workspace.read(house[name], Permission.RISK_VIEW_PUBLISHED) as reader:
            known = [one.code for one in read_register(reader)]
        assert codes(run("list", "--json", by=name)) == known
    assert "@" not in run("list", "--format", "csv", by="viewer").stdout


def test_a_line_says_what_matters(run: Run) -> None:
    lines = run("list", "--order", "level").stdout.splitlines()
    assert lines[0].split() == ["Code", "Title", "Status", "Level", "Unit", "Owner", "Next",
                                "review", "Open", "treatments"]  # fmt: skip
    assert lines[1].startswith("R-0004  Printer of cards fails     Open · Escalated  Critical (5")
    assert "2025-02-12 ▲" in lines[1]
    assert "1 (1 overdue)" in lines[2]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--unit", "o02"), ["R-0004"]),
        (("--category", "operations", "--status", "in_treatment"), ["R-0001"]),
        (("--status", "draft", "--status", "closed"), ["R-0003", "R-0005"]),
        (("--owner", "other@example.org"), ["R-0004"]),
        (("--level", "high", "--level", "critical"), ["R-0001", "R-0004"]),
        (("--level", "-"), ["R-0003"]),
        (("--escalated",), ["R-0004"]),
        (("--above-appetite",), ["R-0001"]),
        (("--text", "archive WATER"), ["R-0002"]),
        (("--text", "ran short", "--as-of", "2025-02-01"), []),
    ],
)
def test_they_are_chosen(run: Run, words: tuple[str, ...], wanted: list[str]) -> None:
    assert codes(run("list", "--json", *words)) == wanted


def test_a_spreadsheet_runs_nothing_of_what_is_listed(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("list", "--format", "csv").stdout)))
    assert [row["code"] for row in rows] == [f"R-000{n}" for n in range(1, 6)]
    assert (rows[0]["current_level"], rows[0]["current_likelihood"]) == ("high", "4")
    assert (rows[0]["inherent_level"], rows[0]["target_level"]) == ("critical", "medium")
    assert all(not cell.startswith("=") for row in rows for cell in row.values())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "--unit", "O99"), 1),
        (("list", "--category", "NONE"), 1),
        (("list", "--level", "huge"), 1),
        (("list", "--status", "gone"), 2),
        (("list", "--order", "colour"), 2),
        (("show", "R-0099"), 1),
        (("show",), 2),
        (("exposure", "--trials", "5"), 1),
        (("review-due", "--within", "-1"), 2),
        (("list", "--as-of", "yesterday"), 1),
    ],
)
def test_refusals_end_with_1_and_wrong_use_with_2(
    run: Run, words: tuple[str, ...], code: int
) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert result.stderr.strip()


def test_who_may_not_see_risks_is_refused_what_is_not_published(run: Run) -> None:
    for words in (("history", "R-0001"), ("show", "R-0001", "--history"), ("waiting",),
                  ("review-due",), ("exposure",)):  # fmt: skip
        assert run(*words, by="viewer").exit_code == 1
    shown = run("show", "R-0001", by="viewer")
    assert shown.exit_code == 0
    for hidden in ("@", "Owner:", "tender", "Seen, thank you", "12,000"):
        assert hidden not in shown.stdout


def test_one_risk_is_shown_with_everything(run: Run) -> None:
    shown = run("show", "r-0001").stdout
    assert shown.splitlines()[:2] == [
        "R-0001  Blank passports ran short",
        "In treatment · High (4 × 3)",
    ]
    for said in (
        "Objectives: 3.1 Ready within the deadline",
        "Category: Operations",
        "Unit: Prishtinë (O01)",
        "Owner: Owner",
        "moved by 30 days",
        "2025-02-17 → 2025-03-19  Owner  The tender failed",
        "0.40 at most once a year, EUR 10,000–90,000",
        "Confirmed  Owner  Still so",
        "Head  Seen, thank you",
    ):
        assert said in shown
    accepted = run("show", "R-0002").stdout
    assert "Accepted  Medium  until 2025-" in accepted
    assert "decided by Head  Until autumn" in accepted
    assert "Raised by a person  One left  no answer yet" in run("show", "R-0004").stdout


def test_the_past_is_shown_as_it_was(run: Run) -> None:
    assert "Blank passports run out" in run("show", "R-0001", "--as-of", "2025-02-01").stdout
    then = told_by(run("show", "R-0001", "--as-of", "2025-02-01", "--json", "--history"))
    assert then["title"] == "Blank passports run out"
    assert [one["tag"] for one in then["history"]][-1] == "risks.commented"


def test_history_says_before_and_after_and_why(run: Run) -> None:
    said = run("history", "R-0001").stdout
    assert "title: Blank passports run out → Blank passports ran short" in said
    assert "Treatments, due: 17 February 2025 → 19 March 2025" in said
    assert "Treatment updated  The tender failed" in said
    assert "Comments: + 2025-01-13  Head  Seen, thank you" in said
    last = told_by(run("history", "R-0001", "--json"))[-1]
    assert (last["actor"], last["changes"]) == (
        "owner@example.org",
        [
            {
                "part": None,
                "part_id": None,
                "field": "title",
                "old": "Blank passports run out",
                "new": "Blank passports ran short",
            }
        ],
    )


def test_reviews_come_by_owner_the_longest_overdue_first(run: Run) -> None:
    found = told_by(run("review-due", "--json", "--as-of", "2025-05-10", "--within", "30"))
    assert [(one["owner"], one["code"]) for one in found] == [
        ("other@example.org", "R-0004"),
        ("owner@example.org", "R-0001"),
    ]
    late = {one["code"]: one["days_late"] for one in found}
    assert late == {"R-0004": 87, "R-0001": 0}
    assert "R-0004" in run("review-due", "--owner", "other@example.org").stdout
    nothing = run("review-due", "--within", "0", "--as-of", "2025-01-20")
    assert "No review is overdue" in nothing.stdout


def test_what_waits_for_me_and_nothing_else(run: Run) -> None:
    assert [(one["matter"], one["code"]) for one in told_by(run("waiting", "--json", by="director"))
            ] == [("answer", "R-0004")]  # fmt: skip
    mine = {(one["matter"], one["code"]) for one in told_by(run("waiting", "--json", by="owner"))}
    assert ("treatment_late", "R-0001") in mine
    assert ("draft", "R-0003") in mine
    assert not [code for _, code in mine if code == "R-0004"]
    assert "Nothing waits for you." in run("waiting", by="auditor").stdout
    assert "Escalations to answer  R-0004" in run("waiting", by="director").stdout


def test_exposure_is_what_the_same_draws_give_by_hand(run: Run) -> None:
    found = told_by(run("exposure", "--json", "--before-after", "--as-of", "2025-03-01"))
    assert (found["risks"], found["trials"]) == (["R-0001", "R-0002"], 10_000)
    assert found["left_out"] == {"not_quantified": ["R-0004"]}
    years = by_hand(1, NOW.rate) + floods_by_hand()
    for one in found["before"]["percentiles"]:
        assert one["value"] == np.sort(years)[int(np.ceil(10_000 * one["level"])) - 1]
        assert one["low"] <= one["value"] <= one["high"]
    assert found["before"]["mean"]["value"] == pytest.approx(years.mean())
    later = by_hand(1, 0.1) + floods_by_hand()
    assert found["after"]["mean"]["value"] == pytest.approx(later.mean())
    (borne,) = found["tolerance"]
    assert (borne["category"], borne["assumption"]) == ("OPERATIONS", True)
    own = by_hand(1, NOW.rate)
    assert [point["chance"] for point in borne["before"]] == [
        np.mean(own > 15_000), np.mean(own > 60_000),
    ]  # fmt: skip


def test_exposure_says_which_side_it_shows_and_what_it_leaves_out(run: Run) -> None:
    plain = run("exposure", "--trials", "1000", "--as-of", "2025-03-01").stdout
    assert "As it stands, before open treatments are done" in plain
    assert "Without figures, and not counted: R-0004" in plain
    assert "2 risks in 1,000 simulated years" in plain
    assert "Operations" in plain
    both = run("exposure", "--before-after", "--trials", "1000", "--as-of", "2025-03-01").stdout
    assert "Before treatments" in both
    assert "After treatments" in both
    rows = run("exposure", "--format", "csv", "--trials", "1000", "--as-of", "2025-03-01").stdout
    told_rows = list(csv.DictReader(io.StringIO(rows)))
    assert {row["side"] for row in told_rows} == {"before"}
    assert [row["figure"] for row in told_rows] == [
        "expected", "mean", "0.5", "0.8", "0.9", "0.95", "0.99",
    ]  # fmt: skip


def by_hand(number: int, rate: float) -> Any:
    """Years of a risk that happens at most once, event by event."""
    trial = np.arange(1, 10_001)
    severity = severity_of(SeverityKind.PERT, NOW.low, NOW.high, NOW.mode)
    happens = draws(trial, var=1, entity=number) < rate
    cost = severity.sample(draws(trial, var=2, entity=number, time=0))
    return np.where(happens, cost, 0.0)


def floods_by_hand() -> Any:
    trial = np.arange(1, 10_001)
    events = frequency_of(FrequencyKind.POISSON, 0.2).counts(draws(trial, var=1, entity=2))
    severity = severity_of(SeverityKind.LOGNORMAL, 5_000.0, 80_000.0, None)
    total = np.zeros(10_000)
    for time in range(int(events.max())):
        cost = severity.sample(draws(trial, var=2, entity=2, time=time))
        total += np.where(events > time, cost, 0.0)
    return total
