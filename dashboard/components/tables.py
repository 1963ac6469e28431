"""Tables on pages, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from data.language.texts import Texts

ROW, HEADER, ROWS_AT_ONCE = 35, 38, 16  # pixels, pixels, rows before a table scrolls
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def table(columns: Mapping[str, Sequence[Any]], *, key: str | None = None, **widths: Any) -> None:
    """Columns of ready texts under their headers; as high as its rows, up to a point."""
    frame = pd.DataFrame(dict(columns))
    config = {name: st.column_config.Column(width=width) for name, width in widths.items()}
    st.dataframe(
        frame, hide_index=True, key=key, height=height_of(len(frame)), column_config=config
    )


def height_of(rows: int) -> int:
    return HEADER + ROW * min(max(rows, 1), ROWS_AT_ONCE)


def moment_short(texts: Texts, moment: datetime | None) -> str:
    """A moment on the agency's clock, as short as a table wants it."""
    if moment is None:
        return texts.value(None)
    local = moment.astimezone(texts.zone)
    return f"{texts.day_short(local.date())} {local:%H:%M}"


def csv_file(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as a file that a spreadsheet opens with its letters right and runs no formula of."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_FORMULA) else cell
