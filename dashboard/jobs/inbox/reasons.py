"""The list that lies beside a refused file: what was refused, where, and what to do."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from data.errors import Refusal
from data.extracts.loading import LoadReport
from data.language.languages import Language
from data.language.texts import Texts
from data.settings import Settings

MOST = 500  # rows listed
PERSONAL = frozenset({"extracts.refused.personal_headers", "extracts.refused.personal_values"})


def reasons(
    settings: Settings,
    *,
    name: str,
    refused: Refusal,
    report: LoadReport | None,
    rows: Path,
    now: datetime,
) -> str:
    """The list in the installation's language; `rows` is the CSV of bad rows, if there are any."""
    texts = Texts(Language(settings.language), settings.zone)
    lines = [
        texts.text("tick.reasons.title", file=name),
        texts.text("tick.reasons.when", at=now),
        "",
        texts.said(refused),
        *_counts(texts, report),
        *_rows(texts, rows),
        "",
        texts.text("tick.reasons.what_to_do"),
        texts.text(what_to_do(refused)),
    ]
    return "\r\n".join(lines) + "\r\n"  # whoever drops files there may open it in Notepad


def what_to_do(refused: Refusal) -> str:
    """The message key of the advice."""
    is_personal = refused.key in PERSONAL
    return "tick.todo.personal" if is_personal else "tick.todo.correct"


def _counts(texts: Texts, report: LoadReport | None) -> Iterator[str]:
    if report is None:
        return
    if report.contract:
        yield texts.text("tick.reasons.read_as", profile=report.profile)
    for reason, count in report.quarantine_reasons.items():
        yield f"- {texts.text(f'extracts.reason.{reason}')}: {texts.number(count)}"


def _rows(texts: Texts, rows: Path) -> Iterator[str]:
    """File, row, column and reason of each bad row; never a value."""
    if not rows.is_file():
        return
    yield from ("", texts.text("tick.reasons.rows"))
    with rows.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if number == MOST:
                yield texts.text("tick.reasons.more", count=MOST)
                return
            yield _row(texts, row)


def _row(texts: Texts, row: Mapping[str, Any]) -> str:
    return texts.text(
        "tick.reasons.row",
        file=row["file"],
        row=row["row"],
        column=row["header"] or row["column"],
        reason=texts.text(f"extracts.reason.{row['reason']}"),
    )
