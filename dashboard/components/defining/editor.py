"""The editor of one draft: the form or the YAML, what is wrong, a trial, and the save."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import streamlit as st

from dashboard.components.defining import draft as drafts
from dashboard.components.defining import form, saving, trial, yaml_text
from dashboard.components.defining.draft import Draft
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from data.language.texts import Texts
from kpis.catalogue import Entry
from kpis.defining.reading import DefinedKpi, Offer
from kpis.defining.rules import Fault, faults_of

Checked = tuple[Entry | None, Sequence[Fault]]


class WritingWay(StrEnum):
    """How a definition is written."""

    FORM = "form"
    YAML = "yaml"


@st.fragment
def draw(context: PageContext, offer: Offer, now: DefinedKpi | None) -> None:
    """The draft of this tab; typing draws only this again."""
    draft = drafts.current()
    if draft is None:
        return
    texts = context.texts
    title = draft.table["code"] if draft.seen else texts.text("defining.new")
    st.subheader(plain(title), anchor=False)
    if _way(texts, draft) is WritingWay.FORM:
        entry, found = _form(context, draft, offer)
    else:
        entry, found = _yaml(texts, draft)
    sound = entry is not None and not found
    if sound:
        st.success(texts.text("defining.sound"), icon=":material/check_circle:")
    trial.draw(context, draft, entry if sound else None)
    st.markdown(f"**{plain(texts.text('defining.differences'))}**")
    saving.draw(context, draft, entry, now, sound=sound)


def _way(texts: Texts, draft: Draft) -> WritingWay:
    """The way chosen; from YAML there is a way back only once it can be read."""
    chosen = st.segmented_control(
        texts.text("defining.way"),
        list(WritingWay),
        key=draft.seed("way", WritingWay.FORM),
        format_func=texts.word,
        label_visibility="collapsed",
        required=True,
    )
    if chosen is WritingWay.YAML or draft.text is None:
        return chosen or WritingWay.FORM
    if yaml_text.take(texts, draft):
        draft.text = None
        draft.put(draft.table)
        st.rerun()
    st.warning(texts.text("defining.yaml_first"), icon=":material/error_med:")
    return WritingWay.YAML


def _form(context: PageContext, draft: Draft, offer: Offer) -> Checked:
    """The form; once it is drawn, what is wrong stands where it is wrong."""
    slots = form.draw(context, draft, offer)
    entry, fault = drafts.entry_or_fault(draft)
    found = faults_of(entry) if entry else ()
    slots.tell(context.texts, found, form.known_words(entry))
    if fault is not None:
        refusal(context.texts, fault)
    _elsewhere(context.texts, [one for one in found if one.path not in slots.faults])
    return entry, found


def _elsewhere(texts: Texts, found: Sequence[Fault]) -> None:
    """The faults that belong to no formula."""
    for fault in found:
        said = f"{fault.path}: {texts.said(fault.refusal)}"
        st.warning(plain(said), icon=":material/error_med:")


def _yaml(texts: Texts, draft: Draft) -> Checked:
    if not yaml_text.draw(texts, draft):
        return None, ()
    entry, _ = drafts.entry_or_fault(draft)
    return entry, faults_of(entry) if entry else ()
