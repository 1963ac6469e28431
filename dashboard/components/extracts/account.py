"""What a file did or would do: the fate of every row, why, and what was noticed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import streamlit as st

from dashboard.components.extracts.names import (
    days,
    extract_name,
    profile_title,
    said_or_key,
    text_or,
)
from dashboard.components.messages import plain
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.extracts.loading import LoadReport, RowFates
from data.extracts.profiles import Profiles

YES, NO = ":blue[:material/check_circle:]", ":red[:material/error:]"
HEADLINE = ("read", "added", "changed", "unchanged", "vanished", "quarantined")
BESIDES = ("duplicate", "excluded_total", "excluded_test")


def draw(context: PageContext, report: LoadReport, profiles: Profiles) -> None:
    """The account besides the counts; what a refused file did not get to is left out."""
    _reasons(context, report)
    _notes(context, report)
    _totals(context, report)
    _facts(context, report, profiles)


def fates(context: PageContext, rows: RowFates) -> None:
    """The counts that matter in large, the others in a line."""
    texts, counts = context.texts, rows.as_dict()
    with st.container(horizontal=True):
        for fate in HEADLINE:
            st.metric(
                texts.text(f"extracts_page.fate.{fate}"),
                texts.number(counts[fate]),
                help=texts.text(f"extracts_page.fate_help.{fate}"),
                width=130,
            )
    besides = [
        texts.text(f"extracts_page.fate_line.{fate}", count=counts[fate])
        for fate in BESIDES
        if counts[fate]
    ]
    if besides:
        st.caption(plain(" · ".join(besides)))


def _reasons(context: PageContext, report: LoadReport) -> None:
    """Why rows stay outside, the most frequent reason first."""
    if not report.quarantine_reasons:
        return
    texts = context.texts
    st.subheader(texts.text("extracts_page.reasons"), anchor=False)
    counted = sorted(report.quarantine_reasons.items(), key=lambda pair: -pair[1])
    table(
        {
            texts.text("extracts_page.reason"): [reason_name(context, one) for one, _ in counted],
            texts.text("loading.head.rows"): [texts.number(count) for _, count in counted],
        }
    )
    st.caption(texts.text("extracts_page.reasons_may_overlap"))


def reason_name(context: PageContext, reason: str) -> str:
    """Why a row is not let in, in words."""
    return text_or(context.texts, f"extracts.reason.{reason}", reason)


def _notes(context: PageContext, report: LoadReport) -> None:
    if report.notes:
        st.subheader(context.texts.text("extracts_page.notes"), anchor=False)
    for note in report.notes:
        st.markdown(f"- {plain(said_or_key(context.texts, note))}")


def _totals(context: PageContext, report: LoadReport) -> None:
    """The control totals that were compared; a file that misses one is refused."""
    if not report.control_totals:
        return
    texts = context.texts
    st.subheader(texts.text("extracts_page.totals"), anchor=False)
    for name, value in report.control_totals.items():
        st.markdown(
            f"- {YES} "
            + plain(
                texts.text(
                    "extracts_page.total_agrees",
                    name=total_name(context, name),
                    value=_total(context, value),
                )
            )
        )


def total_name(context: PageContext, name: str) -> str:
    """'Rows', or the column that is summed."""
    return context.texts.text("loading.head.rows") if name == "rows" else name


def _total(context: PageContext, value: Any) -> str:
    try:
        return context.texts.number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _facts(context: PageContext, report: LoadReport, profiles: Profiles) -> None:
    """As what the file was read, and for what it speaks."""
    texts = context.texts
    if report.contract is None:
        return
    scope = texts.text(f"extracts_page.scope.{report.scope}") if report.scope else None
    known = {profile.id: profile for profile in profiles}
    profile = known.get(report.profile or "")
    told = {
        "loading.head.contract": extract_name(texts, report.contract),
        "loading.head.profile": profile_title(texts, profile) if profile else report.profile,
        "extracts_page.cut_at": report.cut_at,
        "loading.head.coverage": report.coverage_from
        and days(texts, report.coverage_from, report.coverage_to),
        "extracts_page.scope": scope,
        "extracts_page.encoding": report.encoding,
    }
    lines = [f"{texts.text(key)}: {texts.value(value)}" for key, value in told.items() if value]
    st.caption(plain(" · ".join(lines)))
