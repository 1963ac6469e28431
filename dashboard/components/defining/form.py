"""The form of a definition: words, place and charge, measure, judgement, and its formulas."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components.defining import formulas
from dashboard.components.defining.draft import Draft, Table
from dashboard.components.defining.formulas import Known, Slots
from dashboard.components.extracts.names import extract_name
from dashboard.components.kpi_names import line_name
from dashboard.components.kpis.figures import named
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.figure import Unit
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Frequency
from kpis.catalogue import Entry
from kpis.defining.guards import Charge
from kpis.defining.reading import Offer
from kpis.defining.rules import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_CHALLENGES,
    MOST_POSITION,
    asked,
)
from kpis.defining.vocabulary import words
from kpis.direction import Direction


def draw(context: PageContext, draft: Draft, offer: Offer) -> Slots:
    """The whole form; what is typed is in the draft once it is drawn."""
    texts, slots = context.texts, Slots()
    _place(context, draft, offer)
    _words(texts, draft)
    if "entered" in draft.table:
        st.caption(texts.text("defining.entered_in_yaml"))
        _judgement(texts, draft)
        return slots
    _measure(texts, draft)
    _judgement(texts, draft)
    for name in draft.table["queries"]:
        _query(texts, draft, name, slots)
    return slots


def known_words(entry: Entry | None) -> dict[str, Known]:
    """What the formulas of each query may name."""
    queries = asked(entry.definition.formula) if entry else {}
    return {name: {word.name: word for word in words(query)} for name, query in queries.items()}


def _place(context: PageContext, draft: Draft, offer: Offer) -> None:
    texts, table = context.texts, draft.table
    code_at, challenge_at, position_at, shown_at = st.columns((2, 4, 2, 3))
    with code_at:
        key = draft.seed("code", table["code"])
        table["code"] = st.text_input(
            texts.text("defining.code"), key=key, disabled=draft.seen is not None, max_chars=21
        )
    with challenge_at:
        table["challenge"] = st.selectbox(
            texts.text("defining.challenge"),
            range(1, MOST_CHALLENGES + 1),
            key=draft.seed("challenge", table["challenge"]),
            format_func=lambda one: f"{one} · {texts.text(f'challenge.{one}')}",
        )
    with position_at:
        table["position"] = _whole(texts, draft, "position", table, (0, MOST_POSITION))
    with shown_at:
        key = draft.seed("scorecard", table["scorecard"])
        table["scorecard"] = st.checkbox(texts.text("defining.scorecard"), key=key)
    _charge(texts, draft, offer)


def _charge(texts: Texts, draft: Draft, offer: Offer) -> None:
    objective_at, owner_at = st.columns(2)
    with objective_at:
        objective = st.selectbox(
            texts.text("defining.objective"),
            [None, *offer.objectives],
            key=draft.seed("objective", draft.charge.objective_code),
            format_func=lambda one: _objective(texts, offer, one),
        )
    with owner_at:
        owner = st.selectbox(
            texts.text("defining.owner"),
            [None, *_owners(draft, offer)],
            key=draft.seed("owner", draft.charge.owner_email),
            format_func=lambda one: (
                texts.text("common.nothing")
                if one is None
                else f"{offer.people.get(one, one)} ({one})"
            ),
        )
    draft.charge = Charge(objective, owner)


def _owners(draft: Draft, offer: Offer) -> list[str]:
    """Those who are let in, and the present owner although he may no longer be."""
    present = draft.charge.owner_email
    return list(dict.fromkeys([*offer.people, *([present] if present else [])]))


def _objective(texts: Texts, offer: Offer, code: str | None) -> str:
    if code is None:
        return texts.text("common.nothing")
    return f"{code} {named(texts, offer.objectives[code])}"


def _words(texts: Texts, draft: Draft) -> None:
    """Name and explanation, side by side in the three languages."""
    for language, column in zip(Language, st.columns(len(Language)), strict=True):
        tongue = texts.word(language)
        with column:
            names, told = draft.table["names"], draft.table["explanation"]
            names[language.value] = st.text_input(
                texts.text("defining.name_in", language=tongue),
                key=draft.seed(f"names.{language}", names[language.value]),
                max_chars=LONGEST_NAME,
            )
            told[language.value] = st.text_area(
                texts.text("defining.explanation_in", language=tongue),
                key=draft.seed(f"explanation.{language}", told[language.value]),
                max_chars=LONGEST_TEXT,
                height=110,
            )


def _measure(texts: Texts, draft: Draft) -> None:
    """The line that is judged; further lines are written as YAML."""
    table = draft.table
    place = next(n for n, one in enumerate(table["measures"]) if one["name"] == "value")
    headline = table["measures"][place]
    columns = st.columns(5)
    with columns[0]:
        table["direction"] = _choice(texts, draft, "direction", table, Direction)
    with columns[1]:
        table["frequency"] = _choice(texts, draft, "frequency", table, Frequency)
    with columns[2]:
        headline["unit"] = _choice(texts, draft, "unit", headline, Unit)
    with columns[3]:
        headline["decimals"] = _whole(texts, draft, "decimals", headline, (0, 4))
    with columns[4]:
        headline["minimum_cases"] = _whole(texts, draft, "minimum_cases", headline, (0, 1_000_000))
    if not headline["minimum_cases"]:
        del headline["minimum_cases"]


def _judgement(texts: Texts, draft: Draft) -> None:
    """How its control chart is judged."""
    chart: Table = draft.table.setdefault("chart", {})
    columns = st.columns(4, vertical_alignment="bottom")
    with columns[0]:
        chart["trend_length"] = _one_of(texts, draft, "trend_length", chart, (6, 7), 7)
    with columns[1]:
        chart["shift_length"] = _one_of(texts, draft, "shift_length", chart, (6, 7, 8, 9), 7)
    with columns[2]:
        chart.setdefault("minimum_points", 13)
        chart["minimum_points"] = _whole(texts, draft, "minimum_points", chart, (2, 100))
    with columns[3]:
        key = draft.seed("seasonal", chart.pop("seasonal", False))
        if st.checkbox(
            texts.text("defining.seasonal"), key=key, help=texts.text("defining.seasonal_help")
        ):
            chart["seasonal"] = True


def _query(texts: Texts, draft: Draft, name: str, slots: Slots) -> None:
    """A query with its formulas on the left, what they may say on the right."""
    query = draft.table["queries"][name]
    lines = [one["name"] for one in draft.table["measures"] if one["query"] == name]
    said = ", ".join(line_name(texts, line) for line in lines) or name
    title = f"{plain(said)} · {plain(extract_name(texts, query['contract']))}"
    is_first = name == next(iter(draft.table["queries"]))
    with st.expander(title, expanded=is_first):
        left, right = st.columns((3, 2), gap="large")
        with left:
            formulas.draw(texts, draft, name, slots)
        with right:
            slots.words[name] = st.container()


def _choice(texts: Texts, draft: Draft, part: str, table: Table, kind: Any) -> str:
    known = [one.value for one in kind]
    chosen: str = st.selectbox(
        texts.text(f"defining.{part}"),
        known,
        key=draft.seed(part, table[part]),
        format_func=lambda one: texts.word(kind(one)),
    )
    return chosen


def _one_of(
    texts: Texts, draft: Draft, part: str, table: Table, known: tuple[int, ...], usual: int
) -> int:
    key = draft.seed(part, table.get(part, usual))
    chosen: int = st.selectbox(texts.text(f"defining.{part}"), known, key=key)
    return chosen


def _whole(texts: Texts, draft: Draft, part: str, table: Table, bounds: tuple[int, int]) -> int:
    key = draft.seed(part, table.get(part, 0))
    label = texts.text(f"defining.{part}")
    return int(st.number_input(label, min_value=bounds[0], max_value=bounds[1], step=1, key=key))
