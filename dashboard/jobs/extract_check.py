"""The step that says what loading a file would do, and lays the rows it would refuse beside it."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from dashboard.jobs.steps import Work, declared, plain
from data.extracts.actions import load_extract
from data.extracts.loading import LoadRefused, LoadReport

QUARANTINE = "quarantine.csv"


def check_extract(work: Work) -> dict[str, Any]:
    """The account of the file, also of one that would be refused; nothing is loaded.

    What would stay outside lies as CSV beside the uploaded file, and goes when that goes.
    """
    asked = dict(work.payload)
    path, said = Path(asked.pop("path")), declared(asked.pop("declared", {}))
    listed = path.with_name(QUARANTINE)
    listed.unlink(missing_ok=True)
    try:
        report = load_extract(
            work.workspace,
            by=work.by,
            path=path,
            declared=said,
            dry_run=True,
            list_refused_at=listed,
            progress=work.progress,
            **asked,
        )
    except LoadRefused as refused:
        report = refused.report
    return _account(report)


def _account(report: LoadReport) -> dict[str, Any]:
    """The report as the queue keeps it."""
    refused = report.refused
    told = asdict(replace(report, refused=None, quarantine_reasons=dict(report.quarantine_reasons)))
    told["refused"] = {"key": refused.key, "values": refused.values} if refused else None
    return plain(told)
