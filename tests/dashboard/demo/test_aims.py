"""The demo agency's own targets: labelled, set once, each by another kind of path."""

from __future__ import annotations

from dashboard.demo.actions import aim
from dashboard.demo.aims import LABEL
from dashboard.demo.spec import DemoSpec
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Workspace
from kpis.targets import Course, read_targets
from tests.kpis.conftest import founded, open_offices

CODES = ["CS-07", "DQ-01", "SD-05", "SD-04"]


def test_demo_targets_are_labelled_and_set_once(workspace: Workspace) -> None:
    open_offices(founded(workspace), ["O19", "O21"])
    spec = DemoSpec()
    for _ in range(2):
        aim(workspace, spec)
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        targets = read_targets(reader, CODES)
    own = [
        entry
        for code in CODES
        for entry in targets.entries(code)
        if entry.target and entry.target.source.startswith(LABEL)
    ]
    assert len(own) == 5
    assert {entry.path.course for entry in own} == set(Course)
    assert all(one.path.baseline is None or LABEL in one.path.baseline.source for one in own)
    before = targets.in_force("CS-07", Period.parse("2024-12"))
    assert before is not None
    assert before.low == 50.0  # the catalogue's target stays for the time before
    last = targets.in_force("DQ-01", spec.last)
    assert last is not None
    assert last.low == 95.0
