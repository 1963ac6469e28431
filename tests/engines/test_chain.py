"""From file to reading on both databases: the same extract gives the same published values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from dashboard.demo.generator import generate
from dashboard.demo.spec import DemoSpec
from dashboard.founding import prepare
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.auditing import verify_trail
from data.extracts.actions import load_extract, withdraw_load
from data.settings import Settings
from data.workspace import Workspace
from kpis.readings import refresh
from kpis.register import read_kpis
from kpis.stored_readings import COLUMNS, stored_frame
from tests.engines.conftest import fresh_database


def published(settings: Settings, folder: Path) -> pd.DataFrame:
    """Everything published after two months were loaded and one of them taken back."""
    workspace = Workspace.open(settings)
    prepare(workspace)
    batches = []
    for file in generate(DemoSpec(months=2, scale=0.002, dirt=False, first_days=0), folder):
        report = load_extract(
            workspace,
            by=SYSTEM,
            path=file.path,
            file_name=file.path.name,
            profile_id=file.profile,
            threshold=1.0,
        )
        batches.append(report.batch)
    refresh(workspace, by=SYSTEM)
    withdraw_load(workspace, by=SYSTEM, batch_id=str(batches[-1]), reason="to try it")
    refresh(workspace, by=SYSTEM)
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        frames = [
            stored_frame(reader, code)[COLUMNS].assign(code=code) for code in read_kpis(reader)
        ]
    assert verify_trail(workspace, by=SYSTEM).holds
    workspace.database.dispose()
    order = ["code", *COLUMNS[:7]]
    return pd.concat(frames).sort_values(order).reset_index(drop=True)


def test_both_databases_publish_the_same(
    settings: Settings, postgresql: str, tmp_path: Path
) -> None:
    other = replace(settings, home=tmp_path / "other", database_url=fresh_database(postgresql))
    on_sqlite = published(settings, tmp_path / "one")
    on_postgresql = published(other, tmp_path / "two")
    assert len(on_sqlite) > 1000
    pd.testing.assert_frame_equal(on_sqlite, on_postgresql)
