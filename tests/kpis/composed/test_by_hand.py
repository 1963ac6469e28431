"""Small cases of composed KPIs whose values anybody can work out on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.figure import Missing
from data.period import Period
from data.store.tables import Batch
from kpis.lineage import explain
from kpis.readings import Ask, Reading, refresh, values
from tests.kpis.composed.conftest import LINES, settle
from tests.kpis.conftest import Loads

CUT = date(2024, 6, 30)
APRIL, QUARTER = Period.parse("2024-04"), Period.parse("2024-Q2")
YEAR = Period.parse("2024")


def table(key: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows with a key of their own; texts of moments are read as such."""
    frame = pd.DataFrame([{key: f"R{n}", **row} for n, row in enumerate(rows)])
    for name in frame.columns:
        if name.endswith(("_at", "_utc", "_date", "_for")) or name == "month":
            frame[name] = pd.to_datetime(frame[name], format="ISO8601")
        else:
            frame[name] = frame[name].astype(object)
    return frame


def reading(loads: Loads, code: str, period: Period, **where: str) -> Reading:
    refresh(loads.workspace, by=SYSTEM, codes=[code])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (found,) = values(reader, Ask(code, period, period, where=where))
    return found


def value(loads: Loads, code: str, period: Period, **where: str) -> float | Missing | None:
    """The value, or why there is none."""
    figure = reading(loads, code, period, **where).figure
    return figure.value if figure.missing is None else figure.missing


DOCUMENT = {"expiry_date": "2024-04-30", "holder_status": "active", "document_type": "ID_CARD"}


def messages(*delivered: str) -> pd.DataFrame:
    return table(
        "sms_id",
        [
            {
                "document_pseudo": f"D{n}",
                "status": "delivered",
                "planned_for": "2024-04-01",
                "delivered_at": moment,
            }
            for n, moment in enumerate(delivered)
        ],
    )


def documents(count: int) -> pd.DataFrame:
    frame = table("none", [DOCUMENT] * count).drop(columns="none")
    return frame.assign(document_pseudo=[f"D{n}" for n in range(count)])


def test_a_message_counts_from_90_to_7_days_before_the_expiry(loads: Loads) -> None:
    loads.load("expiring_documents", documents(5), cut_off=CUT)
    moments = ["2024-01-30 23:59", "2024-01-31", "2024-04-23 23:59", "2024-04-24"]
    loads.load("sms", messages(*moments), cut_off=CUT)
    assert value(loads, "CS-05", APRIL) == 40.0


def test_documents_that_messages_remind_are_told_apart(loads: Loads) -> None:
    held = documents(4)
    renewed = ["2024-04-30 23:00", "2024-05-01 01:00", "2024-04-02 10:00", None]
    held["renewal_submitted_at"] = pd.to_datetime(pd.Series(renewed))
    loads.load("expiring_documents", held, cut_off=CUT)
    loads.load("sms", messages("2024-03-01", "2024-03-01"), cut_off=CUT)
    assert value(loads, "CS-06", APRIL) == 50.0
    assert value(loads, "CS-06", APRIL, reminded="true") == 50.0
    assert value(loads, "CS-06", APRIL, reminded="false") == 50.0
    assert reading(loads, "CS-06", APRIL, reminded="true").cases == 2


def test_reach_is_not_final_before_any_message_was_loaded(loads: Loads) -> None:
    loads.load("expiring_documents", documents(3), cut_off=CUT)
    assert reading(loads, "CS-05", APRIL).partial


def births(count: int, **more: object) -> list[dict[str, object]]:
    born = {"event_type": "birth", "occurred_abroad": False, "event_date": "2024-02-01"}
    moments = {"notified_at": "2024-02-02", "registered_at": "2024-02-03"}
    return [{**born, **moments, **more} for _ in range(count)]


def test_births_of_a_place_without_expectation_do_not_count(loads: Loads) -> None:
    here, nowhere = births(90, mother_municipality_code="01"), births(30)
    loads.load("civil_events", table("event_id", here + nowhere), cut_off=date(2025, 12, 31))
    expected = {"municipality_code": "01", "year": 2024, "population": 9, "expected_births": 100}
    loads.load(
        "population_reference", pd.DataFrame([expected]), cut_off=CUT, last=date(2024, 12, 31)
    )
    assert value(loads, "CR-03", YEAR, municipality="01") == 90.0
    assert value(loads, "CR-03", YEAR) == 90.0


def test_a_year_over_the_expectation_is_not_capped(loads: Loads) -> None:
    born = births(120, mother_municipality_code="01")
    born += births(5, mother_municipality_code="01", registered_at="2025-02-02")  # a day late
    loads.load("civil_events", table("event_id", born), cut_off=date(2025, 12, 30))
    expected = {"municipality_code": "01", "year": 2024, "population": 9, "expected_births": 100}
    last = {"cut_off": date(2025, 12, 31), "last": date(2024, 12, 31)}
    loads.load("population_reference", pd.DataFrame([expected]), **last)  # type: ignore[arg-type]
    assert value(loads, "CR-03", YEAR) == 120.0
    assert reading(loads, "CR-03", YEAR).partial  # a day before the year is final


def communities(ours: int, theirs: int, unknown: int) -> pd.DataFrame:
    moments = {"event_date": "2024-04-01", "notified_at": "2024-04-02"}
    groups = [("ROMA", ours, "2024-06-01"), ("SERB", theirs, "2024-04-05")]
    groups.append((None, unknown, "2024-04-05"))  # type: ignore[arg-type]
    rows = [
        {"event_type": "birth", "occurred_abroad": False, "community": community, **moments}
        | {"registered_at": day}
        for community, count, day in groups
        for _ in range(count)
    ]
    return table("event_id", rows)


@pytest.mark.parametrize(
    ("groups", "wanted"),
    [
        ((30, 30, 15), 100.0),  # exactly a fifth unknown
        ((30, 30, 16), Missing.TOO_MUCH_UNKNOWN),
        ((29, 90, 0), Missing.TOO_FEW),
        ((90, 29, 0), Missing.TOO_FEW),
        ((0, 90, 0), Missing.NO_DATA),
    ],
)
def test_a_gap_needs_thirty_births_and_known_communities(
    loads: Loads, groups: tuple[int, int, int], wanted: float | Missing
) -> None:
    loads.load("civil_events", communities(*groups), cut_off=CUT)
    assert value(loads, "CR-05", QUARTER) == wanted


def test_a_window_that_reaches_before_the_first_load_is_partial(loads: Loads) -> None:
    loads.load("civil_events", communities(30, 30, 0), cut_off=CUT)  # knows nothing before 2024
    assert reading(loads, "CR-05", QUARTER).partial


def test_persons_identified_180_to_544_days_before_the_end(loads: Loads) -> None:
    outside, inside = ["2023-01-02", "2024-01-03"], ["2023-01-03", "2023-06-30"]
    rows = [
        {"identified_at": day, "resolved_at": day, "outcome": "registered"}
        for day in outside + inside
    ]
    rows += [
        {"identified_at": "2024-01-02", "outcome": outcome}
        for outcome in ("lost_contact", "not_eligible")
    ]
    rows.append(
        {"identified_at": "2023-07-01", "resolved_at": "2023-12-29", "outcome": "registered"}
    )  # after 181 days
    loads.load("outreach", table("case_id", rows), cut_off=CUT, first=date(2022, 1, 1))
    found = reading(loads, "CR-06", QUARTER)
    assert (found.figure.value, found.cases) == (50.0, 4)


def run(run_id: str, day: str, **counts: object) -> dict[str, object]:
    place = {"register": "CIVIL", "municipality_code": "01"}
    return {"run_id": run_id, "run_date": day, **place, **counts}


def match(run_id: str, day: str, exact: int) -> dict[str, object]:
    return run(run_id, day, persons_total=100, matched_exact=exact)


def loaded_runs(loads: Loads, name: str, *loaded: list[dict[str, object]]) -> None:
    for rows in loaded:
        loads.load(name, table("none", rows).drop(columns="none"), cut_off=CUT)


def test_of_two_runs_on_a_day_the_one_loaded_later_counts(loads: Loads) -> None:
    older, newer = [match("B", "2024-04-20", 50)], [match("A", "2024-04-20", 80)]
    loaded_runs(loads, "address_matches", older, newer, [match("C", "2024-04-10", 10)])
    assert value(loads, "DQ-01", APRIL) == 80.0


def test_two_runs_on_a_day_in_one_load_are_never_added_up(loads: Loads) -> None:
    loaded_runs(
        loads, "address_matches", [match("A", "2024-04-20", 50), match("B", "2024-04-20", 80)]
    )
    assert reading(loads, "DQ-01", APRIL).cases == 100


def check(rule: str, weight: float, failed: int, **more: object) -> dict[str, object]:
    day = {"run_id": "A", "run_date": "2024-04-20", "register": "CIVIL", "municipality_code": "01"}
    told = {"rule_code": rule, "weight": weight, "records_failed": failed}
    return {**day, **told, "records_checked": 100, **more}


def test_an_index_pools_places_and_weighs_rules(loads: Loads) -> None:
    rows = [
        check("R1", 3, 10),
        check("R1", 3, 0, municipality_code="04", records_checked=300),
        check("R2", 1, 50),
        check("R3", 9, 0, records_checked=0),
    ]
    loaded_runs(loads, "dq_checks", rows)
    assert value(loads, "DQ-02", APRIL) == 100 * (3 * 0.975 + 0.5) / 4


def test_one_rule_with_two_weights_is_refused(loads: Loads) -> None:
    rows = [check("R1", 3, 10), check("R1", 2, 10, municipality_code="04"), check("R2", 1, 50)]
    loaded_runs(loads, "dq_checks", rows)
    assert value(loads, "DQ-02", APRIL) is Missing.CONFLICTING
    assert value(loads, "DQ-02", APRIL, municipality="04") == 90.0
    assert value(loads, "DQ-02", APRIL, rule_code="R2") == 50.0


def test_one_rule_with_another_weight_in_another_register_is_refused(loads: Loads) -> None:
    loaded_runs(loads, "dq_checks", [check("R1", 3, 10), check("R1", 2, 10, register="VEHICLES")])
    assert value(loads, "DQ-02", APRIL) is Missing.CONFLICTING


def test_a_rule_that_the_last_run_no_longer_tries_is_out(loads: Loads) -> None:
    earlier = {"run_id": "Z", "run_date": "2024-04-10"}
    rows = [check("R1", 1, 0, **earlier), check("R2", 1, 100, **earlier), check("R1", 1, 10)]
    loaded_runs(loads, "dq_checks", rows)
    assert value(loads, "DQ-02", APRIL) == 90.0


def snapshot(day: str, place: str, records: int) -> dict[str, object]:
    where = {"register": "CIVIL", "municipality_code": place}
    return {"snapshot_date": day, **where, "active_records": records}


def correction(office: str, cause: str) -> dict[str, object]:
    moments = {"requested_at": "2024-04-02", "completed_at": "2024-05-02"}
    return {"register": "CIVIL", "office_code": office, "cause": cause, **moments}


def test_corrections_are_over_the_mean_of_the_month_ends_there_are(loads: Loads) -> None:
    settle(loads.workspace)
    causes = ["office_error", "office_error", "source_error", "court", "citizen_change"]
    loads.load(
        "corrections",
        table("correction_id", [correction("O01", cause) for cause in causes]),
        cut_off=CUT,
    )
    ends = [snapshot("2024-04-30", "01", 1000), snapshot("2024-06-30", "01", 2000)]  # none in May
    loaded_runs(loads, "register_snapshot", ends)
    assert value(loads, "DQ-03", QUARTER) == 2.0
    assert value(loads, "DQ-03", QUARTER, cause="source_error") == 1 / 1.5
    assert value(loads, "DQ-03", QUARTER, municipality="01") == 2.0


def test_a_quarter_that_lacks_a_month_end_is_partial(loads: Loads) -> None:
    settle(loads.workspace)
    rows = table("correction_id", [correction("O01", "office_error")])
    loads.load("corrections", rows, cut_off=CUT)
    for month in (4, 6):
        end = date(2024, month, 30)
        ends = table("none", [snapshot(f"{end}", "01", 1000)]).drop(columns="none")
        loads.load("register_snapshot", ends, cut_off=CUT, first=end.replace(day=1), last=end)
    found = reading(loads, "DQ-03", QUARTER)
    assert (found.figure.value, found.partial) == (1.0, True)


def breach(aware: str, told: str | None) -> dict[str, object]:
    moments = {"opened_at": aware, "breach_aware_at": aware, "authority_notified_at": told}
    duty = {"personal_data_breach": True, "notification_required": True}
    return {"service": "CIVIL", **duty, **moments}


def breaches(*rows: dict[str, object]) -> pd.DataFrame:
    frame = table("incident_id", rows)
    for name in ("opened_at", "breach_aware_at", "authority_notified_at"):
        moments = frame[name].dt.tz_localize("Europe/Belgrade").dt.tz_convert("UTC")
        frame[f"{name}_utc"] = moments.dt.tz_localize(None)
    return frame


def test_72_hours_are_hours_of_the_clock_on_the_wall(loads: Loads) -> None:
    rows = [
        breach("2024-03-29 12:00", "2024-04-01 13:00"),  # the clock went forward: 72 hours
        breach("2024-03-29 12:00", "2024-04-01 13:01"),
        breach("2024-03-29 12:00", None),
        breach("2024-03-29 12:00", "2024-03-29 13:00"),
    ]
    loads.load("it_incidents", breaches(*rows), cut_off=CUT)
    assert value(loads, "IT-04", Period.parse("2024-Q1")) == 50.0
    assert value(loads, "IT-04", QUARTER) is Missing.NO_DATA


def test_a_breach_enters_once_its_72_hours_are_over_at_the_cut_off(loads: Loads) -> None:
    rows = [breach("2024-06-27 23:59", None), breach("2024-06-28 00:01", None)]
    loads.load("it_incidents", breaches(*rows), cut_off=CUT)
    assert reading(loads, "IT-04", QUARTER).cases == 1


def test_an_extract_cut_at_noon_does_not_know_the_afternoon(loads: Loads) -> None:
    event = loads.load("it_incidents", breaches(breach("2024-06-27 18:00", None)), cut_off=CUT)
    with loads.workspace.database.writing() as session:
        batch = session.get(Batch, loads.batches[event])
        assert batch is not None
        batch.cut_at = datetime(2024, 6, 30, 10, tzinfo=UTC)  # noon: 66 of the 72 hours
    assert value(loads, "IT-04", QUARTER) is Missing.NO_DATA


def application(office: str, day: str, decision: str = "approved") -> dict[str, object]:
    moments = {"submitted_at": day, "decided_at": day, "issued_at": day}
    return {"service_code": "ID_CARD", "office_code": office, "decision": decision, **moments}


def cost(office: str, month: str, **more: object) -> dict[str, object]:
    amounts = {"staff_days_worked": 10, "direct_cost_eur": 90.5, "shared_cost_eur": 9.5}
    return {"office_code": office, "month": month, **amounts, **more}


def test_work_is_counted_in_applications_of_thirty_minutes(loads: Loads) -> None:
    settle(loads.workspace)  # an ID card is 20 minutes
    rows = [application("O01", "2024-04-03")] * 30
    rows += [application("O02", "2024-04-03")] * 99  # no staff data
    rows += [application("O01", "2024-04-03", "withdrawn")]
    loads.load("applications", table("application_id", rows), cut_off=CUT)
    loaded_runs(loads, "staff_cost", [cost("O01", "2024-04-01"), cost("O03", "2024-04-01")])
    assert value(loads, "MG-01", APRIL, office="O01") == 2.0
    assert value(loads, "MG-01", APRIL, office="O02") is Missing.NO_DATA
    assert value(loads, "MG-01", APRIL, office="O03") == 0.0
    assert value(loads, "MG-01", APRIL) == 1.0


def test_a_cost_of_which_a_part_is_not_stated_is_no_cost(loads: Loads) -> None:
    rows = [application("O01", day) for day in ("2024-04-03", "2024-05-03", "2024-06-03")]
    loads.load("applications", table("application_id", rows), cut_off=CUT)
    months = [cost("O01", "2024-04-01"), cost("O01", "2024-05-01", shared_cost_eur=None)]
    loaded_runs(loads, "staff_cost", [*months, cost("O02", "2024-04-01")])
    assert value(loads, "MG-02", QUARTER) == 100.0
    assert value(loads, "MG-02", QUARTER, office="O02") is Missing.NO_DATA


def payment(**more: object) -> dict[str, object]:
    paid = {"paid_at": "2024-04-05", "amount_eur": 50.0, "status": "paid", "fee_code": "F1"}
    return {**paid, **more}


def paid(loads: Loads) -> None:
    rows = [
        payment(reconciled_at="2024-04-06"),
        payment(status="refunded", fee_code="F2"),
        payment(refund_of="R1", status="refunded", amount_eur=50.0, paid_at="2024-05-05"),
        payment(refund_of="R1", amount_eur=-10.0, fee_code="F2"),
        payment(status="failed"),
        payment(refund_of="R0", status="pending"),
    ]
    loads.load("payments", table("payment_id", rows), cut_off=CUT)
    months = [cost("O01", month, revenue_plan_eur=100) for month in ("2024-04-01", "2024-05-01")]
    loaded_runs(loads, "staff_cost", months)


def test_a_refund_comes_off_once_in_its_own_month(loads: Loads) -> None:
    paid(loads)
    assert value(loads, "MG-03", APRIL) == 90.0
    assert value(loads, "MG-03", Period.parse("2024-05")) == -50.0
    assert value(loads, "MG-03", APRIL, fee_code="F2") == 40.0
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (share,) = values(reader, Ask("MG-03", APRIL, APRIL, measures=("unreconciled",)))
    assert share.figure.value == 50.0


def test_the_revenue_of_a_fee_can_be_explained(loads: Loads) -> None:
    paid(loads)
    refresh(loads.workspace, by=SYSTEM, codes=["MG-03"])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = explain(reader, "MG-03", APRIL, where={"fee_code": "F2"})
    assert found.numerator == 40.0


@pytest.mark.parametrize("code", list(LINES))
def test_a_kpi_can_be_explained_before_anything_is_loaded(loads: Loads, code: str) -> None:
    refresh(loads.workspace, by=SYSTEM, codes=[code])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert explain(reader, code, YEAR).counted == 0


def test_an_action_is_judged_by_its_first_due_date(loads: Loads) -> None:
    due = {"baseline_due_date": "2024-04-10", "due_date": "2024-09-01"}
    done = ["2024-04-10", "2024-04-11", None]
    rows = [{**due, "completed_at": day} for day in done]
    rows.append({"baseline_due_date": "2024-07-01", "completed_at": "2024-05-01"})  # not due yet
    loads.load("strategy_actions", table("action_id", rows), cut_off=CUT)
    found = reading(loads, "MG-04", QUARTER)
    assert found.cases == 3
    assert found.figure.value == 100 / 3
