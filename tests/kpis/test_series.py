"""Series are kept by publication: what is published next is seen at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Workspace
from kpis.readings import current, refresh
from kpis.scorecard import scorecard
from tests.kpis.conftest import Loads, applications, founded, settings_in

CUT, MONTH = date(2025, 4, 20), Period.parse("2025-02")


def test_a_correction_is_on_the_scorecard_once_it_is_published(tmp_path: Path) -> None:
    workspace = founded(Workspace.open(settings_in(tmp_path)))
    loads, rows = Loads(workspace), applications(800, seed=5)
    loads.load("applications", rows, cut_off=CUT)
    refresh(workspace, by=SYSTEM, codes=["SD-06"])

    def shown() -> object:
        with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
            row = scorecard(reader, period=MONTH).row("SD-06")
            (now,) = current(reader, "SD-06", MONTH, MONTH)
            assert row.reading == row.series[-1] == now
            return row.figure

    before = shown()
    late = rows[rows["decided_at"].dt.to_period("M") == pd.Period("2025-02")].copy()
    late["returned_count"], late["updated_at"] = 1, late["updated_at"] + pd.Timedelta(days=60)
    loads.load("applications", late, cut_off=CUT)
    assert shown() == before  # loaded is not yet published
    refresh(workspace, by=SYSTEM, codes=["SD-06"])
    assert shown() != before
    workspace.database.dispose()
