"""`cra audit verify`: whether the audit trail is whole."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.command_line.session import REFUSED, As, Json, opened, print_json, refusing
from data.auditing import verify_trail

app = typer.Typer(no_args_is_help=True)


@app.callback()
def trail() -> None:
    """The audit trail."""


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A head hash noted earlier, as printed on every report.")
    ] = None,
    as_email: As = None,
    as_json: Json = False,
) -> None:
    """Walk the hash chain and name the first entry that was edited, removed, inserted or moved."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        verdict = verify_trail(workspace, by=actor, expected_head=head)
        if as_json:
            print_json(
                {
                    "holds": verdict.holds,
                    "entries": verdict.entries,
                    "head": verdict.head,
                    "first_bad": verdict.first_bad,
                    "fault": verdict.fault,
                }
            )
        elif verdict.holds:
            typer.echo(texts.text("audit.holds", entries=verdict.entries, head=verdict.head))
        else:
            typer.echo(
                texts.text(f"audit.fault.{verdict.fault}", number=str(verdict.first_bad)), err=True
            )
        if not verdict.holds:
            raise typer.Exit(REFUSED)
