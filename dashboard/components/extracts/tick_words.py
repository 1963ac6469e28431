"""A tick in words: what became of the files in the inbox, which values are new, what turned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.components.extracts.accounts import message
from dashboard.components.extracts.names import extract_name, said_or_key
from dashboard.jobs import JobStatus
from data.language.texts import Texts
from data.period import Period
from data.store.tables import Notice
from risks.indicators.thresholds import IndicatorState
from risks.register.kinds import EscalationCause

OWN = "tick.notice."
UNDONE = frozenset({"refused", "failed"})
_NOTICED = frozenset({IndicatorState.RED.value, IndicatorState.STALE.value})


def refused_files(ended: JobStatus) -> list[Mapping[str, Any]]:
    """The files of a tick that were not taken in."""
    files = ended.result.get("inbox", {}).get("files", ())
    return [file for file in files if file["outcome"] in UNDONE]


def sentences(texts: Texts, ended: JobStatus) -> Iterator[str]:
    """Everything a tick did, but for what it refused."""
    inbox, refreshed = ended.result.get("inbox", {}), ended.result.get("refresh", {})
    files, written = inbox.get("files", ()), refreshed.get("written", {})
    if ended.finished_at is not None:
        yield texts.text("tick.ended", at=ended.finished_at, **counts(ended))
    for file in files:
        if file["outcome"] not in UNDONE:
            yield sentence_of(texts, file)
            yield from _outside(texts, file)
    for name, why in inbox.get("left", {}).items():
        yield texts.text(f"tick.left.{why}", file=name)
    if written:
        yield texts.text("tick.refreshed", kpis=sorted(written))
    for told in (*_turned(ended), *notices_of(ended)):
        yield in_words(texts, told)
    if "inbox" in ended.result and not files and not written:
        yield texts.text("tick.nothing_new")


def notices_of(ended: JobStatus) -> tuple[Mapping[str, Any], ...]:
    """The notices that a tick wrote, in the order of its steps."""
    steps = (ended.result.get(name, {}) for name in ("indicators", "evaluate"))
    return tuple(one for step in steps for one in step.get("notices", ()))


def _turned(ended: JobStatus) -> Iterator[Mapping[str, Any]]:
    """The risk indicators that turned to something of which there is no notice."""
    for one in ended.result.get("indicators", {}).get("turned", ()):
        if one["state"] not in _NOTICED:
            values = {name: one[name] for name in ("indicator", "state")}
            yield {"key": "tick.notice.risk_indicator_turned", "values": values}


def _outside(texts: Texts, file: Mapping[str, Any]) -> Iterator[str]:
    """That some rows of a file were not let in, though the file was."""
    count = (file.get("rows") or {}).get("quarantined", 0)
    if count and file["outcome"] == "loaded":
        yield texts.text("tick.file.quarantined", file=file["file"], count=count)


def counts(ended: JobStatus) -> dict[str, int]:
    """How many files were loaded, brought nothing new, were refused."""
    outcomes = [file["outcome"] for file in ended.result.get("inbox", {}).get("files", ())]
    return {
        "loaded": outcomes.count("loaded"),
        "known": outcomes.count("nothing_new"),
        "refused": sum(outcomes.count(outcome) for outcome in UNDONE),
    }


def sentence_of(texts: Texts, file: Mapping[str, Any]) -> str:
    """What became of one file."""
    name, outcome = file["file"], file["outcome"]
    if outcome in UNDONE:
        if outcome == "failed":
            values = {"file": name, "reference": file["reference"]}
            return texts.text("tick.file.failed", **values)
        return texts.text("tick.file.refused", file=name, why=in_words(texts, file["reason"]))
    values = {"file": name, "extract": extract_name(texts, file["contract"])}
    return texts.text(f"tick.file.{outcome}", event=str(file["event"]), **values)


def in_words(texts: Texts, kept: Mapping[str, Any]) -> str:
    """A message as a job or a notice keeps it; one of a later version is shown as it is."""
    values = dict(kept["values"])
    if kept["key"].startswith(OWN):
        values |= {name: _typed(texts, name, value) for name, value in values.items()}
    return said_or_key(texts, message({"key": kept["key"], "values": values}))


def of_notice(texts: Texts, notice: Notice) -> str:
    """What a notice says."""
    return in_words(texts, {"key": notice.text_key, "values": notice.text_values})


def _typed(texts: Texts, name: str, value: Any) -> Any:
    """What a notice of the tick's own names, as the language says it."""
    match name:
        case "extract":
            return extract_name(texts, value)
        case "period":
            return Period.parse(value)
        case "months":
            return [Period.parse(month) for month in value]
        case "state":
            return IndicatorState(value)
        case "cause":
            return EscalationCause(value)
        case "why":
            return said_or_key(texts, message({"key": value, "values": {}}))
    return value
