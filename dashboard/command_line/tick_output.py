"""What `cra tick` prints: sentences for people, refusals on the error stream, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import typer

from dashboard.command_line.session import errors, print_json
from dashboard.components.extracts.accounts import refusal_of
from dashboard.components.extracts.tick_words import (
    in_words,
    notices_of,
    refused_files,
    sentence_of,
    sentences,
)
from dashboard.jobs import JobState, JobStatus
from data.errors import Refusal
from data.language.texts import Texts


def is_refused(ended: JobStatus) -> bool:
    """Whether a file, or the tick itself, was refused or failed."""
    return ended.state is not JobState.DONE or bool(refused_files(ended))


def show_busy(busy: Refusal, texts: Texts, *, as_json: bool) -> None:
    """That another tick is at work."""
    if as_json:
        print_json({"state": "busy", "message": texts.said(busy)})
    else:
        typer.echo(texts.said(busy))


def show_ticks(ended: Sequence[JobStatus], texts: Texts, *, as_json: bool) -> None:
    """What was done, the last tick last; what was refused goes to the error stream."""
    if as_json:
        print_json(_document(ended, texts))
        return
    for one in ended:
        for line in sentences(texts, one):
            typer.echo(line)
        for line in _complaints(texts, one):
            errors.print(line, style="red", markup=False, soft_wrap=True)


def _complaints(texts: Texts, one: JobStatus) -> Iterator[str]:
    if one.refusal is not None:
        yield texts.said(refusal_of(one.refusal))
    if one.error_reference is not None:
        yield texts.text("shell.error", reference=one.error_reference)
    for file in refused_files(one):
        yield sentence_of(texts, file)
        if file.get("todo"):
            yield f"  {texts.text(file['todo'])}"


def _document(ended: Sequence[JobStatus], texts: Texts) -> dict[str, Any]:
    """The last tick, and before it those that were ended for others, as a program reads them."""
    *before, last = [_tick_document(one, texts) for one in ended]
    return {**last, "resumed": before}


def _tick_document(one: JobStatus, texts: Texts) -> dict[str, Any]:
    inbox, watched = one.result.get("inbox", {}), one.result.get("indicators", {})
    return {
        "job": one.id,
        "state": one.state.value,
        "finished_at": one.finished_at.isoformat() if one.finished_at else None,
        "as": inbox.get("as"),
        "files": [_file_document(file, texts) for file in inbox.get("files", ())],
        "left": inbox.get("left", {}),
        "refreshed": one.result.get("refresh"),
        "indicators": {name: watched.get(name, []) for name in ("turned", "acted")},
        "notices": [_message(notice, texts) for notice in notices_of(one)],
        "refused": _refusal_document(one.refusal, texts),
        "error_reference": one.error_reference,
    }


def _file_document(file: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    reason = file.get("reason")
    told = {name: value for name, value in file.items() if name not in {"reason", "todo", "notes"}}
    return told | {"refused": _message(reason, texts) if reason else None}


def _message(kept: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    values = dict(kept["values"])
    return {"key": kept["key"], "message": in_words(texts, kept), "values": values}


def _refusal_document(refusal: Refusal | None, texts: Texts) -> dict[str, Any] | None:
    if refusal is None:
        return None
    said = texts.said(refusal_of(refusal))
    return {"key": refusal.key, "message": said, "values": refusal.values}
