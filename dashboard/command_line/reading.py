"""`cra reading`: values that people enter: list, enter, approve, return, lock, unlock."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_line.kpi_output import print_table
from dashboard.command_line.reading_output import expected_as_dict, table_of
from dashboard.command_line.session import (
    As,
    AsOf,
    Json,
    looking_back,
    opened,
    print_json,
    refusing,
)
from dashboard.jobs.approving import approve_and_follow
from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import NotFound
from data.period import Period
from data.workspace import Workspace
from kpis.entering import (
    Written,
    attach_file,
    attach_note,
    return_reading,
    save_reading,
    submit_reading,
)
from kpis.entering.waiting import Expected, read_expected
from kpis.entries.reading import Entry, Slot, read_entries
from kpis.locks import lock_period, unlock_period

app = typer.Typer(no_args_is_help=True)


class Wanted(StrEnum):
    """Which values are listed."""

    ALL = "all"
    MISSING = "missing"
    SUBMITTED = "submitted"


Code = Annotated[str, typer.Argument(metavar="CODE", help="The KPI, such as EN-01.")]
PeriodText = Annotated[str, typer.Argument(metavar="PERIOD", help="2025-03, 2025-Q1, 2025.")]
Ids = Annotated[list[int], typer.Argument(metavar="ID...", help="As the list shows them.")]
Reason = Annotated[str, typer.Option(help="Why.")]


@app.callback()
def readings() -> None:
    """Values that people enter, with evidence and the approval of a second person."""


@app.command("list")
def list_readings(
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="[CODE]...", help="All when none is named.")
    ] = None,
    wanted: Annotated[Wanted, typer.Option("--only", help="Which of them.")] = Wanted.ALL,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """The values expected in one's units: missing, on their way, approved."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        named = [code.upper() for code in codes] if codes else None
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.READING_VIEW) as reader:
            rows = [row for row in read_expected(reader, named) if _is_wanted(row, wanted)]
        if as_json:
            print_json([expected_as_dict(row) for row in rows])
        elif rows:
            print_table(*table_of(rows, texts))
        else:
            typer.echo(texts.text("entering.command.nothing"))


@app.command()
def enter(
    code: Code,
    period: PeriodText,
    value: Annotated[float, typer.Option(help="The value, or the numerator.")],
    denominator: Annotated[float | None, typer.Option(help="Where a ratio is entered.")] = None,
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Of an office.")] = None,
    note: Annotated[str, typer.Option(help="Evidence: where the value stands.")] = "",
    file: Annotated[Path | None, typer.Option(help="Evidence: a file.", exists=True)] = None,
    reason: Reason = "",
    unusual: Annotated[
        bool, typer.Option("--it-is-right", help="The figure is unusual and right.")
    ] = False,
    as_email: As = None,
) -> None:
    """Enter a value with its evidence and submit it to a second person."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        slot = Slot(code.upper(), Period.parse(period), office)
        written = Written(value, denominator)
        entry = save_reading(workspace, by=actor, slot=slot, written=written, reason=reason)
        if note:
            attach_note(workspace, by=actor, entry=entry, note=note)
            entry = _entry(workspace, actor, entry.id)
        if file is not None:
            content = file.read_bytes()
            attach_file(workspace, by=actor, entry=entry, name=file.name, content=content)
            entry = _entry(workspace, actor, entry.id)
        submit_reading(workspace, by=actor, entry=entry, confirmed=unusual)
        typer.echo(texts.text("entering.command.submitted", id=str(entry.id)))


@app.command()
def approve(ids: Ids, as_email: As = None) -> None:
    """Approve values somebody else entered, all or none, and publish them."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        entries = [_entry(workspace, actor, number) for number in ids]
        approve_and_follow(workspace, by=actor, entries=entries)
        typer.echo(texts.text("entering.command.approved", count=len(entries)))


@app.command("return")
def give_back(
    number: Annotated[int, typer.Argument(metavar="ID")],
    comment: Annotated[str, typer.Option(help="What has to be cleared up.")],
    as_email: As = None,
) -> None:
    """Give a submitted value back to whoever entered it."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        entry = _entry(workspace, actor, number)
        return_reading(workspace, by=actor, entry=entry, comment=comment)
        typer.echo(texts.text("entering.given_back"))


@app.command()
def lock(
    period: PeriodText,
    code: Annotated[
        str | None, typer.Option("--kpi", metavar="CODE", help="Every entered KPI without it.")
    ] = None,
    as_email: As = None,
) -> None:
    """Lock a period: nothing entered takes effect in it any more."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        at = Period.parse(period)
        number = lock_period(workspace, by=actor, period=at, code=code.upper() if code else None)
        typer.echo(texts.text("entering.command.locked", period=at, id=str(number)))


@app.command()
def unlock(
    number: Annotated[int, typer.Argument(metavar="LOCK")],
    reason: Annotated[str, typer.Option(help="Why it is unlocked.")],
    as_email: As = None,
) -> None:
    """Lift a lock, with a reason."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        unlock_period(workspace, by=actor, lock_id=number, reason=reason)
        typer.echo(texts.text("entering.command.unlocked", id=str(number)))


def _is_wanted(row: Expected, wanted: Wanted) -> bool:
    kinds = {Wanted.MISSING: row.is_missing, Wanted.SUBMITTED: row.is_submitted}
    return kinds.get(wanted, True)


def _entry(workspace: Workspace, by: Actor, number: int) -> Entry:
    with workspace.read(by, Permission.READING_VIEW) as reader:
        found: Sequence[Entry] = read_entries(reader, ids=[number])
    if not found:
        raise NotFound("entering.refused.gone")
    return found[0]
