"""`cra demo`: the demo agency in an empty house, at any size."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.command_line.session import installation, progress, refusing
from dashboard.founding import prepare


def install(
    scale: Annotated[
        float, typer.Option(help="The part of the national volume; 1.0 is all of it.")
    ] = 0.025,
) -> None:
    """Fill an empty house with the demo agency: three years of labelled, generated extracts."""
    from dashboard.demo.actions import install_demo, newest_spec

    with refusing(), installation() as (workspace, texts):
        prepare(workspace, demo=True)
        with progress(texts) as step:
            install_demo(workspace, spec=newest_spec(workspace, scale=scale), progress=step)
        typer.echo(texts.text("command.demo_installed"))
