"""Late corrections: what loads changed of what was known, and which published values moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.components.data_quality import signs
from dashboard.components.kpi_drawing import Sheet, download, draw_sheet
from dashboard.components.kpis.figures import named
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.extracts.quality import Correction
from kpis.quality import Moved

HEAD = ("event", "file", "changed", "vanished", "oldest", "median_age", "longest")
MOVED = ("kpi", "of_period", "first", "now", "moved_by", "steps", "values", "by_events")


def draw(
    context: PageContext, contract: str, found: Sequence[Correction], moved: Sequence[Moved]
) -> None:
    """How far back corrections reach, as a sentence and by load; then the values they moved."""
    texts = context.texts
    st.subheader(texts.text("data_quality.corrections"), anchor=False)
    changing = [one for one in found if one.changed or one.vanished]
    if changing:
        st.markdown(plain(_sentence(context, changing)))
        table = sheet(context, changing)
        draw_sheet(table, alt=texts.text("data_quality.corrections"))
        download(texts, "quality.corrections", lambda: table, file=f"{contract}-corrections")
    else:
        st.markdown(f"{signs.FRESH} {plain(texts.text('data_quality.no_corrections'))}")
    _moved(context, contract, moved)


def _sentence(context: PageContext, changing: Sequence[Correction]) -> str:
    ages = [one.longest_days for one in changing if one.longest_days is not None]
    return context.texts.text(
        "data_quality.corrected",
        changed=sum(one.changed for one in changing),
        vanished=sum(one.vanished for one in changing),
        loads=len(changing),
        longest=max(ages, default=None),
    )


def sheet(context: PageContext, changing: Sequence[Correction]) -> Sheet:
    """The loads that corrected something, the newest first."""
    headers = {name: context.texts.text(f"data_quality.head.{name}") for name in HEAD}
    rows = tuple(tuple(_row(context, one)) for one in reversed(changing))
    return Sheet(
        tuple(headers.values()), rows, frozenset(headers[name] for name in HEAD if name != "file")
    )


def _row(context: PageContext, one: Correction) -> Iterator[str]:
    texts = context.texts
    yield str(one.load.event.number)
    yield one.load.batch.file_name
    yield texts.number(one.changed)
    yield texts.number(one.vanished)
    yield texts.value(None) if one.oldest is None else texts.day_short(one.oldest)
    yield texts.value(None) if one.median_days is None else texts.number(one.median_days, 0)
    yield texts.value(one.longest_days)


def _moved(context: PageContext, contract: str, moved: Sequence[Moved]) -> None:
    texts = context.texts
    st.markdown(f"**{plain(texts.text('data_quality.moved'))}**")
    if not moved:
        st.markdown(plain(texts.text("data_quality.none_moved")))
        return
    table = moved_sheet(context, moved)
    draw_sheet(table, alt=texts.text("data_quality.moved"))
    st.caption(plain(texts.text("data_quality.moved_how")))
    download(texts, "quality.moved", lambda: table, file=f"{contract}-moved")


def moved_sheet(context: PageContext, moved: Sequence[Moved]) -> Sheet:
    """The values that moved most, each beside what was published first."""
    headers = {name: context.texts.text(f"data_quality.head.{name}") for name in MOVED}
    rows = tuple(tuple(_moved_row(context, one)) for one in moved)
    return Sheet(tuple(headers.values()), rows, frozenset(headers[name] for name in MOVED[2:7]))


def _moved_row(context: PageContext, one: Moved) -> Iterator[str]:
    texts, definition = context.texts, one.kpi.definition
    yield f"{one.kpi.code} {named(texts, definition.names)}"
    yield texts.period(one.restated.period)
    yield texts.figure(one.restated.first.figure)
    yield texts.figure(one.restated.now.figure)
    yield texts.signed(one.by, definition.decimals)
    yield texts.value(None) if one.steps is None else texts.number(one.steps, 1)
    yield texts.number(one.of)
    yield ", ".join(str(cause.event) for cause in one.causes) or texts.value(None)
