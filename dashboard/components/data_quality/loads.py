"""The last loads of an extract: rows by fate, and how many days after its end each came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.components.data_quality import words
from dashboard.components.extracts.names import days
from dashboard.components.kpi_drawing import Sheet, download, draw_sheet
from dashboard.components.messages import plain
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.extracts.history import Load
from data.extracts.quality import delay_days, is_of_its_time

HEAD = (
    "event", "file", "coverage", "read", "accepted", "duplicate", "excluded_total", "excluded_test",
    "quarantined", "share", "delay", "last_at", "last_by",
)  # fmt: skip
NUMBERS = HEAD[:1] + HEAD[3:11]


def draw(context: PageContext, contract: str, loads: Sequence[Load]) -> None:
    """The loads, the newest first; how late they usually come in a sentence."""
    texts = context.texts
    st.subheader(texts.text("data_quality.loads"), anchor=False)
    st.markdown(plain(timeliness(context, loads)))
    found = sheet(context, loads)
    draw_sheet(found, alt=texts.text("data_quality.loads"))
    download(texts, "quality.loads", lambda: found, file=f"{contract}-loads")


def timeliness(context: PageContext, loads: Sequence[Load]) -> str:
    """'From the last day covered to the load: 4 days for the newest load, 3 to 9 before.'"""
    texts, zone = context.texts, context.workspace.settings.zone
    timely = [load for load in loads if is_of_its_time(load)]
    delays = [delay for load in timely if (delay := delay_days(load, zone)) is not None]
    if not delays:
        return texts.text("data_quality.timeliness.none")
    return texts.text(
        "data_quality.timeliness", newest=delays[-1], least=min(delays), most=max(delays)
    )


def sheet(context: PageContext, loads: Sequence[Load]) -> Sheet:
    """The loads as a table."""
    headers = {name: context.texts.text(f"data_quality.file.{name}") for name in HEAD}
    rows = tuple(tuple(_row(context, load)) for load in reversed(loads))
    return Sheet(tuple(headers.values()), rows, frozenset(headers[name] for name in NUMBERS))


def _row(context: PageContext, load: Load) -> Iterator[str]:
    texts, batch = context.texts, load.batch
    yield str(load.event.number)
    yield batch.file_name
    yield days(texts, batch.coverage_from, batch.coverage_to)
    for fate in HEAD[3:9]:
        yield texts.number(getattr(batch, f"rows_{fate}"))
    yield words.share(texts, batch.rows_quarantined, batch.rows_read)
    yield texts.value(delay_days(load, context.workspace.settings.zone))
    yield moment_short(texts, batch.loaded_at)
    yield batch.loaded_by
