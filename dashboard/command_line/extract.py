"""`cra extract`: check a file, load it, list what was loaded, take a load back."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from dashboard.command_line.extract_output import (
    refused_as_json,
    show_loads,
    show_profiles,
    show_report,
)
from dashboard.command_line.session import (
    As,
    AsOf,
    Json,
    looking_back,
    opened,
    print_json,
    progress,
    refusing,
)
from data.extracts.actions import load_extract, withdraw_load
from data.extracts.checked_file import Declared
from data.extracts.history import loads
from data.extracts.loading import LoadReport, profiles_at_hand

app = typer.Typer(no_args_is_help=True)


class Scope(StrEnum):
    FULL = "full"
    CHANGES = "changes"


File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The extract.")
]
ProfileId = Annotated[
    str | None, typer.Option("--profile", metavar="ID", help="Recognised when not given.")
]
CutAt = Annotated[
    str | None,
    typer.Option(metavar="WHEN", help="Knows nothing later: 2025-03-31 (its end) or a moment."),
]
Coverage = Annotated[
    str | None,
    typer.Option(metavar="FROM..TO", help="The days it covers: 2025-03-01..2025-03-31."),
]
ScopeOption = Annotated[
    Scope | None, typer.Option(help="Every case of the covered days, or changes only.")
]
Control = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="A total to compare: rows=120, amount_eur=310.50."),
]
Threshold = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Refuse above this share of bad rows or vanished cases."),
]
AcceptVanished = Annotated[
    bool, typer.Option("--accept-vanished", help="Load though many known cases vanish.")
]


@app.callback()
def extracts() -> None:
    """Operational extracts."""


@app.command()
def check(
    file: File,
    profile: ProfileId = None,
    cut_at: CutAt = None,
    coverage: Coverage = None,
    scope: ScopeOption = None,
    control: Control = None,
    threshold: Threshold = None,
    accept_vanished: AcceptVanished = False,
    as_email: As = None,
    as_json: Json = False,
) -> None:
    """Show what loading the file would add, change, remove or refuse; change nothing."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        declared = _declared(workspace.settings.zone, cut_at, coverage, scope, control)
        with refused_as_json(file, texts, wanted=as_json), progress(texts, quiet=as_json) as step:
            report = load_extract(
                workspace,
                by=actor,
                path=file,
                file_name=file.name,
                profile_id=profile,
                declared=declared,
                threshold=threshold,
                accept_vanished=accept_vanished,
                dry_run=True,
                progress=step,
            )
        show_report(report, texts, as_json=as_json)


@app.command()
def load(
    file: File,
    profile: ProfileId = None,
    cut_at: CutAt = None,
    coverage: Coverage = None,
    scope: ScopeOption = None,
    control: Control = None,
    threshold: Threshold = None,
    accept_vanished: AcceptVanished = False,
    history: Annotated[
        bool, typer.Option("--history", help="It is of a time before this system.")
    ] = False,
    reason: Annotated[
        str, typer.Option(help="With --history: where it comes from, and why it is loaded now.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not show it first and ask.")] = False,
    as_email: As = None,
    as_json: Json = False,
) -> None:
    """Take the file in, as one numbered event. At a terminal it is shown first and asked for."""
    if bool(reason.strip()) != history:
        raise typer.BadParameter("--history, --reason", param_hint="--reason")
    with refusing(), opened(as_email) as (workspace, actor, texts):
        declared = _declared(workspace.settings.zone, cut_at, coverage, scope, control)

        def run(*, dry_run: bool) -> LoadReport:
            quiet = as_json
            with refused_as_json(file, texts, wanted=as_json), progress(texts, quiet=quiet) as step:
                return load_extract(
                    workspace,
                    by=actor,
                    path=file,
                    file_name=file.name,
                    profile_id=profile,
                    declared=declared,
                    threshold=threshold,
                    accept_vanished=accept_vanished,
                    history=history,
                    reason=reason,
                    dry_run=dry_run,
                    progress=step,
                )

        if not yes and not as_json and sys.stdin.isatty():
            show_report(run(dry_run=True), texts, as_json=False)
            typer.confirm(texts.text("loading.confirm_load"), abort=True)
        show_report(run(dry_run=False), texts, as_json=as_json)


@app.command("list")
def list_loads(
    contract: Annotated[str | None, typer.Option(help="Only loads of this contract.")] = None,
    as_of: AsOf = None,
    as_email: As = None,
    as_json: Json = False,
) -> None:
    """List every load, the newest first, with what became of it."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        found = loads(known, by=actor, contract=contract)
        show_loads(found, texts, as_json=as_json)


@app.command()
def withdraw(
    batch: Annotated[str, typer.Argument(help="The batch, as `cra extract list` names it.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept with the event.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_email: As = None,
    as_json: Json = False,
) -> None:
    """Take a load back by a new event; nothing is deleted, earlier states stay readable."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        if not yes and not as_json and sys.stdin.isatty():
            typer.confirm(texts.text("loading.confirm_withdrawal", batch=batch), abort=True)
        event = withdraw_load(workspace, by=actor, batch_id=batch, reason=reason)
        if as_json:
            print_json({"event": event.number, "batch": batch, "contract": event.contract})
        else:
            typer.echo(texts.text("loading.withdrawn", batch=batch, event=str(event.number)))


@app.command()
def profiles(as_email: As = None, as_json: Json = False) -> None:
    """List the kinds of file that are recognised."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        show_profiles(profiles_at_hand(workspace, by=actor), texts, as_json=as_json)


def _declared(
    zone: ZoneInfo,
    cut_at: str | None,
    coverage: str | None,
    scope: Scope | None,
    control: list[str] | None,
) -> Declared:
    """What the sender says about the file; anything unreadable is wrong use."""
    first, last = _days(coverage) if coverage else (None, None)
    return Declared(
        cut_at=_moment(cut_at, zone) if cut_at else None,
        coverage_from=first,
        coverage_to=last,
        scope=scope.value if scope else None,
        control_totals=dict(_control(one) for one in control or ()),
    )


def _moment(said: str, zone: ZoneInfo) -> datetime:
    """A moment on the agency's clock unless it names an offset; a day means its end."""
    try:
        if len(said) == len("2025-03-31"):
            return datetime.combine(date.fromisoformat(said) + timedelta(days=1), time(), zone)
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise typer.BadParameter(said, param_hint="--cut-at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _days(said: str) -> tuple[date, date]:
    first, _, last = said.partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise typer.BadParameter(said, param_hint="--coverage") from None
    if days[0] > days[1]:
        raise typer.BadParameter(said, param_hint="--coverage")
    return days


def _control(said: str) -> tuple[str, Decimal]:
    name, _, value = said.partition("=")
    try:
        total = Decimal(value)
    except InvalidOperation:
        raise typer.BadParameter(said, param_hint="--control") from None
    if not name or not total.is_finite():
        raise typer.BadParameter(said, param_hint="--control")
    return name, total
