"""The formulas of a query: each checked while it is typed, beside what may be written in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components.defining import faults
from dashboard.components.defining.draft import Draft, Table
from dashboard.components.extracts.names import extract_name, text_or
from dashboard.components.kpi_drawing import Sheet, draw_words
from dashboard.components.messages import plain
from data.language.texts import Texts
from kpis.defining import vocabulary
from kpis.defining.rules import Fault
from kpis.defining.vocabulary import Word

PAUSE = "300ms"  # after which what was typed is checked
LISTED = 300  # pixels
ROW = (3, 6, 2)

Known = Mapping[str, Word]


@dataclass(frozen=True, slots=True)
class Slots:
    """Places kept free while the form is drawn: what was typed is known only once it is."""

    faults: dict[str, DeltaGenerator] = field(default_factory=dict)  # by path
    words: dict[str, DeltaGenerator] = field(default_factory=dict)  # by query

    def keep(self, path: str) -> None:
        self.faults[path] = st.container()

    def tell(self, texts: Texts, found: Sequence[Fault], known: Mapping[str, Known]) -> None:
        """Fill the places with the faults that stand there, and with what may be written."""
        for fault in found:
            query = fault.path.split(".")[1] if "." in fault.path else ""
            if fault.path in self.faults:
                with self.faults[fault.path]:
                    faults.draw(texts, fault, known.get(query, {}))
        for query, place in self.words.items():
            with place:
                beside(texts, known.get(query, {}))


def draw(texts: Texts, draft: Draft, name: str, slots: Slots) -> None:
    """One query: extract, parts, what counts, breakdowns."""
    query, path = draft.table["queries"][name], f"queries.{name}"
    _extract(texts, draft, query, path)
    for part in vocabulary.parts(query["form"]):
        _part(texts, draft, query, part, path, slots)
    _rows(texts, draft, query, (path, "inclusions", "reason", "condition"), slots)
    _rows(texts, draft, query, (path, "dimensions", "name", "formula"), slots)
    if query.keys() & {"joins", "exists", *vocabulary.FOR_PROGRAMS}:
        st.caption(texts.text("defining.more_in_yaml"))
    slots.keep(path)


def _extract(texts: Texts, draft: Draft, query: Table, path: str) -> None:
    """The extract; a query that looks at others beside it is moved to another as YAML only."""
    fixed = bool(query.get("joins") or query.get("exists"))
    offered = list(vocabulary.contracts())
    key = draft.seed(f"{path}.contract", query["contract"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        query["contract"] = st.selectbox(
            texts.text("defining.extract"),
            offered if query["contract"] in offered else [query["contract"], *offered],
            key=key,
            format_func=lambda one: extract_name(texts, one),
            disabled=fixed,
        )
        st.caption(texts.text("defining.form", form=texts.text(f"form.{query['form']}")))


def _part(texts: Texts, draft: Draft, query: Table, part: str, path: str, slots: Slots) -> None:
    label = texts.text(f"kpis.role.{part}")
    if not vocabulary.needs(query["form"], part):
        label = texts.text("defining.optional", label=label)
    said = _formula(draft, f"{path}.{part}", query.get(part, ""), label)
    slots.keep(f"{path}.{part}")
    query.pop(part, None)
    if said.strip() or vocabulary.needs(query["form"], part):
        query[part] = said


def _formula(draft: Draft, path: str, text: str, label: str) -> str:
    """The field of a formula, checked as one types: a pause hands over a line or a text area."""
    key = draft.seed(path, text)
    if "\n" in text.strip():
        return st.text_area(label, key=key, height="content") or ""
    return st.text_input(label, key=key, live=PAUSE, autocomplete="off") or ""


def _rows(
    texts: Texts, draft: Draft, query: Table, what: tuple[str, str, str, str], slots: Slots
) -> None:
    """A list of named formulas, one a row, and a row more on demand."""
    path, part, named, formed = what
    st.markdown(f"**{plain(texts.text(f'defining.{part}'))}**")
    items: list[dict[str, Any]] = query.get(part, [])
    numbers = draft.rows_of(f"{path}.{part}", items)
    for place, number in enumerate(list(numbers)):
        at = f"{path}.{part}.{number}"
        if _row(texts, draft, items[place], at, what):
            del items[place], numbers[place]
            st.rerun()
        for column in (named, formed):
            slots.keep(f"{path}.{part}.{place}.{column}")
    if st.button(
        texts.text(f"defining.add.{part}"),
        key=draft.key(f"{path}.{part}.add"),
        icon=":material/add:",
    ):
        query[part] = [*items, {named: "", formed: ""}]
        st.rerun()


def _row(texts: Texts, draft: Draft, item: Table, at: str, what: tuple[str, str, str, str]) -> bool:
    """One row; whether it is to go."""
    _, part, named, formed = what
    name_at, formula_at, remove_at = st.columns(ROW, vertical_alignment="bottom")
    with name_at:
        key = draft.seed(f"{at}.{named}", item[named])
        item[named] = st.text_input(texts.text(f"defining.{named}"), key=key) or ""
    with formula_at:
        label = _label(texts, part, item[named])
        item[formed] = _formula(draft, f"{at}.{formed}", item[formed], label)
    with remove_at:
        return st.button(
            texts.text("defining.remove"),
            key=draft.key(f"{at}.remove"),
            icon=":material/close:",
            type="tertiary",
        )


def _label(texts: Texts, part: str, name: str) -> str:
    """What the formula of a row says."""
    if part == "inclusions":
        reason = text_or(texts, f"kpis.excluded.{name}", name)
        return texts.text(
            "kpi_page.else_excluded", role=texts.text("kpis.role.inclusion"), reason=reason
        )
    return text_or(texts, f"kpis.dimension.{name}", name) or texts.text("defining.formula")


def beside(texts: Texts, known: Known) -> None:
    """What may be written: the columns with what they hold, and the functions."""
    st.markdown(f"**{plain(texts.text('defining.columns'))}**")
    rows = {
        texts.text("defining.column"): [word.name for word in known.values()],
        texts.text("defining.holds"): [_holds(texts, word) for word in known.values()],
    }
    _list(rows, texts.text("defining.columns"))
    st.markdown(f"**{plain(texts.text('defining.functions'))}**")
    called = vocabulary.functions()
    functions = {
        texts.text("defining.function"): list(called.values()),
        texts.text("defining.gives"): [texts.text(f"formula_function.{one}") for one in called],
    }
    _list(functions, texts.text("defining.functions"))
    st.caption(plain(texts.text("defining.operators")))


def _list(columns: Mapping[str, Sequence[str]], alt: str) -> None:
    """A table of names with what they mean, which scrolls by itself."""
    rows = tuple(zip(*columns.values(), strict=True))
    with st.container(height=LISTED, border=False):
        draw_words(Sheet(tuple(columns), rows), alt=alt)


def _holds(texts: Texts, word: Word) -> str:
    kind = texts.text(f"formula_kind.{word.kind}")
    if word.instant:
        kind = texts.text("defining.exact", kind=kind)
    return f"{kind}: {', '.join(word.codes)}" if word.codes else kind
