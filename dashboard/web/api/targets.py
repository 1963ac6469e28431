"""Targets with their history as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard.web.api.figures import target_of
from kpis.targets import Baseline, Path, TargetEntry

NOTHING = {"low": None, "high": None, "source": "", "assumption": False, "tolerance": None}


def entry_of(entry: TargetEntry) -> dict[str, Any]:
    """A target: for whom, from when, what and how, on whose word, and what became of it."""
    return {
        "id": entry.id,
        "office": entry.office,
        "valid_from": entry.valid_from.isoformat(),
        **(target_of(entry.target) or NOTHING),
        "ended": entry.target is None,
        **_path(entry.path),
        "author": entry.author,
        "reason": entry.reason,
        "created_at": _moment(entry.created_at),
        "replaced_at": _moment(entry.replaced_at) if entry.replaced_at else None,
        "replaced_by": entry.replaced_by,
        "replaced_because": entry.replaced_because,
    }


def _path(path: Path) -> dict[str, Any]:
    return {
        "course": path.course.value,
        "due": path.due.isoformat() if path.due else None,
        "baseline": _baseline(path.baseline),
        "stages": [
            {"day": stage.day.isoformat(), "low": stage.low, "high": stage.high}
            for stage in path.stages
        ],
    }


def _baseline(baseline: Baseline | None) -> dict[str, Any] | None:
    if baseline is None:
        return None
    return {
        "value": baseline.value,
        "day": baseline.day.isoformat(),
        "source": baseline.source,
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
