"""`cra report build management`: the board pack as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_line.session import (
    As,
    AsOf,
    Json,
    looking_back,
    opened,
    print_json,
    refusing,
)
from data.errors import Invalid
from data.language.languages import Language
from data.period import Period

app = typer.Typer(no_args_is_help=True)
build = typer.Typer(no_args_is_help=True)
app.add_typer(build, name="build", help="Build a report.")


@app.callback()
def reports() -> None:
    """Management reports."""


@build.callback()
def building() -> None:
    """Build a report."""


@build.command()
def management(
    period: Annotated[str, typer.Option(help="A month, quarter or year: 2025-03, 2025-Q4, 2025.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    language: Annotated[Language | None, typer.Option(help="Default: the actor's own.")] = None,
    as_of: AsOf = None,
    as_email: As = None,
    as_json: Json = False,
) -> None:
    """Write the management board pack of a period."""
    from reports.building import build_management_pack

    with refusing(), opened(as_email) as (workspace, actor, texts):
        if out.is_dir() or not out.absolute().parent.is_dir():
            raise Invalid("reports.refused.no_folder", path=str(out))
        report = build_management_pack(
            looking_back(workspace, actor, as_of),
            by=actor,
            period=Period.parse(period),
            language=language or texts.language,
        )
        out.write_bytes(report.content)
        if as_json:
            print_json(
                {
                    "file": str(out),
                    "snapshot": report.snapshot_id,
                    "sha256_of_snapshot": report.snapshot_hash,
                }
            )
        else:
            typer.echo(texts.text("reports.built", file=str(out), snapshot=report.snapshot_id))
