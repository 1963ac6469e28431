"""What moved on the map since the day compared with, listed in words: who, whence, whither."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from dashboard.components.kpi_drawing import Sheet, download
from dashboard.components.messages import plain
from dashboard.components.risks.register.answer import nothing_then
from dashboard.components.risks.register.mapping import Mapped, cell_text
from dashboard.components.risks.words import risk_in_text
from dashboard.context import PageContext
from risks.register.moving import Cell, Move, Off, Place

LISTED = 50
Way = tuple[Place, Place, Move]


def draw(context: PageContext, found: Mapped) -> None:
    """The moves, those to the highest cells first; all of them as a file."""
    looked, texts = found.looked, found.looked.texts
    if not looked.then:
        st.caption(plain(nothing_then(looked)))
        return
    ways = in_order(found)
    title = texts.text("risk_register.moved.title", day=looked.since, count=len(ways))
    st.subheader(plain(title), anchor=False)
    if not ways:
        st.caption(plain(texts.text("risk_register.moved.none")))
        return
    _table(context, found, ways[:LISTED])
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(ways) > LISTED:
            st.caption(plain(texts.text("risk_register.moved.more", count=len(ways) - LISTED)))
        name = f"risk-movement-{looked.since}-{looked.today}"
        download(texts, "risks.moved", lambda: as_sheet(found), file=name)


def in_order(found: Mapped) -> list[Way]:
    """Every move; where risks are now decides, the highest first, then the number."""
    ways = [(start, end, move) for (start, end), some in found.moved.items() for move in some]
    return sorted(ways, key=lambda way: (-_height(way[1]), way[2].risk.number))


def _height(place: Place) -> int:
    return -1 if isinstance(place, Off) else place[0] * place[1]


def _table(context: PageContext, found: Mapped, ways: Iterable[Way]) -> None:
    heads = (found.looked.texts.text("risk_register.risk"), *_heads(found)[2:])
    lines = [
        [risk_in_text(context, move.risk), *map(plain, _way(found, start, end, move))]
        for start, end, move in ways
    ]
    st.table(
        pd.DataFrame(lines, columns=list(heads)),
        border="horizontal",
        hide_index=True,
        alt=found.looked.texts.text("risk_register.moved.alt"),
    )


def as_sheet(found: Mapped) -> Sheet:
    """All moves in plain text."""
    rows = tuple(
        (move.risk.code, move.risk.title, *_way(found, start, end, move))
        for start, end, move in in_order(found)
    )
    return Sheet(_heads(found), rows)


def _heads(found: Mapped) -> tuple[str, ...]:
    text = found.looked.texts.text
    names = ("head.code", "head.title", "moved.whence", "moved.whither")
    return tuple(text(f"risk_register.{name}") for name in names)


def _way(found: Mapped, start: Place, end: Place, move: Move) -> Sequence[str]:
    return _whence(found, start, move), _whither(found, end, move)


def _whence(found: Mapped, start: Place, move: Move) -> str:
    """The cell, that it was not assessed, or why it was not among those looked at."""
    if start is not Off.OUTSIDE:
        return _place(found, start)
    texts, known = found.looked.texts, found.looked.then.get(move.risk.id)
    if known is None:
        return texts.text("risk_register.moved.not_known")
    if known.status is not move.risk.status:
        return texts.word(known.status)
    return texts.text("risk_register.moved.not_chosen")


def _whither(found: Mapped, end: Place, move: Move) -> str:
    if end is not Off.OUTSIDE:
        return _place(found, end)
    looked = found.looked
    now = next((one for one in looked.risks if one.id == move.risk.id), None)
    if now is None:
        return looked.texts.text("risk_register.moved.not_seen")
    if now.status is not move.risk.status:
        return looked.texts.word(now.status)
    return looked.texts.text("risk_register.moved.not_chosen")


def _place(found: Mapped, place: Cell | Off) -> str:
    if isinstance(place, Off):
        return found.looked.texts.text("risk.not_assessed")
    return cell_text(found.looked, place)
