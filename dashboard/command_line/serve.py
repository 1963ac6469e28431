"""`cra serve` and `cra worker`: the web application and the process that does its long work."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_line.session import installation, progress, refusing
from dashboard.founding import prepare
from data.access.actor import SYSTEM
from data.agency.directory import the_agency
from data.language.texts import Texts
from data.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


def serve(
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "localhost",
) -> None:
    """Prepare the house, then serve the pages until stopped."""
    with refusing(), installation() as (workspace, texts):
        _prepare(workspace, texts)
        typer.echo(texts.text("command.serving", address=address, port=str(port)))
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py")]
    command += [f"--server.port={port}", f"--server.address={address}", "--server.headless=true"]
    os.chdir(ROOT)
    os.execv(sys.executable, command)  # noqa: S606  (our own interpreter, no shell)


def worker() -> None:
    """Do queued work until stopped; the web application starts one by itself."""
    from dashboard.jobs.worker import main

    main()


def _prepare(workspace: Workspace, texts: Texts) -> None:
    """Reference data and definitions always; the demo agency into an empty house if wanted."""
    from dashboard.demo.actions import install_demo, is_ready

    prepare(workspace, demo=workspace.settings.demo)
    house = the_agency(workspace, by=SYSTEM)
    if house is None or not house.demo:
        typer.echo(texts.text("command.first_administrator"))
        return
    if not is_ready(workspace):
        typer.echo(texts.text("command.demo_installing"))
        with progress(texts) as step:
            install_demo(workspace, progress=step)
    _say_who_can_sign_in(workspace, texts)


def _say_who_can_sign_in(workspace: Workspace, texts: Texts) -> None:
    from dashboard.demo import agency
    from dashboard.demo.actions import password

    typer.echo(texts.text("command.demo_people", password=password(workspace)))
    for one in agency.people(datetime.now(UTC)):
        roles = ", ".join(f"{texts.word(role)} ({unit})" for role, unit in one.grants)
        typer.echo(f"  {one.person.email:<32} {roles}")
