"""Approved values are published at once, and what leans on values follows."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.jobs.risk_watch import follow_publication
from data.access.actor import Actor
from data.workspace import Workspace
from kpis.entering import approve_readings
from kpis.entries.reading import Entry


def approve_and_follow(workspace: Workspace, *, by: Actor, entries: Sequence[Entry]) -> None:
    """Approve and publish what somebody else entered, and evaluate the risk indicators on it."""
    approve_readings(workspace, by=by, entries=entries)
    follow_publication(workspace)
