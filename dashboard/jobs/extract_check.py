"""The step that says what loading a file would do, and lays the rows it would refuse beside it."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from dashboard.jobs.steps import Work, declared, plain
from data.access.permissions import Permission
from data.extracts.comparison import content_sha256
from data.extracts.loading import LoadRefused, LoadReport
from data.extracts.preparation import LoadRequest, brought_before, check, choose_profile, weigh
from data.extracts.quarantine import as_csv
from data.extracts.reading.containers import sha256
from data.store.batches import BatchStore, Staging
from data.store.tables import Agency

QUARANTINE = "quarantine.csv"


def check_extract(work: Work) -> dict[str, Any]:
    """The account of the file, also of one that would be refused; nothing is loaded.

    What would stay outside lies as CSV beside the uploaded file, and goes when that goes.
    """
    path = Path(work.payload["path"])
    listed = path.with_name(QUARANTINE)
    listed.unlink(missing_ok=True)
    with BatchStore(work.workspace.settings.extracts).staging() as staging:
        try:
            report, quarantine = _look(work, path, staging)
        except LoadRefused as refused:
            report, quarantine = refused.report, refused.quarantine
        if quarantine is not None:
            as_csv(quarantine, listed)
    return _account(report)


def _look(work: Work, path: Path, staging: Staging) -> tuple[LoadReport, Path | None]:
    """The account of a file that may be loaded, and where its bad rows are listed."""
    load = _load(work, path, staging)
    before = brought_before(load)
    if before is not None:
        return before, None
    checked = check(load)
    try:
        weighed = weigh(load, checked, content_sha256(checked, staging))
    except LoadRefused as refused:
        return refused.report, checked.quarantine
    return weighed if isinstance(weighed, LoadReport) else weighed.report, checked.quarantine


def _load(work: Work, path: Path, staging: Staging) -> LoadRequest:
    asked, fingerprint = work.payload, sha256(path)
    work.progress("loading.step.recognising", 0.0)
    with work.workspace.read(work.by, Permission.EXTRACT_LOAD) as reader:
        limit = reader.get(Agency, 1).quarantine_limit
    uncounted = LoadReport(asked["file_name"], fingerprint)
    return LoadRequest(
        workspace=work.workspace,
        by=work.by,
        store=BatchStore(work.workspace.settings.extracts),
        staging=staging,
        path=path,
        file_name=asked["file_name"],
        sha256=fingerprint,
        profile=choose_profile(work.workspace, path, asked.get("profile_id"), uncounted),
        declared=declared(asked.get("declared", {})),
        limit=limit if asked.get("threshold") is None else asked["threshold"],
        accept_vanished=bool(asked.get("accept_vanished")),
        history=bool(asked.get("history")),
        demo=bool(asked.get("demo")),
        dry_run=True,
        progress=work.progress,
    )


def _account(report: LoadReport) -> dict[str, Any]:
    """The report as the queue keeps it."""
    refused = report.refused
    told = asdict(replace(report, refused=None, quarantine_reasons=dict(report.quarantine_reasons)))
    told["refused"] = {"key": refused.key, "values": refused.values} if refused else None
    return plain(told)
