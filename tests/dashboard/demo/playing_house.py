"""The demo agency with the applications of a year, in which the register can be played."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from dashboard.demo import agency
from dashboard.demo.actions import STEWARD, settle
from dashboard.demo.generator import generate, profile_files
from dashboard.demo.spec import DemoSpec
from data.access.actor import SYSTEM
from data.extracts.actions import load_extract
from data.extracts.checked_file import Declared
from data.workspace import Workspace
from kpis.refreshing import refresh
from tests.benchmarks.houses import empty_house
from tests.house import actor

SPEC = DemoSpec(months=12, scale=0.004, dirt=False, first_days=6)
WATCHED = ("SD-03", "SD-05")  # the KPIs of applications that indicators watch


def playing_house(folder: Path) -> Workspace:
    """Its people and objectives, and of its KPIs those that a shortage of blanks shows in."""
    workspace = empty_house(folder, demo=True)
    settle(workspace, SPEC)
    profiles = workspace.settings.profiles
    profiles.mkdir(parents=True, exist_ok=True)
    for one in profile_files():
        shutil.copy(one, profiles / one.name)
    for file in generate(SPEC, folder / "files"):
        if file.contract == "applications":
            load_extract(
                workspace,
                by=actor(workspace, STEWARD),
                path=file.path,
                file_name=file.path.name,
                profile_id=file.profile,
                declared=Declared(
                    cut_at=file.cut_at,
                    coverage_from=file.coverage_from,
                    coverage_to=file.coverage_to,
                    scope=file.scope,
                ),
                demo=True,
            )
    refresh(workspace, by=SYSTEM, codes=list(WATCHED))
    return workspace


def bare_house(folder: Path, language: str) -> Workspace:
    """Its people and objectives, nothing loaded, in a language."""
    workspace = empty_house(folder, demo=True)
    settle(workspace, SPEC)
    spoken = replace(workspace.settings, language=language)
    return Workspace(spoken, workspace.database)


def email(key: str) -> str:
    return f"{key}@{agency.MAIL_DOMAIN}"
