"""What the other extracts have to tell can be found in them with plain pandas."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.demo.extracts.plot import WAITING_OFFICE
from dashboard.demo.extracts.stories import extract_stories
from dashboard.demo.story import blank_shortage
from data.language.languages import Language
from data.language.texts import Texts

from .conftest import Sent, mean_between, month

FIRST, END = date(2023, 1, 1), date(2026, 1, 1)
HALF_YEAR_BEFORE_END = date(2025, 7, 1)


def before_and_after(
    values: pd.Series, moments: pd.Series, start: date, settled: object = HALF_YEAR_BEFORE_END
) -> tuple[float, float]:
    return mean_between(values, moments, FIRST, start), mean_between(values, moments, settled, END)


def test_fewer_miss_their_appointment_once_they_are_reminded(sent: Sent) -> None:
    rows = sent.now("appointments")
    rows = rows[rows.status.isin(["attended", "no_show"]) & rows.slot_start.notna()]
    missed = rows.status == "no_show"
    before, after = before_and_after(missed, rows.slot_start, sent.plot.reminders)
    assert before == pytest.approx(0.165, abs=0.01)
    assert after < 0.6 * before


def test_more_renew_in_time_once_they_are_reminded(sent: Sent) -> None:
    rows = sent.now("expiring_documents")
    rows = rows[rows.holder_status == "active"]
    in_time = rows.renewal_submitted_at.dt.normalize() <= rows.expiry_date
    before, after = before_and_after(in_time, rows.expiry_date, sent.plot.reminders)
    assert before < 0.45
    assert after > before + 0.15


def test_reminders_reach_most_holders_and_only_since_they_started(sent: Sent) -> None:
    told = sent.now("sms")
    assert told.planned_for.min() >= pd.Timestamp(sent.plot.reminders)
    delivered = set(told[told.status == "delivered"].document_pseudo)
    rows = sent.now("expiring_documents")
    rows = rows[(rows.holder_status == "active") & (rows.expiry_date < "2026-01-01")]
    reached = rows.document_pseudo.isin(delivered)
    before, after = before_and_after(reached, rows.expiry_date, sent.plot.reminders)
    assert before == 0
    assert after > 0.7


def test_cards_take_the_place_of_cash_as_terminals_come(sent: Sent) -> None:
    rows = sent.now("payments")
    rows = rows[(rows.status == "paid") & rows.refund_of.isna()]
    electronic = rows.method.isin(["card_pos", "online", "mobile"])
    before, after = before_and_after(electronic, rows.paid_at, sent.plot.terminals)
    assert after > before + 0.4
    cards = rows[rows.method == "card_pos"]
    assert cards.paid_at.min() >= pd.Timestamp(sent.plot.terminals)


def test_data_are_worse_after_the_migration_and_recover(sent: Sent) -> None:
    rows = sent.now("dq_checks")
    rules = rows.groupby([month(rows.run_date), "rule_code"]).agg(
        failed=("records_failed", "sum"),
        checked=("records_checked", "sum"),
        weight=("weight", "max"),
    )
    points = rules.weight * (1 - rules.failed / rules.checked)
    index = points.groupby(level=0).sum() / rules.weight.groupby(level=0).sum()
    assert index["2024-12"] > 0.97
    assert index["2025-01"] < index["2024-12"] - 0.03
    assert index["2025-12"] > 0.975
    recovery = index["2025-02":"2025-09"]
    assert recovery.is_monotonic_increasing


def test_addresses_match_less_after_the_migration(sent: Sent) -> None:
    rows = sent.now("address_matches")
    sums = rows.groupby(month(rows.run_date))[["matched_exact", "persons_total"]].sum()
    share = sums.matched_exact / sums.persons_total
    assert share["2025-01"] < share["2024-12"] - 0.05
    assert share["2025-12"] > share["2024-12"]


def test_the_migration_brings_corrections(sent: Sent) -> None:
    rows = sent.now("corrections")
    source = rows[rows.cause == "source_error"]
    count = source.groupby(month(source.completed_at)).size()
    assert count["2025-02"] > 2 * count["2024-12"]
    assert count["2025-12"] < 0.6 * count["2025-02"]


def timely_births(sent: Sent) -> pd.DataFrame:
    rows = sent.now("civil_events")
    rows = rows[(rows.event_type == "birth") & (rows.occurred_abroad == "false")]
    rows = rows[rows.registered_at.notna() & rows.community.notna()]
    delay = (rows.registered_at.dt.normalize() - rows.event_date).dt.days
    minority = rows.community.isin(["ROMA", "ASHKALI", "EGYPTIAN"])
    return rows.assign(timely=delay.between(0, 30), minority=minority)


def test_births_of_the_minorities_catch_up_after_outreach(sent: Sent) -> None:
    rows = timely_births(sent)
    theirs, others = rows[rows.minority], rows[~rows.minority]
    settled = date(2025, 1, 1)
    before, after = before_and_after(
        theirs.timely, theirs.registered_at, sent.plot.outreach, settled
    )
    assert before < 0.85
    assert after > before + 0.1
    before, after = before_and_after(
        others.timely, others.registered_at, sent.plot.outreach, settled
    )
    assert abs(after - before) < 0.02
    yearly = theirs.groupby(theirs.registered_at.dt.year).size()
    assert yearly.min() >= 30  # enough to be shown at all


def test_few_births_are_of_unknown_community(sent: Sent) -> None:
    rows = sent.now("civil_events")
    births = rows[rows.event_type == "birth"]
    assert births.community.isna().groupby(births.registered_at.dt.year).mean().max() < 0.2


def test_people_without_papers_are_helped_sooner(sent: Sent) -> None:
    rows = sent.now("outreach")
    rows = rows[rows.outcome != "not_eligible"]
    helped = rows.outcome.isin(["registered", "documented"])
    in_time = helped & ((rows.resolved_at - rows.identified_at).dt.days <= 180)
    before = mean_between(in_time, rows.identified_at, FIRST, sent.plot.outreach)
    after = mean_between(in_time, rows.identified_at, date(2024, 10, 1), HALF_YEAR_BEFORE_END)
    assert after > before + 0.15


def test_one_month_has_an_outage(sent: Sent) -> None:
    rows = sent.now("it_availability")
    sums = rows.groupby(month(rows.day))[["agreed_minutes", "unplanned_down_minutes"]].sum()
    up = 1 - sums.unplanned_down_minutes / sums.agreed_minutes
    outage = f"{sent.plot.outage:%Y-%m}"
    assert up.idxmin() == outage
    assert up[outage] < 0.99
    assert up.drop(outage).min() > 0.995
    asked = sent.now("register_exchange")
    sums = asked.groupby(month(asked.day))[["calls", "ok_calls"]].sum()
    answered = sums.ok_calls / sums.calls
    assert answered.idxmin() == outage
    assert answered.drop(outage).min() > 0.985


def test_one_breach_is_notified_too_late(sent: Sent) -> None:
    rows = sent.now("it_incidents")
    rows = rows[(rows.personal_data_breach == "true") & (rows.notification_required == "true")]
    hours = (rows.authority_notified_at - rows.breach_aware_at).dt.total_seconds() / 3600
    assert (hours > 72).sum() == 1
    assert (hours <= 72).sum() == 4
    assert month(rows[hours > 72].breach_aware_at).item() == f"{sent.plot.late_notice:%Y-%m}"


def test_one_backup_could_not_be_restored(sent: Sent) -> None:
    rows = sent.now("backup_tests")
    assert rows.result.value_counts().to_dict() == {"pass": 142, "fail": 1, "not_run": 1}
    failed = rows[rows.result == "fail"]
    assert month(failed.planned_for).item() == f"{sent.plot.failed_restore:%Y-%m}"
    passed = rows[rows.result == "pass"]
    assert (passed.rto_minutes <= passed.rto_target_minutes).all()


def waiting(sent: Sent) -> pd.DataFrame:
    """Attended visits with the minutes waited from the slot, or from a late arrival."""
    rows = sent.now("appointments")
    rows = rows[rows.status == "attended"]
    since = rows[["slot_start", "ticket_at"]].max(axis=1)
    return rows.assign(minutes=(rows.called_at - since).dt.total_seconds() / 60)


def test_people_wait_far_too_long_in_one_office(sent: Sent) -> None:
    rows = waiting(sent)
    rows = rows[rows.called_at >= "2025-07-01"]
    longest = rows.groupby("office_code").minutes.quantile(0.9)
    sizes = rows.groupby("office_code").size()
    longest = longest[sizes >= 30]
    assert longest.idxmax() == WAITING_OFFICE
    assert longest[WAITING_OFFICE] > 35
    assert longest.drop(WAITING_OFFICE).max() < 28
    assert longest.median() < 20


def test_people_are_less_content_where_they_wait(sent: Sent) -> None:
    rows = sent.now("satisfaction")
    content = rows.score >= 4
    mine = rows.office_code == WAITING_OFFICE
    before, after = before_and_after(content[mine], rows.answered_at[mine], sent.plot.long_waits)
    assert after < before - 0.1
    before, after = before_and_after(content[~mine], rows.answered_at[~mine], sent.plot.long_waits)
    assert abs(after - before) < 0.03
    quarters = rows[mine].groupby(rows.answered_at.dt.to_period("Q")).size()
    assert quarters.min() >= 30  # enough to be shown


def test_passport_blanks_run_short_when_passports_are_not_made(sent: Sent) -> None:
    story = blank_shortage(sent.spec)
    rows = sent.now("blank_stock")
    lowest = rows.groupby(["document_type", month(rows.stock_date)]).on_hand.min()
    passports = lowest["PASSPORT"]
    inside = rows[rows.stock_date.between(str(story.start), str(story.end), inclusive="left")]
    during = inside[inside.document_type == "PASSPORT"].on_hand
    assert during.max() < 0.2 * passports["2024-12"]
    assert passports["2025-06":"2025-12"].min() > 3 * during.max()
    others = lowest.drop("PASSPORT", level=0)
    assert others.groupby(level=0).min().gt(0.1 * others.groupby(level=0).max()).all()


def test_revenue_is_near_its_plan(sent: Sent) -> None:
    rows = sent.now("payments")
    first = rows[rows.refund_of.isna() & rows.status.isin(["paid", "refunded"])]
    back = rows[rows.refund_of.notna()]
    paid = first.groupby(first.paid_at.dt.year).amount_eur.sum()
    returned = back.groupby(back.paid_at.dt.year).amount_eur.sum().abs()
    planned = sent.now("staff_cost")
    plan = planned.groupby(planned.month.dt.year).revenue_plan_eur.sum()
    assert ((paid - returned) / plan).between(0.95, 1.10).all()


def test_some_strategy_actions_are_late_and_the_share_falls(sent: Sent) -> None:
    rows = sent.now("strategy_actions")
    rows = rows[rows.baseline_due_date < "2026-01-01"]
    in_time = rows.completed_at <= rows.baseline_due_date
    yearly = in_time.groupby(rows.baseline_due_date.dt.year).mean()
    assert 0.5 < yearly[2023] < yearly[2025] < 1
    assert (rows.due_date >= rows.baseline_due_date).all()
    assert (rows.due_date > rows.baseline_due_date).any()


@pytest.mark.parametrize("language", list(Language))
def test_every_story_can_be_told(sent: Sent, language: Language) -> None:
    texts = Texts(language)
    told = extract_stories(sent.spec)
    assert len({story.code for story in told}) == len(told) == 9
    for story in told:
        text = texts.text(
            story.text_key, start=story.start, end=story.end, office="Prizren", service="Passport"
        )
        assert len(text) > 60
        assert texts.text(story.title_key)
