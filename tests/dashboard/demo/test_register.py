"""The played register: every story of it can be found on its day, and all of it is the demo's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from dashboard.demo import agency
from dashboard.demo.register import play_register
from dashboard.demo.register.days import Days
from dashboard.demo.register.scripts import risk_scripts
from data.access.actor import SYSTEM, WHOLE_AGENCY
from data.access.permissions import Permission
from data.access.roles import Role
from data.auditing import verify_trail
from data.people import list_people
from data.workspace import Reader, Then, Workspace
from risks.appetite.history import read_statements
from risks.controls.reading import overdue, read_controls
from risks.criteria.reading import all_criteria, in_force
from risks.deputies.reading import read_deputies
from risks.incidents.forecasts import forecasts, scores
from risks.incidents.reading import read_incidents
from risks.indicators.reading import read_indicators, read_turns
from risks.indicators.thresholds import IndicatorState
from risks.register.kinds import AcceptanceState, EscalationCause, Kind, TreatmentState
from risks.register.reading import Past, read_past, read_register
from risks.register.record import Risk
from risks.register.states import ACTIVE, TRANSITIONS, Status
from risks.snapshots.proving import proved
from risks.snapshots.reading import list_snapshots
from tests.dashboard.demo.playing_house import SPEC, WATCHED, bare_house, email, playing_house
from tests.house import actor

DAYS = Days(SPEC)
EVENT = 100_000  # every extract; only what people said is looked at as of a time


@dataclass(frozen=True)
class Played:
    """The house after the play, by the clock of the day on which the play ends."""

    house: Workspace
    missed: tuple[str, ...]

    def see(self, look: Callable[[Reader], Any], at: datetime | None = None) -> Any:
        """What the auditor is shown on the last day, or was at the end of a day before it."""
        end = datetime.combine(SPEC.today, time(), SPEC.zone)
        workspace = self.house.by_clock(lambda: end)
        past = workspace.at(Then(EVENT, at)) if at else workspace
        with past.read(actor(self.house, email("auditor")), Permission.RISK_VIEW) as reader:
            return look(reader)

    def risks(self, at: datetime | None = None) -> dict[str, Risk]:
        """The register by the keys of its script."""
        found = {one.title: one for one in self.see(read_register, at)}
        return {key: found[title] for key, title in TITLES.items() if title in found}

    def risk(self, key: str, at: datetime | None = None) -> Risk:
        return self.risks(at)[key]

    def past(self, key: str) -> tuple[Past, ...]:
        risk = self.risk(key)
        return tuple(self.see(lambda reader: read_past(reader, risk)))


def titles(language: str) -> dict[str, str]:
    """Each key of the script with the title that its risk has in a language."""
    return {one.row["key"]: one.row["title"][language] for one in risk_scripts()}


TITLES = titles("en")


def evening(*at: int) -> datetime:
    """The end of a day told as in the script."""
    return datetime.combine(DAYS.day(at) + timedelta(days=1), time(), SPEC.zone).astimezone(UTC)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    house = playing_house(tmp_path_factory.mktemp("played"))
    stage = play_register(house, SPEC)
    yield Played(house, tuple(stage.missed))
    house.database.dispose()


def test_nothing_is_left_out_but_what_is_not_measured_here(played: Played) -> None:
    kept = played.see(read_indicators)
    assert {one.indicator.kpi_code for one in kept} == set(WATCHED)
    assert all("not_published" in one or "not_kept" in one for one in played.missed)
    assert len(played.missed) == 2 * (10 - len(kept))


def test_every_state_of_a_risk_is_there_and_no_way_between_them_but_the_tables(
    played: Played,
) -> None:
    risks = played.risks()
    states = Counter(risk.status for risk in risks.values())
    assert len(risks) == 44
    assert set(states) == set(Status)
    assert states[Status.IN_TREATMENT] > states[Status.OPEN] > 1
    ways = {(start, end) for (start, _act), end in TRANSITIONS.items() if end}
    ways |= {(Status.ACCEPTANCE_REQUESTED, before) for before in ACTIVE}
    ways |= {(Status.CLOSE_REQUESTED, before) for before in ACTIVE}
    for key in risks:
        seen = [Status(one.document["status"]) for one in played.past(key)]
        assert {(a, b) for a, b in pairwise(seen) if a is not b} <= ways, key


def test_all_of_it_says_that_it_is_a_demo(played: Played) -> None:
    assert all(risk.demo for risk in played.risks().values())
    assert all(one.demo for one in played.see(read_controls))
    assert all(one.demo for one in played.see(read_incidents))
    assert all(one.indicator.demo for one in played.see(read_indicators))
    said = played.see(read_statements)
    assert all(one.said.statement.startswith("Demo: ") and one.said.assumption for one in said)
    assert all(one.label.startswith("Demo: ") for one in played.see(list_snapshots))
    assert all(one.reason.startswith("Demo: ") for one in played.see(read_deputies))
    for risk in played.risks().values():
        estimated = [one for one in risk.assessments if one.quantity]
        assert all("demo" in one.rationale for one in estimated[:1])


def test_every_active_risk_has_an_active_owner_in_its_unit(played: Played) -> None:
    people = {one.email: one for one in list_people(played.house, by=SYSTEM)}
    parents = {unit.code: unit.parent_code for unit in agency.units()}
    for risk in played.risks().values():
        owner = people[risk.owner]
        above = {risk.unit_code, parents[risk.unit_code], WHOLE_AGENCY}
        owns = {held.unit.code for held in owner.roles if held.role == Role.RISK_OWNER}
        assert owner.active
        assert owns & above, risk.code


def test_the_trail_verifies_and_every_published_register_is_what_it_was(played: Played) -> None:
    verdict = verify_trail(played.house, by=SYSTEM)
    assert verdict.holds
    assert verdict.entries > 800
    snapshots = played.see(list_snapshots)
    quarters = [one.label.rpartition(" ")[2] for one in reversed(snapshots)]
    assert quarters == [f"{year}-Q{n}" for year in (2024, 2025) for n in (1, 2, 3, 4)]
    assert [one.risks for one in reversed(snapshots)] == sorted(one.risks for one in snapshots)
    for one in (snapshots[0].id, snapshots[-1].id):
        assert played.see(partial(proved, snapshot_id=one)).holds
    viewer = actor(played.house, email("viewer"))
    with played.house.read(viewer, Permission.RISK_VIEW_PUBLISHED) as reader:
        shown = read_register(reader)
    assert 30 < len(shown) < snapshots[0].risks
    assert {risk.owner for risk in shown} == {""}


def test_a_shortage_turns_its_indicator_red_in_the_extract_of_that_month(played: Played) -> None:
    """Raised long before, borne by the head of the unit, then open again by the system."""
    before, after = evening(9, 1), evening(9, 3)
    borne, opened = played.risk("blanks", before), played.risk("blanks", after)
    assert played.risk("blanks", evening(24, 9)).status is Status.PROPOSED
    assert borne.status is Status.ACCEPTED
    assert borne.acceptance is not None
    assert borne.acceptance.decided_by == email("production-owner") != borne.owner
    assert opened.status is Status.OPEN
    assert opened.acceptances[-1].ended_because == "risks.ended.indicator"
    assert [one.cause for one in opened.open_escalations] == [EscalationCause.INDICATOR]
    ended = next(one for one in played.past("blanks") if one.tag == "risks.acceptance_ended")
    assert ended.actor == "SYSTEM"
    assert ended.cause is not None
    assert (ended.cause["kpi"], ended.cause["period"]) == ("SD-03", "2025-03")
    assert ended.cause["value"] <= 85.0
    code = ended.cause["indicator"]
    turns = played.see(lambda reader: read_turns(reader, code))
    states = [one.indicator.standing.state for one in turns if one.indicator.standing]
    assert IndicatorState.RED in states
    assert states[-1] is not IndicatorState.RED


def test_it_is_treated_and_lowered_once_that_is_done_and_a_control_was_tested(
    played: Played,
) -> None:
    worst, now = played.risk("blanks", evening(9, 20)), played.risk("blanks")
    assert (worst.status, worst.level) == (Status.IN_TREATMENT, "critical")
    answered = [one for one in now.escalations if one.cause is EscalationCause.ABOVE_TOLERABLE]
    assert answered[0].answered_by == email("manager")
    levels = [one.level for one in now.assessments if one.kind is Kind.CURRENT]
    assert levels[-1] == "medium"
    lowered = now.current
    assert lowered is not None
    done = [one for one in now.treatments if one.state is TreatmentState.DONE]
    assert len(done) == 2
    assert all(one.done_on is not None and one.done_on < lowered.assessed_at.date() for one in done)
    leant = {link.control_id for link in now.control_links}
    tested = [one for one in played.see(read_controls) if one.id in leant and one.works]
    assert any(one.tests[-1].tested_at < lowered.assessed_at for one in tested)


def test_an_acceptance_of_six_months_ran_out(played: Played) -> None:
    risk = played.risk("staff-leave")
    asked = risk.acceptances[0]
    assert asked.decided_by == email("manager")
    assert 170 <= (asked.valid_until - asked.requested_at.date()).days <= 190
    assert (asked.state, asked.ended_because) == (AcceptanceState.ENDED, "risks.ended.expired")
    day_before = datetime.combine(asked.valid_until, time(), SPEC.zone)
    assert played.risk("staff-leave", day_before).status is Status.ACCEPTED
    a_week_later = day_before + timedelta(days=8)
    assert played.risk("staff-leave", a_week_later).status is Status.OPEN
    assert risk.status is Status.IN_TREATMENT


def test_what_was_asked_for_was_refused_rejected_and_left_open(played: Played) -> None:
    refused = played.risk("it-staff").acceptances[0]
    assert (refused.state, refused.decided_by) == (AcceptanceState.REFUSED, email("manager"))
    assert refused.decision_note.startswith("No: ")
    rejected = played.risk("licence-exchange")
    assert rejected.status is Status.REJECTED
    assert rejected.close_reason
    tags = [one.tag for one in played.past("migration")]
    assert tags.count("risks.close_requested") == 2
    assert "risks.close_refused" in tags
    assert played.risk("migration").status is Status.CLOSED


def test_a_closed_risk_came_true_and_is_open_again(played: Played) -> None:
    risk = played.risk("restore")
    incident = next(one for one in played.see(read_incidents) if risk.code in one.risks)
    recorded = incident.recorded_at
    assert played.risk("restore", recorded).status is Status.CLOSED
    again = played.risk("restore", recorded + timedelta(hours=1))
    assert (again.status, again.reopened_because) == (Status.OPEN, "risks.ended.incident")
    assert (risk.status, risk.level) == (Status.IN_TREATMENT, "medium")
    assert risk.author == email("risk-owner") != risk.owner


def test_a_late_treatment_was_moved_twice_and_escalated(played: Played) -> None:
    risk = played.risk("contract")
    (tender,) = risk.treatments
    assert tender.due_changes[0].old == tender.original_due
    assert len({one.reason for one in tender.due_changes}) == 2
    assert tender.slippage > 180
    (late,) = risk.escalations
    assert late.cause is EscalationCause.LATE_TREATMENT
    assert late.raised_by == "SYSTEM"
    assert (late.raised_at.date() - tender.due).days > 30
    assert late.answered_by == email("deputy-director")


def test_an_office_falls_behind_until_the_director_owes_an_answer(played: Played) -> None:
    risk = played.risk("backlog-ferizaj")
    levels = [one.level for one in risk.assessments if one.kind is Kind.CURRENT]
    ranks = played.see(in_force).rank
    assert [ranks(one or "") for one in levels] == sorted(ranks(one or "") for one in levels)
    assert (risk.status, risk.level) == (Status.IN_TREATMENT, "critical")
    assert ("manager", EscalationCause.ABOVE_TOLERABLE) in [
        (one.to_role, one.cause) for one in risk.open_escalations
    ]


def test_a_deputy_judged_while_the_owner_was_away(played: Played) -> None:
    (away,) = played.see(read_deputies)
    judged = [
        one for one in played.risk("outage").assessments if one.assessed_by == email("deputy")
    ]
    assert judged
    assert all(away.valid_from <= one.assessed_at.date() <= away.valid_to for one in judged)


def test_criteria_changed_once_and_no_old_assessment_did(played: Played) -> None:
    versions = played.see(all_criteria)
    assert set(versions) == {1, 2}
    first = played.see(in_force, evening(20, 1))
    assert (first.version, first.matrix[0][4]) == (1, "medium")
    for risk in played.risks().values():
        for one in risk.assessments:
            made_by = versions[one.criteria_version]
            assert one.level == made_by.level(one.likelihood, one.impact)
    asked = [one.tag for one in played.past("double-identity")]
    assert "risks.reassessment_asked" in asked


def test_controls_fail_are_overdue_and_are_not_tested_by_who_runs_them(played: Played) -> None:
    controls = played.see(read_controls)
    assert len(controls) == 16
    assert all(test.tested_by != one.owner for one in controls for test in one.tests)
    failing = {one.title for one in controls if one.last_test and not one.works}
    assert "Monthly look at the traces of searches" in failing
    late = overdue(controls, SPEC.today)
    assert [one.title for one in late] == ["Procedure for notifying breaches"]


def test_reviews_of_every_quarter_and_past_chances_can_be_scored(played: Played) -> None:
    risks = list(played.risks().values())
    reviewed = Counter(
        (one.reviewed_at.year, (one.reviewed_at.month - 1) // 3) for r in risks for one in r.reviews
    )
    assert len(reviewed) >= 7
    assert min(count for quarter, count in reviewed.items() if quarter != (2026, 0)) >= 5
    incidents = played.see(read_incidents)
    told = forecasts(risks, incidents, played.see(all_criteria), SPEC.today)
    overall = scores(told).overall
    assert overall is not None
    assert overall.too_few is None
    assert sum(one.loss or 0 for one in incidents) > 100_000


def test_everybody_finds_something_to_decide(played: Played) -> None:
    risks = played.risks()
    assert {key for key, one in risks.items() if one.status is Status.PROPOSED} == {
        "new-rules",
        "plates",
    }
    assert risks["payments"].status is Status.ACCEPTANCE_REQUESTED
    assert risks["sms"].status is Status.CLOSE_REQUESTED
    drafts = [one for one in risks.values() if one.status is Status.DRAFT]
    assert len(drafts) == 2
    assert all(one.current is None for one in drafts)
    assert risks["procurement"].is_escalated


def test_killed_twice_it_is_played_on_to_the_same_register_in_another_language(
    played: Played, tmp_path_factory: pytest.TempPathFactory
) -> None:
    house = bare_house(tmp_path_factory.mktemp("killed"), "sq")
    for share in (0.04, 0.11, 0.25):
        with pytest.raises(Killed):
            play_register(house, SPEC, _killed_at(share))
    other = Played(house, ())
    with house.read(SYSTEM, Permission.RISK_VIEW) as reader:
        again = {one.title: one for one in read_register(reader)}
        steps = {
            key: [(one.at, one.actor, one.tag) for one in read_past(reader, again[title])]
            for key, title in titles("sq").items()
            if title in again
        }
    assert len(steps) > 20
    until = max(at for each in steps.values() for at, _actor, _tag in each)
    assert until > evening(20, 1)
    for key, told in steps.items():
        first = [(one.at, one.actor, one.tag) for one in played.past(key) if one.at <= until]
        assert told == [one for one in first if one[2] != "risks.indicator_linked"], key
    other.house.database.dispose()


class Killed(Exception):
    """As if the process had ended here."""


def _killed_at(share: float) -> Callable[[float], None]:
    def progress(done: float) -> None:
        if done >= share:
            raise Killed

    return progress
