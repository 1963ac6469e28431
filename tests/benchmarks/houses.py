"""Houses to measure in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dashboard.demo.actions import install_demo
from dashboard.demo.spec import DemoSpec
from data.access.actor import SYSTEM, Actor
from data.settings import Settings
from data.workspace import Workspace
from tests.begun import with_kpis


def empty_house(folder: Path, *, demo: bool = False) -> Workspace:
    """A founded house with the KPIs of the catalogue and no extracts."""
    return with_kpis(opened(folder, demo=demo), demo=demo)


def opened(folder: Path, *, demo: bool = False) -> Workspace:
    """The house in a folder."""
    settings = Settings.from_environment({"CRA_HOME": str(folder / "home")})
    return Workspace.open(replace(settings, demo=demo))


def demo_house(folder: Path, spec: DemoSpec) -> Workspace:
    """The demo agency, complete."""
    workspace = empty_house(folder, demo=True)
    install_demo(workspace, spec=spec)
    return workspace


def steward(_workspace: Workspace) -> Actor:
    """Who loads: the system, whose rights are never in question."""
    return SYSTEM
