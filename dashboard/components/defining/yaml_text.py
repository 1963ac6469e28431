"""A definition as YAML: everything a form does not show, under the same checks."""

from __future__ import annotations

import streamlit as st

from dashboard.components.defining import faults
from dashboard.components.defining.draft import Draft
from dashboard.components.messages import plain, refusal
from data.errors import Invalid
from data.language.texts import Texts
from kpis.defining.document import Placed, read_documents, table_of, write_table
from kpis.defining.rules import faults_of
from kpis.defining.vocabulary import Word, words

HEIGHT = 520


def draw(texts: Texts, draft: Draft) -> bool:
    """The text; what it says is in the draft where it can be read, and whether it can."""
    if draft.text is None:
        draft.text = write_table(draft.table)
    key = draft.seed("yaml", draft.text)
    draft.text = st.text_area(
        texts.text("defining.yaml"), key=key, height=HEIGHT, help=texts.text("defining.yaml_help")
    )
    return take(texts, draft, tell=True)


def take(texts: Texts, draft: Draft, *, tell: bool = False) -> bool:
    """Put what the text says into the draft; a fault is told at its line."""
    draft.text = st.session_state.get(draft.key("yaml"), draft.text)
    try:
        placed = _read(draft)
    except Invalid as fault:
        if tell:
            refusal(texts, fault)
            _line(draft, fault)
        return False
    draft.table = table_of(placed.entry)
    if tell:
        _tell(texts, placed)
    return True


def _read(draft: Draft) -> Placed:
    found = read_documents(draft.text or "")
    if len(found) > 1:
        raise Invalid("defining.refused.one_only", count=len(found))
    if draft.seen is not None and found[0].entry.definition.code != draft.table["code"]:
        raise Invalid("defining.refused.other_code", code=draft.table["code"])
    return found[0]


def _line(draft: Draft, fault: Invalid) -> None:
    """The line of a fault, with a caret under the place."""
    line, column = fault.values.get("line"), fault.values.get("column")
    lines = (draft.text or "").split("\n")
    if line is not None and column is not None and line <= len(lines):
        st.code(f"{line:>4}  {lines[line - 1]}\n{' ' * (column + 5)}^", language=None)


def _tell(texts: Texts, placed: Placed) -> None:
    formula = placed.entry.definition.formula
    for fault in faults_of(placed.entry):
        line = str(placed.line_of(fault.path))
        st.caption(plain(texts.text("defining.at_line", line=line, path=fault.path)))
        known: dict[str, Word] = {}
        for query in formula.queries.values():
            known |= {word.name: word for word in words(query)}
        faults.draw(texts, fault, known)
