"""A fault of a formula at its place: the caret under it, why, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from dashboard.components.messages import plain
from data.errors import Refusal
from data.language.texts import Texts
from kpis.defining.rules import Fault
from kpis.defining.vocabulary import Word

BEFORE, AFTER = 30, 30  # characters shown around a fault: on a narrow screen too
_WORD = re.compile(r"\"?[\w.]*")
_SHORT = ("formulas.unknown_column", "formulas.unknown_function")  # else all names are listed
_HINTS = {
    "/": "division",
    "||": "joining",
    "::": "cast",
    "like": "like",
    "cast": "cast",
    "select": "select",
    "(": "select",
}


def draw(texts: Texts, fault: Fault, known: Mapping[str, Word]) -> None:
    """The fault under its formula."""
    if fault.column is not None and fault.text:
        st.code(marked(fault), language=None, wrap_lines=False)
    st.warning(plain(sentence(texts, fault, known)), icon=":material/error_med:")


def marked(fault: Fault) -> str:
    """The line of the fault, cut to what surrounds it, with a caret below the place."""
    line = [*fault.text.split("\n"), ""][fault.line - 1]
    place = (fault.column or 1) - 1
    start = max(place - BEFORE, 0)
    lead = "…" if start else ""
    tail = "…" if len(line) > place + AFTER else ""
    return f"{lead}{line[start : place + AFTER]}{tail}\n{' ' * (len(lead) + place - start)}^"


def sentence(texts: Texts, fault: Fault, known: Mapping[str, Word]) -> str:
    """Where, why, and what may have been meant."""
    parts = [_where(texts, fault), _why(texts, fault.refusal), _hint(texts, fault)]
    if fault.near:
        meant = [meaning(texts, known.get(name), name) for name in fault.near]
        parts.append(texts.text("defining.meant", names=meant))
    return " ".join(part for part in parts if part)


def meaning(texts: Texts, word: Word | None, name: str) -> str:
    """A column with the kind of value it holds."""
    if word is None:
        return name
    return f"{name} ({texts.text(f'formula_kind.{word.kind}')})"


def _where(texts: Texts, fault: Fault) -> str:
    if fault.column is None:
        return ""
    line, column = str(fault.line), str(fault.column)
    if "\n" in fault.text:
        return texts.text("defining.at_line_column", line=line, column=column)
    return texts.text("defining.at_column", column=column)


def _why(texts: Texts, refusal: Refusal) -> str:
    if refusal.key in _SHORT:
        key = refusal.key.replace("formulas.", "defining.fault.")
        word = _WORD.match(str(refusal.values["text"]))
        return texts.text(key, name=word.group() if word else "")
    return texts.said(refusal)


def _hint(texts: Texts, fault: Fault) -> str:
    """What to write instead, for what people are used to from elsewhere."""
    if fault.refusal.key != "formulas.not_allowed":
        return ""
    found = str(fault.refusal.values["text"]).lower()
    for sign, name in _HINTS.items():
        if found.startswith(sign):
            return texts.text(f"defining.hint.{name}")
    return ""
