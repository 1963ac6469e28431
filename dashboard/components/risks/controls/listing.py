"""The controls: which there are, whether they work, which risks lean on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.risks.controls import keeping, testing
from dashboard.components.risks.words import risk_in_text
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from risks.controls.reading import Leaning, leaning, overdue, read_controls
from risks.controls.record import Control
from risks.register.naming import Naming, read_naming
from risks.register.reading import read_register

COLUMNS = ("control", "kind", "works", "next_test", "risks", "owner")
NEWLINE = "  \n"
ROWS_AT_ONCE, HEIGHT = 10, 640  # more rows scroll under their header; pixels


@dataclass(frozen=True, slots=True)
class Known:
    """The catalogue, who leans on what, and how it is called."""

    controls: tuple[Control, ...]
    leaning: Mapping[str, tuple[Leaning, ...]]
    naming: Naming


def draw(context: PageContext) -> None:
    """How it stands in a sentence; the catalogue; for those who may, its forms."""
    texts, known = context.texts, _read(context)
    in_use = [one for one in known.controls if one.is_in_use]
    if in_use:
        st.markdown(plain(_sentence(context, known, in_use)))
        _table(context, known, in_use)
    else:
        empty(texts, "controls.none", "controls.none_do")
    retired = [one for one in known.controls if not one.is_in_use]
    if retired:
        with st.expander(texts.text("controls.retired", count=len(retired))):
            _table(context, known, retired)
    if context.may(Permission.CONTROL_KEEP):
        testing.draw(context, in_use)
        keeping.draw(context, in_use, known.naming)


def _read(context: PageContext) -> Known:
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        risks = read_register(reader)
        return Known(read_controls(reader), leaning(risks), read_naming(reader))


def _sentence(context: PageContext, known: Known, in_use: list[Control]) -> str:
    """How many work, how many do not or were never tested, how many tests are overdue."""
    tested = [one for one in in_use if one.last_test is not None]
    failing = [one for one in tested if not one.works]
    leaned_on = [one for one in failing if known.leaning.get(one.id)]
    return context.texts.text(
        "controls.sentence",
        count=len(in_use),
        works=len(tested) - len(failing),
        failing=len(failing),
        leaned_on=len(leaned_on),
        untested=len(in_use) - len(tested),
        overdue=len(overdue(in_use, context.today)),
    )


def _table(context: PageContext, known: Known, controls: list[Control]) -> None:
    texts = context.texts
    lines = [_line(context, known, one) for one in controls]
    st.table(
        pd.DataFrame(lines, columns=[texts.text(f"controls.head.{name}") for name in COLUMNS]),
        border="horizontal",
        hide_index=True,
        height=HEIGHT if len(lines) > ROWS_AT_ONCE else "content",
        alt=texts.text("controls.alt"),
    )


def _line(context: PageContext, known: Known, one: Control) -> list[str]:
    texts = context.texts
    cells = (
        [f"{one.code} {one.title}", one.description],
        [texts.word(one.kind)],
        works_lines(texts, one),
        _next_test(context, one),
    )
    owner = known.naming.people.get(one.owner, one.owner)
    unit = texts.value(known.naming.units.get(one.unit_code, one.unit_code))
    risks = NEWLINE.join(
        f"{risk_in_text(context, each.risk)} · {plain(texts.word(each.side))}"
        for each in known.leaning.get(one.id, ())
    )
    said = [NEWLINE.join(map(plain, cell)) for cell in cells]
    return [*said, risks or plain(texts.value(None)), f"{plain(owner)}{NEWLINE}{plain(unit)}"]


def works_lines(texts: Texts, one: Control) -> list[str]:
    """What the last test found, as sign and word, and when it was."""
    last = one.last_test
    if last is None:
        return [f"○ {texts.text('controls.untested')}"]
    found = (
        "● " + texts.text("controls.works") if one.works else "▼ " + texts.text("controls.fails")
    )
    parts = texts.text("controls.found", design=last.design, operating=last.operating)
    return [found, parts, texts.day_short(last.tested_at.astimezone(texts.zone).date())]


def _next_test(context: PageContext, one: Control) -> list[str]:
    if one.next_test is None:
        return [context.texts.value(None)]
    said = [context.texts.day_short(one.next_test)]
    days = one.days_overdue(context.today)
    return [*said, f"▲ {context.texts.text('controls.days_overdue', count=days)}"] if days else said
