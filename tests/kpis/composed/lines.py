"""Every line of the composed KPIs from the raw rows that an analyst knows.

Written from the project's KPI list; what the list leaves open is said where it is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import pandas as pd

from tests.kpis.catalogue.in_pandas import Line, Read, Reasons, judged, share, weighted
from tests.kpis.composed.in_pandas import (
    Gap,
    Index,
    Over,
    Reading,
    Rolling,
    Runs,
    Share,
    Side,
    months_up_to_end,
)
from tests.kpis.composed.raw_rows import MINORITY
from tests.kpis.composed.story import MINUTES, OFFICE_PLACES, Known, first_day

Lines = dict[tuple[str, str], Reading]  # (KPI, line)
Rows = Mapping[str, Known]
BIRTH_DAYS, GROUP, UNKNOWN, REFERENCE_MINUTES = 30, 30, 20, 30
HOUR = pd.Timedelta(hours=1)


def lines(known: Rows, districts: Mapping[str, str]) -> Lines:
    """The lines of all KPIs whose extracts are known; an extract beside them may be empty."""
    makers: dict[str, Callable[[], Lines]] = {
        "expiring_documents": lambda: _documents(known),
        "complaints": lambda: _complaints(known),
        "civil_events": lambda: _births(known, districts),
        "outreach": lambda: {("CR-06", "value"): _outreach(known["outreach"])},
        "address_matches": lambda: _addresses(known["address_matches"], districts),
        "dq_checks": lambda: {("DQ-02", "value"): _index(known["dq_checks"])},
        "corrections": lambda: {("DQ-03", "value"): _corrections(known, districts)},
        "it_incidents": lambda: {("IT-04", "value"): _breaches(known["it_incidents"])},
        "applications": lambda: {("MG-01", "value"): _work(known, districts)},
        "staff_cost": lambda: {("MG-02", "value"): _costs(known)},
        "payments": lambda: _revenue(known),
        "strategy_actions": lambda: {("MG-04", "value"): _actions(known["strategy_actions"])},
    }
    made: list[Lines] = [make() for name, make in makers.items() if name in known]
    return {key: line for each in made for key, line in each.items()}


def _true(column: pd.Series) -> pd.Series:
    return column.map(lambda value: value is True).astype(bool)


def _test(rows: pd.DataFrame) -> tuple[str, pd.Series]:
    return "test", _true(rows["is_test"])


def _rows(known: Rows, name: str, *columns: str) -> pd.DataFrame:
    """The rows of an extract beside the KPI's own; none where it was never loaded."""
    if name in known:
        return known[name].rows
    return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})


def _documents(known: Rows) -> Lines:
    """A document is of a period once its day of expiry has come."""
    documents = known["expiring_documents"]
    expiry = documents.rows["expiry_date"]
    reminded = _reminded(documents.rows, _rows(known, "sms", "document_pseudo", "status"))
    renewed = documents.rows["renewal_submitted_at"].dt.normalize() <= expiry
    rows = documents.rows.assign(reached=reminded, renewed=renewed)
    rows["reminded"] = reminded.map({True: "true", False: "false"})
    inactive = ("not_active", rows["holder_status"] != "active")
    unreachable = ~(_true(rows["phone_on_file"]) & _true(rows["sms_consent"]))
    silent = ("no_phone_or_consent", unreachable)
    due = expiry <= pd.Timestamp(documents.cut_off)
    every, reachable = (judged(rows, expiry, why)[due] for why in ([inactive], [inactive, silent]))
    columns = {"document_type": "document_type", "municipality": "municipality_code"}
    reach, renewal = {**columns, "language": "language"}, {**columns, "reminded": "reminded"}
    return {
        ("CS-05", "value"): Share(Line(every, reach, share(lambda each: each["reached"]))),
        ("CS-05", "reachable"): Share(Line(reachable, reach, share(lambda each: each["reached"]))),
        ("CS-06", "value"): Share(Line(every, renewal, share(lambda each: each["renewed"]))),
    }


def _reminded(documents: pd.DataFrame, sms: pd.DataFrame) -> pd.Series:
    """Whether any message was delivered from 90 to 7 days before the expiry."""
    delivered = sms[sms["status"] == "delivered"]
    if delivered.empty:
        return pd.Series(False, index=documents.index)
    both = delivered[["document_pseudo", "delivered_at"]].merge(documents, on="document_pseudo")
    days = (both["expiry_date"] - both["delivered_at"].dt.normalize()).dt.days
    reached = set(both.loc[days.between(7, 90), "document_pseudo"])
    return documents["document_pseudo"].isin(reached)


def _complaints(known: Rows) -> Lines:
    columns = {"office": "office_code", "service": "service_code"}
    rows = known["complaints"].rows
    withdrawn: Reasons = [("withdrawn", rows["outcome"] == "withdrawn")]
    upheld: Reasons = [*withdrawn, ("not_upheld", rows["outcome"] != "upheld")]
    applied = _rows(known, "applications", "submitted_at", "is_test", *columns.values())
    submitted = pd.to_datetime(applied["submitted_at"])
    bottom = Side(judged(applied, submitted, [_test(applied)]), columns)
    sides = {"value": withdrawn, "upheld": upheld}
    by_category = {**columns, "category": "category"}
    return {
        ("CS-09", line): Over(
            Side(judged(rows, rows["received_at"], why), by_category),
            bottom,
            Fraction(10_000),
            carried=frozenset({"category"}),
            counts_rows=True,
        )
        for line, why in sides.items()
    }


def _births(known: Rows, districts: Mapping[str, str]) -> Lines:
    events = known["civil_events"]
    rows = events.rows.assign(district=events.rows["mother_municipality_code"].map(districts))
    abroad, inside = _true(rows["occurred_abroad"]), rows["occurred_abroad"].map(_is_false)
    here: Reasons = [
        _test(rows),
        ("not_birth", rows["event_type"] != "birth"),
        ("abroad", abroad),
        ("abroad_not_stated", ~abroad & ~inside),
    ]
    found: Lines = {("CR-03", "value"): _completeness(known, rows, here)}
    return found | _gap(events, rows, here)


def _is_false(value: object) -> bool:
    return value is False


def _completeness(known: Rows, rows: pd.DataFrame, here: Reasons) -> Reading:
    """Expected births are of a place and year: births of places without any do not count.

    A date of registration before the birth is a slip of the pen; the birth was registered.
    """
    limit = rows["event_date"] + pd.DateOffset(months=12)
    in_time = rows["registered_at"].dt.normalize() <= limit
    births = judged(rows, rows["event_date"], [*here, ("not_in_time", ~in_time)])
    reference = _rows(known, "population_reference", "municipality_code", "year", "expected_births")
    starts = pd.to_datetime(reference["year"].astype(str) + "-01-01")
    unknown: Reasons = [("not_estimated", reference["expected_births"].isna())]
    expected = judged(reference, starts, unknown)
    return Over(
        Side(births, {"municipality": "mother_municipality_code"}),
        Side(expected, {"municipality": "municipality_code"}, "expected_births"),
        Fraction(100),
        cells=("municipality",),
        every="year",
        both=False,
    )


def _gap(events: Known, rows: pd.DataFrame, here: Reasons) -> Lines:
    delay = (rows["registered_at"].dt.normalize() - rows["event_date"]).dt.days
    rows = rows.assign(in_time=delay.between(0, BIRTH_DAYS), unstated=rows["community"].isna())
    counted: Reasons = [
        *here,
        ("not_registered", rows["registered_at"].isna()),
        ("before_event", delay < 0),
    ]
    stated: Reasons = [*counted, ("community_unknown", rows["unstated"])]
    minority = rows["community"].isin(MINORITY)
    groups = {
        "others": ([*stated, ("other_group", minority)], "in_time"),
        "minority": ([*stated, ("other_group", ~minority)], "in_time"),
        "unknown": (counted, "unstated"),
    }
    year = months_up_to_end(12)
    rolling = {
        name: Rolling(
            Line(
                judged(rows, rows["registered_at"], why),
                {"district": "district"},
                _where(column),
            ),
            year,
            first_day("civil_events"),
            events.cut_off,
        )
        for name, (why, column) in groups.items()
    }
    gap = Gap(rolling["others"], rolling["minority"], rolling["unknown"], GROUP, UNKNOWN)
    return {("CR-05", "value"): gap, ("CR-05", "unknown_share"): rolling["unknown"]}


def _where(column: str) -> Read:
    return share(lambda rows: rows[column])


def _outreach(known: Known) -> Reading:
    """Persons identified 180 to 544 days before the end; none whose 180 days are not over."""
    rows = known.rows
    days = (rows["resolved_at"] - rows["identified_at"]).dt.days
    settled = rows["outcome"].isin(["registered", "documented"]) & (days <= 180)
    no_right: Reasons = [("not_eligible", rows["outcome"] == "not_eligible")]
    counted = judged(rows.assign(settled=settled), rows["identified_at"], no_right)
    counted = counted[counted["_day"] + pd.Timedelta(days=180) <= pd.Timestamp(known.cut_off)]
    columns = {"municipality": "municipality_code", "ngo": "ngo_code", "need": "need"}
    line = Line(counted, columns, share(lambda each: each["settled"]))
    return Rolling(line, _identified, first_day("outreach"), known.cut_off)


def _identified(period: pd.Period) -> tuple[pd.Timestamp, pd.Timestamp]:
    end = period.end_time.normalize()
    return end - pd.Timedelta(days=544), end - pd.Timedelta(days=180)


def _addresses(known: Known, districts: Mapping[str, str]) -> Lines:
    rows = known.rows.assign(district=known.rows["municipality_code"].map(districts))
    columns = {"municipality": "municipality_code", "district": "district", "register": "register"}
    tops = {"value": "matched_exact", "probable": "matched_probable"}
    first = first_day("address_matches")
    return {
        ("DQ-01", line): Runs(rows, columns, first, known.cut_off, top, "persons_total")
        for line, top in tops.items()
    }


def _index(known: Known) -> Reading:
    columns = {"register": "register", "rule_code": "rule_code"}
    columns |= {"quality_dimension": "dimension", "municipality": "municipality_code"}
    first = first_day("dq_checks")
    return Index(known.rows, columns, first, known.cut_off, "records_failed", "records_checked")


def _corrections(known: Rows, districts: Mapping[str, str]) -> Reading:
    rows = known["corrections"].rows
    place = rows["office_code"].map(OFFICE_PLACES)
    rows = rows.assign(place=place, district=place.map(districts))
    reasons: Reasons = [
        ("not_completed", rows["completed_at"].isna()),
        *((cause, rows["cause"] == cause) for cause in ("citizen_change", "court", "bulk_cleanup")),
        ("cause_not_stated", rows["cause"].isna()),
    ]
    counted = judged(rows, rows["completed_at"], reasons)
    records = _rows(
        known, "register_snapshot", "snapshot_date", "register", "municipality_code",
        "active_records",
    )  # fmt: skip
    records = records.assign(district=records["municipality_code"].map(districts))
    ends = judged(records, pd.to_datetime(records["snapshot_date"]), [])
    own = {"field_group": "field_group", "cause": "cause"}
    both = {"district": "district", "register": "register"}
    return Over(
        Side(counted, {**both, **own, "municipality": "place"}),
        Side(ends, {**both, "municipality": "municipality_code"}, "active_records"),
        Fraction(1000),
        carried=frozenset(own),
        mean=True,
    )


def _breaches(known: Known) -> Reading:
    """A breach counts once 72 hours of clock time have passed at the cut-off."""
    rows = known.rows
    aware, told = rows["breach_aware_at_utc"], rows["authority_notified_at_utc"]
    rows = rows.assign(in_time=told - aware <= 72 * HOUR)
    reasons: Reasons = [
        ("no_breach", ~_true(rows["personal_data_breach"])),
        ("no_duty", ~_true(rows["notification_required"])),
    ]
    counted = judged(rows, rows["breach_aware_at"], reasons)
    counted = counted[aware + 72 * HOUR <= known.cut_at_utc]
    return Share(Line(counted, {"it_service": "service"}, share(lambda each: each["in_time"])))


def _work(known: Rows, districts: Mapping[str, str]) -> Reading:
    """Completed is approved or rejected: an application withdrawn was not worked to its end."""
    rows = known["applications"].rows
    day = rows["decided_at"].dt.normalize()
    pairs = zip(rows["service_code"], day, strict=True)
    minutes = pd.Series([_minutes(*pair) for pair in pairs], index=rows.index, dtype="float64")
    rows = rows.assign(minutes=minutes, district=_districts_of(rows["office_code"], districts))
    reasons: Reasons = [
        _test(rows),
        ("not_decided", ~rows["decision"].isin(["approved", "rejected"])),
        ("minutes_not_set", rows["minutes"].isna()),
    ]
    staff = _staff(known).assign(
        district=lambda each: _districts_of(each["office_code"], districts)
    )
    columns = {"office": "office_code", "district": "district"}
    return Over(
        Side(judged(rows, rows["decided_at"], reasons), columns, "minutes"),
        _stated(staff, columns, "staff_days_worked"),
        Fraction(1, REFERENCE_MINUTES),
        cells=("office",),
        both=False,
    )


def _minutes(service: str, day: pd.Timestamp) -> float | None:
    """The standard minutes in force on the day."""
    for first, last, minutes in MINUTES.get(service, []):
        if pd.Timestamp(first) <= day and (last is None or day <= pd.Timestamp(last)):
            return minutes
    return None


def _districts_of(offices: pd.Series, districts: Mapping[str, str]) -> pd.Series:
    return offices.map(OFFICE_PLACES).map(districts)


def _staff(known: Rows) -> pd.DataFrame:
    amounts = ("staff_days_worked", "direct_cost_eur", "shared_cost_eur", "revenue_plan_eur")
    return _rows(known, "staff_cost", "month", "office_code", *amounts)


def _stated(staff: pd.DataFrame, columns: Mapping[str, str], amount: str) -> Side:
    """One amount of months of offices; what is not stated is no row."""
    gaps: Reasons = [("not_stated", staff[amount].isna())]
    return Side(judged(staff, pd.to_datetime(staff["month"]), gaps), columns, amount)


def _costs(known: Rows) -> Reading:
    """Direct and shared costs are one cost: where either is not stated, it is not known."""
    columns = {"office": "office_code"}
    staff = _staff(known)
    staff = staff.assign(
        cents=staff["direct_cost_eur"].mul(100) + staff["shared_cost_eur"].mul(100)
    )
    staff["cents"] = staff["cents"].round()
    rows = _rows(known, "applications", "issued_at", "is_test", "office_code")
    issued = judged(rows, pd.to_datetime(rows["issued_at"]), [_test(rows)])
    return Over(
        _stated(staff, columns, "cents"),
        Side(issued, columns),
        Fraction(1, 100),
        cells=("office",),
        counts_rows=True,
    )


def _revenue(known: Rows) -> Lines:
    """Refunds come off in their own period, whichever sign they are stated with."""
    apps = _rows(known, "applications", "application_id", "office_code")
    rows = known["payments"].rows.merge(
        apps[["application_id", "office_code"]], on="application_id", how="left"
    )
    rows["office_code"] = rows["office_code"].fillna("unknown")
    refund, amount = rows["refund_of"].notna(), rows["amount_eur"]
    rows = rows.assign(net=amount.mask(refund, -amount.abs()))
    rows["waiting"] = amount.where(rows["reconciled_at"].isna(), 0.0)
    received: Reasons = [
        ("not_paid", ~rows["status"].isin(["paid", "refunded"])),
        ("amount_not_stated", amount.isna()),
    ]
    columns = {"office": "office_code", "fee_code": "fee_code"}
    paid = judged(rows, rows["paid_at"], [*received, ("refund", refund)])
    unreconciled = weighted(lambda each: each["waiting"], "amount_eur")
    return {
        ("MG-03", "value"): Over(
            Side(judged(rows, rows["paid_at"], received), columns, "net"),
            _stated(_staff(known), {"office": "office_code"}, "revenue_plan_eur"),
            Fraction(100),
            carried=frozenset({"fee_code"}),
        ),
        ("MG-03", "unreconciled"): Share(Line(paid, {"office": "office_code"}, unreconciled)),
    }


def _actions(known: Known) -> Reading:
    rows = known.rows
    in_time = rows["completed_at"] <= rows["baseline_due_date"]
    due = judged(rows.assign(in_time=in_time), rows["baseline_due_date"], [])
    due = due[due["_day"] <= pd.Timestamp(known.cut_off)]
    columns = {"objective": "objective_code", "owner": "owner"}
    return Share(Line(due, columns, share(lambda each: each["in_time"])))
