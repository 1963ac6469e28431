"""Choosing KPIs from a scorecard: by objective, challenge, owner and status; in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from dashboard.charts.icons import STATUS_SIGNS
from dashboard.components.kpis.table import objective_name, owner_name
from data.language.texts import Texts
from kpis import standing
from kpis.scorecard import ScorecardRow

OBJECTIVE = "scorecard.objective"  # keys of the widgets; another page may set one to lead here
OWNER, CHALLENGE = "scorecard.owner", "scorecard.challenge"
STATUS, ORDER = "scorecard.status", "scorecard.order"


class ScorecardOrder(StrEnum):
    """By what the rows are sorted."""

    OBJECTIVE = "objective"
    WORST = "worst"
    CHANGE = "change"
    OWNER = "owner"


Rows = Sequence[ScorecardRow]
Option = TypeVar("Option")


def choose(texts: Texts, rows: Rows) -> tuple[Rows, ScorecardOrder]:
    """The rows of an objective, a challenge, an owner, sorted as wanted."""
    names = {row.objective_code: objective_name(texts, row) for row in rows}
    owners = {row.owner: owner_name(texts, row) for row in rows}
    challenges = {n: texts.text(f"challenge.{n}") for n in sorted({row.challenge for row in rows})}
    objective = _one(texts, OBJECTIVE, names)
    challenge = _one(texts, CHALLENGE, challenges)
    owner = _one(texts, OWNER, owners)
    order = _order(texts)
    left = [
        row
        for row in rows
        if objective in (None, row.objective_code)
        and challenge in (None, row.challenge)
        and owner in (None, row.owner)
    ]
    return ordered(left, order), order


def grouped(texts: Texts, rows: Rows, order: ScorecardOrder) -> dict[str, list[ScorecardRow]]:
    """The rows under what they are sorted by, where that is a name; else under ''."""
    by = {ScorecardOrder.OBJECTIVE: objective_name, ScorecardOrder.OWNER: owner_name}
    found: dict[str, list[ScorecardRow]] = {}
    for row in rows:
        found.setdefault(by[order](texts, row) if order in by else "", []).append(row)
    return found


def ordered(rows: Iterable[ScorecardRow], order: ScorecardOrder) -> list[ScorecardRow]:
    """The rows sorted; those that are alike stay in the agency's own order."""
    by: dict[ScorecardOrder, Callable[[ScorecardRow], tuple[object, ...]]] = {
        ScorecardOrder.OBJECTIVE: lambda row: (row.objective_code or "\uffff",),
        ScorecardOrder.WORST: standing.urgency,
        ScorecardOrder.CHANGE: standing.change_urgency,
        ScorecardOrder.OWNER: lambda row: (row.owner or "\uffff",),
    }
    return sorted(rows, key=by[order])


def _one(texts: Texts, key: str, options: Mapping[Option, str]) -> Option | None:
    """One of the options, or None for all; a choice the rows no longer offer is forgotten."""
    offered = [option for option in options if option is not None]
    if st.session_state.get(key) not in offered:
        st.session_state[key] = None
    return st.selectbox(
        texts.text(f"{key}_label"),
        offered,
        index=None,
        key=key,
        format_func=lambda option: options[option],
        placeholder=texts.text(f"{key}_every"),
    )


def _order(texts: Texts) -> ScorecardOrder:
    chosen = st.selectbox(
        texts.text("scorecard.order_label"),
        list(ScorecardOrder),
        key=ORDER,
        format_func=texts.word,
    )
    return chosen or ScorecardOrder.OBJECTIVE


def choose_statuses(texts: Texts, rows: Rows) -> Rows:
    """The rows of some statuses, each offered with its number; none chosen means all."""
    counts = standing.counts(rows)
    if not counts:
        return rows
    kept = [kind for kind in st.session_state.get(STATUS, ()) if kind in counts]
    st.session_state[STATUS] = kept
    chosen = st.pills(
        texts.text("scorecard.status_label"),
        list(counts),
        selection_mode="multi",
        key=STATUS,
        format_func=lambda kind: f"{STATUS_SIGNS[kind]} {texts.word(kind)}: {counts[kind]}",
        label_visibility="collapsed",
        wrap=True,
    )
    return standing.of_status(rows, set(chosen) or set(counts))
