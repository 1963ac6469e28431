"""How the chosen risks are laid out: their order, under what, with which columns, how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st

from dashboard.components.risks.register.columns import USUAL, RegisterColumn, offered
from dashboard.components.risks.register.looked import Looked
from dashboard.components.risks.words import level_sign
from data.language.texts import Texts
from risks.register.choosing import Order, folded, ordered
from risks.register.record import Risk

ORDER, REVERSE, GROUP, COLUMNS, ROWS = (
    f"risks.{name}" for name in ("order", "reverse", "group", "columns", "rows")
)
ROWS_OFFERED = (25, 50, 100, 200)
Option = TypeVar("Option")


class Grouping(StrEnum):
    """Under what risks stand together."""

    NONE = "none"
    CATEGORY = "category"
    UNIT = "unit"
    OBJECTIVE = "objective"
    OWNER = "owner"


USUALLY: dict[str, Any] = {
    ORDER: Order.LEVEL.value,
    REVERSE: False,
    GROUP: Grouping.NONE.value,
    COLUMNS: [one.value for one in USUAL],
    ROWS: ROWS_OFFERED[0],
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a list is to look."""

    order: Order
    reverse: bool
    group: Grouping
    columns: tuple[RegisterColumn, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Group:
    """Risks that stand together; without a name they are all there are."""

    name: str
    risks: tuple[Risk, ...]


def choose(looked: Looked) -> Layout:
    """Order, groups and rows a page; which columns, in their own place."""
    texts = looked.texts
    groups = [one for one in Grouping if looked.tells_people or one is not Grouping.OWNER]
    orders = [one for one in Order if looked.tells_people or one is not Order.OWNER]
    order = _one(texts, ORDER, orders)
    group = _one(texts, GROUP, groups)
    rows = _one(texts, ROWS, ROWS_OFFERED)
    with st.popover(texts.text("risk_register.columns"), icon=":material/view_column:"):
        columns = _columns(looked)
        st.session_state.setdefault(REVERSE, False)
        reverse = st.checkbox(
            texts.text("risk_register.reverse"), key=REVERSE, persist_state="session"
        )
    return Layout(order, reverse, group, columns, rows)


def _one(texts: Texts, key: str, options: Sequence[Option]) -> Option:
    """One of the options; one that is not offered gives way to the usual one."""
    asked = st.session_state.get(key)
    wanted = asked if asked in options else USUALLY[key]
    st.session_state[key] = next(one for one in options if one == wanted)
    chosen: Option = st.selectbox(
        texts.text(f"risk_register.{key.rpartition('.')[2]}"),
        options,
        key=key,
        format_func=texts.value,
        width=150,
        persist_state="session",
    )
    return chosen


def _columns(looked: Looked) -> tuple[RegisterColumn, ...]:
    """The columns in the order of the list; none chosen leaves code and title alone."""
    able = offered(looked)
    kept = set(st.session_state.get(COLUMNS, USUALLY[COLUMNS]))
    st.session_state[COLUMNS] = [one for one in able if one in kept]
    chosen = st.pills(
        looked.texts.text("risk_register.columns"),
        able,
        selection_mode="multi",
        key=COLUMNS,
        format_func=looked.texts.word,
        label_visibility="collapsed",
        wrap=True,
        persist_state="session",
    )
    return tuple(one for one in able if one in set(chosen or ()))


def in_order(looked: Looked, risks: Iterable[Risk], layout: Layout) -> tuple[Risk, ...]:
    """The risks in the order chosen, each once."""
    return ordered(risks, layout.order, looked.criteria, reverse=layout.reverse)


def arranged(looked: Looked, risks: Iterable[Risk], layout: Layout) -> tuple[Group, ...]:
    """The risks in order under their groups; one of several objectives stands under each."""
    shown = in_order(looked, risks, layout)
    if layout.group is Grouping.NONE:
        return (Group("", shown),) if shown else ()
    keys, name, listed = _grouping(looked, layout.group)
    found: dict[str, list[Risk]] = {}
    for risk in shown:
        for key in keys(risk):
            found.setdefault(key, []).append(risk)
    places = {code: place for place, code in enumerate(listed)}
    order = sorted(
        found, key=lambda key: (not key, places.get(key, len(places)), folded(name(key)))
    )
    return tuple(Group(name(key), tuple(found[key])) for key in order)


Keys = Callable[[Risk], Sequence[str]]


def _grouping(looked: Looked, group: Grouping) -> tuple[Keys, Callable[[str], str], Iterable[str]]:
    """Under which codes a risk stands, how they are called, and in which order they are listed."""
    texts, naming = looked.texts, looked.naming
    match group:
        case Grouping.CATEGORY:
            return (
                lambda risk: (risk.category_code or "",),
                lambda code: looked.category(code or None),
                naming.categories,
            )
        case Grouping.OBJECTIVE:
            return (
                lambda risk: risk.objectives or ("",),
                lambda code: (
                    looked.objective(code) if code else texts.text("risk_register.no_objective")
                ),
                naming.objectives,
            )
        case Grouping.OWNER:
            return lambda risk: (risk.owner,), looked.owner, ()
    return lambda risk: (risk.unit_code,), looked.unit, ()


def summary(looked: Looked, group: Group) -> str:
    """'12 · ● 1 · ▆ 3 · ▂ 8': how many, and how many of each level from the highest."""
    texts, counts = looked.texts, Counter(risk.level for risk in group.risks)
    said = [texts.number(len(group.risks))]
    said += [
        f"{level_sign(looked.criteria, one.code)} {texts.number(counts[one.code])}"
        for one in reversed(looked.criteria.levels)
        if counts[one.code]
    ]
    if counts[None]:
        said.append(f"{texts.text('risk.not_assessed')} {texts.number(counts[None])}")
    return " · ".join(said)
