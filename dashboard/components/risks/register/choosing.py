"""Which risks are looked at: the filters above table and map, kept for the whole session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import streamlit as st

from dashboard.components.risks.register.looked import Looked
from dashboard.components.risks.words import STATUS_SIGNS, level_sign
from data.language.texts import Texts
from risks.criteria.scale import Criteria
from risks.register.choosing import UNSAID, Choice, folded
from risks.register.record import Risk
from risks.register.states import ACTIVE, Status

# Keys of the widgets; another page may set them to lead here.
TEXT, STANDING, UNITS, CATEGORIES = (
    f"risks.{name}" for name in ("text", "standing", "units", "categories")
)
STATUSES, OWNERS, LEVELS, OBJECTIVES = (
    f"risks.{name}" for name in ("statuses", "owners", "levels", "objectives")
)
ESCALATED, ABOVE = "risks.escalated", "risks.above"
SEVERAL = (UNITS, CATEGORIES, LEVELS, STATUSES, OWNERS, OBJECTIVES)
EMPTY: Mapping[str, Any] = {
    TEXT: "",
    **{key: [] for key in SEVERAL},
    ESCALATED: False,
    ABOVE: False,
}


class Standing(StrEnum):
    """How far risks have come."""

    IN_REGISTER = "in_register"
    PENDING = "pending"
    OVER = "over"
    ALL = "all"


STATUSES_OF: Mapping[Standing, frozenset[Status]] = {
    Standing.IN_REGISTER: ACTIVE,
    Standing.PENDING: frozenset({Status.DRAFT, Status.PROPOSED}),
    Standing.OVER: frozenset({Status.REJECTED, Status.CLOSED}),
    Standing.ALL: frozenset(Status),
}


def choose(looked: Looked) -> Choice:
    """The filters, and what they ask for."""
    texts = looked.texts
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = _text(texts)
        standing = _standing(looked)
        found = [one for one in looked.risks if one.status in STATUSES_OF[standing]]
        units = _several(texts, UNITS, _named(found, lambda one: one.unit_code, looked.unit))
        categories = _several(texts, CATEGORIES, _categories(looked, found))
        levels = _several(texts, LEVELS, _levels(looked, found))
        with _more(texts):
            statuses = _several(texts, STATUSES, _statuses(texts, found))
            owners = _several(texts, OWNERS, _owners(looked, found))
            objectives = _several(texts, OBJECTIVES, _objectives(looked, found))
            escalated = looked.tells_people and _flag(texts, ESCALATED)
            above = bool(looked.appetite) and _flag(texts, ABOVE)
        _clear(texts)
    return Choice(
        units=units,
        categories=categories,
        statuses=frozenset(map(Status, statuses)) or STATUSES_OF[standing],
        owners=owners,
        levels=levels,
        objectives=objectives,
        text=text,
        is_escalated=True if escalated else None,
        is_above=True if above else None,
    )


def is_asked(key: str) -> bool:
    """Whether a filter leaves anything out."""
    return bool(st.session_state.get(key))


def _text(texts: Texts) -> str:
    st.session_state.setdefault(TEXT, "")
    said = st.text_input(
        texts.text("risk_register.text"),
        key=TEXT,
        max_chars=200,
        placeholder=texts.text("risk_register.text_any"),
        icon=":material/search:",
        width=150,
        persist_state="session",
    )
    return str(said or "")


def _standing(looked: Looked) -> Standing:
    """Risks in the register unless something else is asked for; each kind with its number."""
    texts, counts = looked.texts, Counter(one.status for one in looked.risks)
    if st.session_state.get(STANDING) not in set(Standing):
        st.session_state[STANDING] = Standing.IN_REGISTER

    def told(one: str) -> str:
        standing = Standing(one)
        count = sum(counts[status] for status in STATUSES_OF[standing])
        return f"{texts.word(standing)}: {texts.number(count)}"

    chosen = st.selectbox(
        texts.text("risk_register.standing"),
        list(Standing),
        key=STANDING,
        format_func=told,
        width=185,
        persist_state="session",
    )
    return Standing(chosen or Standing.IN_REGISTER)


def _several(texts: Texts, key: str, options: Mapping[str, str]) -> frozenset[str]:
    """Any of the options, none meaning all; what is no longer offered is forgotten."""
    kept = set(st.session_state.get(key) or ())
    st.session_state[key] = [option for option in options if option in kept]
    name = key.rpartition(".")[2]
    chosen = st.multiselect(
        texts.text(f"risk_register.by.{name}"),
        list(options),
        key=key,
        format_func=lambda option: options[option],
        placeholder=texts.text(f"risk_register.every.{name}"),
        width=170,
        persist_state="session",
    )
    return frozenset(chosen)


def _flag(texts: Texts, key: str) -> bool:
    st.session_state.setdefault(key, False)
    name = key.rpartition(".")[2]
    said = texts.text(f"risk_register.only.{name}")
    return st.checkbox(said, key=key, persist_state="session")


def _more(texts: Texts) -> Any:
    """The rest of the filters; its label says how many of them are set."""
    count = sum(map(is_asked, (STATUSES, OWNERS, OBJECTIVES, ESCALATED, ABOVE)))
    label = texts.text("risk_register.more_filters")
    label = f"{label} ({texts.number(count)})" if count else label
    return st.popover(label, icon=":material/filter_list:", key="risks.more")


def _clear(texts: Texts) -> None:
    """The way back to everything in the register."""
    if any(map(is_asked, EMPTY)):
        st.button(
            texts.text("risk_register.clear"),
            key="risks.clear",
            icon=":material/filter_list_off:",
            type="tertiary",
            on_click=clear,
        )


def clear() -> None:
    """Leave nothing out."""
    st.session_state.update({key: type(value)(value) for key, value in EMPTY.items()})


def _named(
    risks: Iterable[Risk], code: Callable[[Risk], str], name: Callable[[str], str]
) -> dict[str, str]:
    """The codes that occur and their names, in the order of these."""
    names = {one: name(one) for one in {code(risk) for risk in risks}}
    return dict(sorted(names.items(), key=lambda item: folded(item[1])))


def _categories(looked: Looked, risks: Sequence[Risk]) -> dict[str, str]:
    used = {risk.category_code or UNSAID for risk in risks}
    ordered = [code for code in looked.naming.categories if code in used]
    rest = sorted(used - {*ordered, UNSAID}) + ([UNSAID] if UNSAID in used else [])
    return {code: looked.category(code or None) for code in (*ordered, *rest)}


def _levels(looked: Looked, risks: Sequence[Risk]) -> dict[str, str]:
    """The levels from the highest, those of earlier criteria too, and not assessed."""
    texts, used = looked.texts, {risk.level or UNSAID for risk in risks}
    found: dict[str, str] = {}
    for criteria in (looked.criteria, *looked.versions.values()):
        for level in reversed(criteria.levels):
            if level.code in used:
                found.setdefault(level.code, _level(texts, criteria, level.code))
    return found | ({UNSAID: texts.text("risk.not_assessed")} if UNSAID in used else {})


def _level(texts: Texts, criteria: Criteria, code: str) -> str:
    return f"{level_sign(criteria, code)} {texts.value(criteria.level_of(code).names)}"


def _statuses(texts: Texts, risks: Sequence[Risk]) -> dict[str, str]:
    counts = Counter(risk.status for risk in risks)
    return {
        status.value: f"{STATUS_SIGNS[status]} {texts.word(status)}: {texts.number(counts[status])}"
        for status in Status
        if counts[status]
    }


def _owners(looked: Looked, risks: Sequence[Risk]) -> dict[str, str]:
    if not looked.tells_people:
        return {}
    return _named(risks, lambda risk: risk.owner, looked.owner)


def _objectives(looked: Looked, risks: Sequence[Risk]) -> dict[str, str]:
    used = {code for risk in risks for code in risk.objectives}
    ordered = [code for code in looked.naming.objectives if code in used]
    return {code: looked.objective(code) for code in (*ordered, *sorted(used - set(ordered)))}
