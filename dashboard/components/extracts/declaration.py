"""What the sender says about a file beyond its content; what he leaves is taken from the file."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.components.extracts.account import total_name
from dashboard.components.extracts.names import titles
from dashboard.components.messages import refusal
from dashboard.context import PageContext
from dashboard.jobs import JobStatus, extract_payload, queue
from data.errors import Invalid
from data.extracts.checked_file import CHANGES, FULL, Declared
from data.extracts.contracts import contract
from data.extracts.loading import LoadReport, profiles_at_hand

SHOWN_DATE = "DD.MM.YYYY"
LONGEST_REASON = 500


def draw(context: PageContext, job: JobStatus, report: LoadReport | None) -> None:
    """A form with what the file itself says; sent, the file is checked again."""
    texts = context.texts
    refused = report is None or report.refused is not None
    with (
        st.expander(texts.text("extracts_page.declare"), expanded=refused),
        st.form(f"extracts.declare.{job.id}", border=False, enter_to_submit=False),
    ):
        st.caption(texts.text("extracts_page.declare_why"))
        left, right = st.columns(2, gap="large")
        with left:
            profile = _profile(context, job, report)
            scope = _scope(context, job, report)
            history = st.checkbox(
                texts.text("extracts_page.history"),
                value=bool(job.payload.get("history")),
                help=texts.text("extracts_page.history_help"),
                key=f"extracts.history.{job.id}",
            )
            reason = st.text_input(
                texts.text("history.reason"),
                value=job.payload.get("reason", ""),
                max_chars=LONGEST_REASON,
                help=texts.text("history.reason_help"),
                key=f"extracts.history_reason.{job.id}",
            )
        with right:
            cut_at = _cut_at(context, job, report)
            first, last = _coverage(context, job, report)
        totals = _totals(context, job, report)
        if st.form_submit_button(texts.text("extracts_page.check_again")):
            said = _said(report, scope=scope, cut_at=cut_at, first=first, last=last)
            said["control_totals"] = totals
            if history and not reason.strip():
                refusal(texts, Invalid("loading.refused.history_without_reason"))
                return
            why = reason.strip() if history else ""
            _check_again(context, job, profile, said, history=history, reason=why)


def _profile(context: PageContext, job: JobStatus, report: LoadReport | None) -> str | None:
    """The profile the file is read by: the recognised one, or another."""
    texts = context.texts
    known = titles(texts, profiles_at_hand(context.workspace, by=context.actor))
    chosen = job.payload.get("profile_id") or (report.profile if report else None)
    return st.selectbox(
        texts.text("loading.head.profile"),
        list(known),
        index=list(known).index(chosen) if chosen in known else None,
        format_func=lambda one: known[one],
        placeholder=texts.text("extracts_page.recognise"),
        help=texts.text("extracts_page.profile_help"),
        key=f"extracts.profile.{job.id}",
    )


def _scope(context: PageContext, job: JobStatus, report: LoadReport | None) -> str | None:
    texts, scopes = context.texts, [CHANGES, FULL]
    found = report.scope if report else None
    return st.radio(
        texts.text("extracts_page.scope"),
        scopes,
        index=scopes.index(found) if found in scopes else None,
        format_func=lambda one: texts.text(f"extracts_page.scope.{one}"),
        captions=[texts.text(f"extracts_page.scope_help.{one}") for one in scopes],
        key=f"extracts.scope.{job.id}",
    )


def _cut_at(context: PageContext, job: JobStatus, report: LoadReport | None) -> datetime | None:
    """On the agency's clock."""
    zone = context.workspace.settings.zone
    found = (
        report.cut_at.astimezone(zone).replace(tzinfo=None) if report and report.cut_at else None
    )
    said: datetime | None = st.datetime_input(
        context.texts.text("extracts_page.cut_at"),
        value=found,
        format=SHOWN_DATE,
        step=60,
        help=context.texts.text("extracts_page.cut_at_help"),
        key=f"extracts.cut_at.{job.id}",
    )
    return said.replace(tzinfo=zone) if said else None


def _coverage(
    context: PageContext, job: JobStatus, report: LoadReport | None
) -> tuple[date | None, date | None]:
    texts = context.texts
    first, last = st.columns(2)
    with first:
        start = st.date_input(
            texts.text("extracts_page.coverage_from"),
            value=report.coverage_from if report else None,
            format=SHOWN_DATE,
            help=texts.text("extracts_page.coverage_help"),
            key=f"extracts.from.{job.id}",
        )
    with last:
        end = st.date_input(
            texts.text("extracts_page.coverage_to"),
            value=report.coverage_to if report else None,
            format=SHOWN_DATE,
            key=f"extracts.to.{job.id}",
        )
    return start, end


def _totals(
    context: PageContext, job: JobStatus, report: LoadReport | None
) -> dict[str, int | Decimal]:
    """The control totals the sender knows: how many rows, and the sum of each quantity."""
    declared = job.payload.get("declared", {}).get("control_totals", {})
    quantities = contract(report.contract).quantities if report and report.contract else ()
    said: dict[str, int | Decimal] = {}
    st.markdown(context.texts.text("extracts_page.totals_why"))
    with st.container(horizontal=True):
        for name in ("rows", *quantities):
            before = declared.get(name)
            value = st.number_input(
                total_name(context, name),
                value=float(before) if before is not None else None,
                min_value=0.0,
                step=1.0,
                format="%.0f" if name == "rows" else "%.2f",
                width=180,
                key=f"extracts.total.{name}.{job.id}",
            )
            if value is not None:
                said[name] = int(value) if name == "rows" else Decimal(str(value))
    return said


def _said(
    report: LoadReport | None,
    *,
    scope: str | None,
    cut_at: datetime | None,
    first: date | None,
    last: date | None,
) -> dict[str, Any]:
    """What differs from what the file said by itself; only that is a declaration."""
    given = {"scope": scope, "cut_at": cut_at, "coverage_from": first, "coverage_to": last}
    found = {name: getattr(report, name, None) for name in given}
    return {name: value for name, value in given.items() if value and not _same(value, found[name])}


def _same(said: Any, found: Any) -> bool:
    """Alike to the minute, which is what the form shows."""
    if isinstance(said, datetime) and isinstance(found, datetime):
        return abs((said - found).total_seconds()) < 60
    return bool(said == found)


def _check_again(
    context: PageContext,
    job: JobStatus,
    profile: str | None,
    said: dict[str, Any],
    *,
    history: bool,
    reason: str,
) -> None:
    """Queue another check of the same file, with all that was ever declared about it."""
    again = extract_payload(
        Path(job.payload["path"]),
        file_name=job.payload["file_name"],
        profile_id=profile,
        declared=Declared(**said),
        history=history,
        reason=reason,
    )
    before = job.payload.get("declared", {}) | {"control_totals": {}}
    again["declared"] = before | again["declared"]
    queue(context.workspace, by=context.actor, kind="check_extract", payload=again)
    st.rerun()
