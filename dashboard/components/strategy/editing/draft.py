"""The draft of the next strategy: begun, written part by part, adopted or withdrawn."""

from __future__ import annotations

import streamlit as st

from dashboard.components import drafted
from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.strategy import mapping
from dashboard.components.strategy.editing import adopt, frame, links, objectives, perspectives
from dashboard.components.strategy.editing.fields import (
    NO_WORDS,
    days,
    given_words,
    line,
    said_days,
    three,
    words_of,
)
from dashboard.components.strategy.known import Known
from dashboard.context import PageContext
from kpis.strategy import Edition
from kpis.strategy.actions import copy_edition, draft_edition

FORM, NEXT = "strategy-begin", "next"


def draw(context: PageContext, known: Known) -> None:
    """The forms of the draft, or the one that begins it."""
    if known.draft is None:
        st.markdown(plain(context.texts.text("strategy.no_draft")))
        _begin(context, known)
        return
    mapping.head(known, known.draft.value)
    frame.draw(context, known.draft)
    perspectives.draw(context, known.draft)
    objectives.draw(context, known, known.draft)
    links.draw(context, known.draft)
    adopt.draw(context, known, known.draft)


def _begin(context: PageContext, known: Known) -> None:
    """From the one in force where there is one, else with nothing in it."""
    texts = context.texts
    former = known.strategy.edition if known.strategy else None
    title = texts.text("strategy.begin_copy" if former else "strategy.begin_new")
    with st.container(border=True):
        st.markdown(f"**{plain(title)}**")
        form = drafted.begin(context, FORM, NEXT, 0, _given(context, former))
        line(form, "code", longest=20)
        three(form, "names")
        if former is None:
            three(form, "vision", long=True)
        days(form)
        form.say_kept()
        label = texts.text("strategy.begin")
        if st.button(label, key="strategy.begin", type="primary") and said_days(form):
            form.send(lambda: _made(context, form, former), "strategy.begun", "edition")


def _given(context: PageContext, former: Edition | None) -> dict[str, object]:
    """The next year, as long as the one before, or this year."""
    year = former.first_day.year + 1 if former else context.today.year
    last = former.last_day.year + 1 if former else year + 2
    return {
        "code": str(year),
        **given_words("names", former.names if former else NO_WORDS),
        **given_words("vision", former.vision if former else NO_WORDS),
        "first_day": context.today.replace(year=year, month=1, day=1),
        "last_day": context.today.replace(year=last, month=12, day=31),
    }


def _made(context: PageContext, form: DraftedForm, former: Edition | None) -> str:
    code = str(form["code"]).strip()
    names, first, last = words_of(form, "names"), form["first_day"], form["last_day"]
    workspace, by = context.workspace, context.actor
    if former is not None:
        return copy_edition(
            workspace, by=by, code=code, names=names, first_day=first, last_day=last
        ).code
    return draft_edition(
        workspace,
        by=by,
        code=code,
        names=names,
        vision=words_of(form, "vision"),
        first_day=first,
        last_day=last,
    ).code
