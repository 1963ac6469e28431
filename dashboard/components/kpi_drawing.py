"""Charts drawn once and sent again, and the table that stands one click behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import pandas as pd
import streamlit as st

from dashboard.charts.canvas import CONFIG, Figure
from dashboard.charts.tokens import Palette, palette
from dashboard.components.messages import plain
from dashboard.components.tables import csv_file, height_of
from data.language.texts import Texts

DRAWN_AT_MOST, KEPT = 200, 3600  # charts kept; seconds
_BIG = 12_345.6  # shows both marks of a number


class View(Protocol):
    """What a chart is drawn from; `alt` is read out in its place."""

    @property
    def alt(self) -> str: ...


Shown = TypeVar("Shown", bound=View)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of ready texts; columns named in `numbers` stand right-aligned."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[str] = frozenset()


def draw_chart(view: Shown, build: Callable[[Shown, Palette], Figure], *, key: str) -> None:
    """Draw the chart, or send again what was drawn of exactly this content.

    Everything shown, so scope, publication and language too, is part of the key.
    """
    _drawn(build.__name__, repr(view), st.context.theme.type, key, view, build)


@st.cache_data(max_entries=DRAWN_AT_MOST, ttl=KEPT, show_spinner=False)
def _drawn(
    kind: str,
    content: str,
    appearance: str | None,
    key: str,
    _view: View,
    _build: Callable[[Any, Palette], Figure],
) -> None:
    figure = _build(_view, palette(appearance))
    st.plotly_chart(figure, theme=None, config=CONFIG, alt=_view.alt, key=key)


def marks(texts: Texts) -> str:
    """Decimal and thousands mark of the language, as charts want them."""
    signs = [sign for sign in texts.number(_BIG, 1) if not sign.isdigit()]
    return "".join(reversed(signs))


def opening(text: str) -> str:
    """The text with a capital letter, to begin a sentence with."""
    return text[:1].upper() + text[1:]


def table_behind(texts: Texts, name: str, build: Callable[[], Sheet], *, file: str) -> None:
    """The same as a table, made when somebody opens it, and as a file to take along."""
    place = st.expander(
        texts.text("kpi_page.as_table"),
        type="compact",
        icon=":material/table_rows:",
        key=f"{name}.table",
        on_change="rerun",
    )
    if place.open:
        with place:
            sheet = build()
            draw_sheet(sheet)
            download(texts, name, lambda: sheet, file=file)


def draw_sheet(sheet: Sheet, *, alt: str | None = None) -> None:
    """The table, as high as its rows up to a point."""
    right = st.column_config.Column(alignment="right")
    columns = {header: right for header in sheet.headers if header in sheet.numbers}
    st.dataframe(
        {header: list(cells) for header, cells in zip(sheet.headers, _turned(sheet), strict=True)},
        hide_index=True,
        height=height_of(len(sheet.rows)),
        column_config=columns,
        alt=alt,
    )


def draw_words(sheet: Sheet, *, alt: str) -> None:
    """A table of sentences, which need to wrap: nothing of them is cut off."""
    rows = [[plain(cell) for cell in row] for row in sheet.rows]
    frame = pd.DataFrame(rows, columns=[plain(header) for header in sheet.headers])
    st.table(frame, border="horizontal", hide_index=True, alt=alt)


def download(texts: Texts, name: str, build: Callable[[], Sheet], *, file: str) -> None:
    """The table as a file, made on the click."""

    def make() -> bytes:
        sheet = build()
        return csv_file(sheet.headers, sheet.rows)

    st.download_button(
        texts.text("shell.download_csv"),
        make,
        file_name=f"{file}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{name}.download",
        on_click="ignore",
    )


def _turned(sheet: Sheet) -> Iterable[tuple[str, ...]]:
    """The columns of the table."""
    return zip(*sheet.rows, strict=True) if sheet.rows else (() for _ in sheet.headers)
