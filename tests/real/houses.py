"""Houses with a real file in them, filled as a data steward does it: by the `cra` command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from data.access.roles import Role
from data.people import add_first_administrator
from data.settings import Settings
from data.workspace import Workspace
from tests.benchmarks.houses import empty_house
from tests.built_once import copy_of
from tests.house import ADMIN, PASSWORD, join

STEWARD, MANAGER = "steward@example.org", "manager@example.org"
ROOT = Path(__file__).resolve().parents[2]
CUT = Path(__file__).with_name("chicago_cut.csv")  # some rows, without addresses and places
REPORT = "report.json"  # what the command said of the load
CHICAGO, PERMITS = "chicago_311_sanitation_code.csv", "receipt_phase_permit_cases.csv"


@dataclass(frozen=True)
class RealHouse:
    """Where it is, the file it was filled from, and what `cra extract load` said of it."""

    home: Path
    file: Path
    report: dict[str, Any]

    @contextmanager
    def open(self) -> Iterator[Workspace]:
        workspace = Workspace.open(Settings.from_environment({"CRA_HOME": str(self.home)}))
        yield workspace
        workspace.database.dispose()


def inhabited(folder: Path) -> Path:
    """The home of a new house with its KPIs, a steward and a manager, and no extracts."""
    folder.mkdir(exist_ok=True)
    workspace = empty_house(folder)
    add_first_administrator(
        workspace, email=ADMIN, name="Arta Administratore", language="en", password=PASSWORD
    )
    join(workspace, STEWARD, Role.DATA_STEWARD)
    join(workspace, MANAGER, Role.MANAGER)
    workspace.database.dispose()
    return workspace.settings.home


def chicago_house(factory: pytest.TempPathFactory) -> RealHouse:
    """The house of the requests of Chicago, of the cut where the whole file is not at hand."""
    whole = ROOT.parent / "shared" / "extracts" / CHICAGO
    return filled(factory, whole if whole.exists() else CUT)


def filled(factory: pytest.TempPathFactory, file: Path) -> RealHouse:
    """A house with one file loaded and measured."""

    def fill(folder: Path) -> None:
        home = inhabited(folder)
        (folder / REPORT).write_text(cra(home, "extract", "load", str(file), "--json").stdout)
        cra(home, "kpi", "refresh", "--json")

    folder = copy_of(factory, file.stem, fill)
    return RealHouse(folder / "home", file, json.loads((folder / REPORT).read_text()))


def cra(
    home: Path, *words: str, by: str = STEWARD, ends_with: int = 0
) -> subprocess.CompletedProcess[str]:
    """What the command says in a process of its own, which has to end with this exit code."""
    command = Path(sys.executable).with_name("cra")
    environment = {**os.environ, "CRA_HOME": str(home), "CRA_AS": by, "CRA_LANGUAGE": "en"}
    done = subprocess.run(
        [str(command), *words], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == ends_with, f"cra {' '.join(words)}: {done.stdout}{done.stderr}"
    return done
