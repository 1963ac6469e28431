"""`cra tick`: take in what lies in the inbox, refresh, evaluate; once, or again and again."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Annotated

import typer

from dashboard.command_line.session import REFUSED, WRONG_USE, Json, errors, house, refusing
from dashboard.command_line.tick_output import is_refused, show_busy, show_ticks
from dashboard.jobs.tick_now import last_tick, tick_now
from data.access.actor import SYSTEM
from data.errors import Conflict, Invalid
from data.language.texts import Texts
from data.settings import duration
from data.workspace import Workspace

Every = Annotated[
    str | None,
    typer.Option(metavar="15m", help="Again and again, so long apart: 30s, 15m, 6h, 1d."),
]


def tick(
    once: Annotated[bool, typer.Option("--once", help="Once; so it is when not said.")] = False,
    every: Every = None,
    last: Annotated[bool, typer.Option("--last", help="Only tell how the last one ended.")] = False,
    as_json: Json = False,
) -> None:
    """Take in what lies in the inbox, bring KPI values up to date, evaluate, report.

    Exit codes: 0 done or nothing to do, 1 something was refused, 2 wrong use.
    """
    pause = _pause(every)
    if sum((once, pause is not None, last)) > 1:
        raise typer.BadParameter("--once, --every, --last", param_hint="--every")
    logging.basicConfig(level=logging.WARNING)  # on the error stream
    with refusing(), house() as (workspace, texts):
        if last:
            raise typer.Exit(_tell_last(workspace, texts, as_json=as_json))
        while True:
            code = _tick(workspace, texts, as_json=as_json)
            if pause is None:
                raise typer.Exit(code)
            time.sleep(pause.total_seconds())


def _pause(every: str | None) -> timedelta | None:
    if every is None:
        return None
    try:
        pause = duration(every)
    except Invalid:
        pause = None
    if pause is None:
        raise typer.BadParameter(every, param_hint="--every")
    return pause


def _tick(workspace: Workspace, texts: Texts, *, as_json: bool) -> int:
    """One tick; while another is at work there is nothing to do here."""
    try:
        ended = tick_now(workspace)
    except Conflict as busy:
        show_busy(busy, texts, as_json=as_json)
        return 0
    show_ticks(ended, texts, as_json=as_json)
    return REFUSED if any(map(is_refused, ended)) else 0


def _tell_last(workspace: Workspace, texts: Texts, *, as_json: bool) -> int:
    found = last_tick(workspace, by=SYSTEM)
    if found is None:
        errors.print(texts.text("tick.never"), markup=False)
        return WRONG_USE
    show_ticks((found,), texts, as_json=as_json)
    return REFUSED if is_refused(found) else 0
