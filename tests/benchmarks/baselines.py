"""The eight KPIs by office and month, written by hand: in plain pandas, and in DuckDB SQL.

This is what somebody would write who needed these figures once and nothing else: no versions, no
as-of, no other slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

BY = ["office_code", "month"]


def in_pandas(
    applications: Path, production: Path, holidays: Sequence[date], ends: Sequence[date]
) -> dict[str, pd.Series]:
    """KPI code to values by office and month (backlog: by office and last day)."""
    cases = pd.read_parquet(applications)
    cases = cases[~cases["is_test"]]
    return {
        **_durations(cases, holidays),
        "SD-03": _within_deadline(cases),
        **_backlog(cases, ends),
        **_decisions(cases),
        "SD-08": _reprints(pd.read_parquet(production), cases),
    }


def _month(moments: pd.Series) -> pd.Series:
    months: pd.Series = moments.dt.to_period("M")
    return months


def _durations(cases: pd.DataFrame, holidays: Sequence[date]) -> dict[str, pd.Series]:
    done = cases[(cases["decision"] == "approved") & cases["ready_at"].notna()]
    days = (
        np.busday_count(
            done["complete_at"].to_numpy().astype("datetime64[D]") + np.timedelta64(1, "D"),
            done["ready_at"].to_numpy().astype("datetime64[D]") + np.timedelta64(1, "D"),
            holidays=np.array(holidays, dtype="datetime64[D]"),
        )
        - done["suspended_days"].to_numpy()
    )
    done = done.assign(days=days, month=_month(done["ready_at"]))
    grouped = done[done["days"] >= 0].groupby(BY)["days"]
    return {"SD-01": grouped.median(), "SD-02": grouped.quantile(0.9)}


def _within_deadline(cases: pd.DataFrame) -> pd.Series:
    due = pd.to_datetime(cases["due_date"])
    ready, decided = cases["ready_at"].dt.normalize(), cases["decided_at"].dt.normalize()
    withdrawn = (cases["decision"] == "withdrawn") & (decided <= due)
    success = np.where(cases["decision"] == "rejected", decided <= due, ready <= due)
    members = cases.assign(month=_month(due), success=success)[~withdrawn]
    shares: pd.Series = members.groupby(BY)["success"].mean() * 100
    return shares


def _backlog(cases: pd.DataFrame, ends: Sequence[date]) -> dict[str, pd.Series]:
    closed = cases[["decided_at", "ready_at", "issued_at"]].min(axis=1).dt.normalize()
    opened, due = cases["submitted_at"].dt.normalize(), pd.to_datetime(cases["due_date"])
    counts, overdue = {}, {}
    for end in map(pd.Timestamp, ends):
        is_open = (opened <= end) & (closed.isna() | (closed > end))
        office = cases.loc[is_open, "office_code"]
        counts[end] = office.value_counts()
        overdue[end] = (due[is_open] <= end).groupby(office).mean() * 100
    return {"SD-04": pd.concat(counts), "SD-05": pd.concat(overdue)}


def _decisions(cases: pd.DataFrame) -> dict[str, pd.Series]:
    decided = cases[cases["decision"].isin(["approved", "rejected"])]
    decided = decided.assign(
        month=_month(decided["decided_at"]),
        right=decided["returned_count"] == 0,
        rejected=decided["decision"] == "rejected",
    )
    shares = decided.groupby(BY)[["right", "rejected"]].mean() * 100
    return {"SD-06": shares["right"], "SD-07": shares["rejected"]}


def _reprints(production: pd.DataFrame, cases: pd.DataFrame) -> pd.Series:
    joined = production.merge(cases[["application_id", "office_code"]], on="application_id")
    again = (joined["quality_result"] == "fail") | joined["reprint_of"].notna()
    return again.groupby([joined["office_code"], _month(joined["personalised_at"])]).mean() * 100


_SQL = {
    "SD-01, SD-02": """
        SELECT office_code, date_trunc('month', ready_at) AS month,
               quantile_cont(days, 0.5), quantile_cont(days, 0.9)
        FROM (SELECT office_code, ready_at, b.n - a.n - suspended_days AS days FROM applications
              JOIN calendar a ON a.day = complete_at::DATE JOIN calendar b ON b.day = ready_at::DATE
              WHERE NOT is_test AND decision = 'approved') WHERE days >= 0 GROUP BY ALL""",
    "SD-03": """
        SELECT office_code, date_trunc('month', due_date),
               100 * avg(CASE WHEN decision = 'rejected' THEN decided_at::DATE <= due_date
                              ELSE coalesce(ready_at::DATE <= due_date, false) END::INT)
        FROM applications WHERE NOT is_test
          AND NOT (coalesce(decision, '') = 'withdrawn' AND decided_at::DATE <= due_date)
        GROUP BY ALL""",
    "SD-04, SD-05": """
        SELECT office_code, ends.day, count(*), 100 * avg((due_date <= ends.day)::INT)
        FROM applications JOIN ends ON submitted_at::DATE <= ends.day
         AND coalesce(least(decided_at, ready_at, issued_at)::DATE > ends.day, true)
        WHERE NOT is_test GROUP BY ALL""",
    "SD-06, SD-07": """
        SELECT office_code, date_trunc('month', decided_at), 100 * avg((returned_count = 0)::INT),
               100 * avg((decision = 'rejected')::INT)
        FROM applications WHERE NOT is_test AND decision IN ('approved', 'rejected')
        GROUP BY ALL""",
    "SD-08": """
        SELECT office_code, date_trunc('month', personalised_at),
               100 * avg((quality_result = 'fail' OR reprint_of IS NOT NULL)::INT)
        FROM production JOIN applications USING (application_id) WHERE NOT is_test
        GROUP BY ALL""",
}


def in_sql(
    applications: Path,
    production: Path,
    calendar: Sequence[tuple[date, int]],
    ends: Sequence[date],
) -> dict[str, int]:
    """KPI codes to the number of values, everything computed and fetched."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        for name, path in (("applications", applications), ("production", production)):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
        connection.execute("CREATE TABLE calendar (day DATE, n INTEGER)")
        connection.executemany(
            "INSERT INTO calendar VALUES (?, ?)", [list(row) for row in calendar]
        )
        connection.execute("CREATE TABLE ends (day DATE)")
        connection.executemany("INSERT INTO ends VALUES (?)", [[end] for end in ends])
        return {codes: len(connection.sql(sql).to_arrow_table()) for codes, sql in _SQL.items()}
