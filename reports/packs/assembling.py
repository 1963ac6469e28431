"""Gathers a management pack from what is published: one snapshot, under the reader's own rights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.directory import the_agency
from data.errors import Invalid
from data.extracts.completeness import MonthState, calendars
from data.extracts.history import Load, loads
from data.language.languages import LocalText
from data.period import Frequency, Period
from data.workspace import Reader, Workspace
from kpis.assessment import StatusKind
from kpis.judgement import ScorecardRow as Judged
from kpis.register import Kpi, read_kpis
from kpis.restatements import causes_of, read_restatements
from kpis.scorecard import Scorecard, scorecard
from kpis.standing import BEHIND
from reports.packs.answering import Answers, answers_of, commented, off_track
from reports.packs.common import Cover, Message, Verdict, Wording, message
from reports.packs.delivering import delivery_rows
from reports.packs.documenting import definition_rows, lineage_rows, words
from reports.packs.judging import judged_row
from reports.packs.management import (
    BatchRow,
    Decision,
    Gap,
    ManagementPack,
    Restatement,
    ScorecardRow,
    StatusChange,
    Summary,
)

MOST_OFF_TRACK = 12  # sheets of their own; the rest stay on the scorecard


def assemble(workspace: Workspace, *, by: Actor, period: Period) -> ManagementPack:
    """The pack of a month, quarter or year; weeks, and a house without readings, are Invalid."""
    if period.frequency is Frequency.WEEK:
        raise Invalid("reports.refused.week", period=period.code)
    agency = the_agency(workspace, by=by)
    brought = loads(workspace, by=by)
    with workspace.read(by, Permission.REPORT_BUILD) as reader:
        card = scorecard(reader, period=period)
        if agency is None or not any(row.published for row in card.rows):
            raise Invalid("reports.refused.nothing_published")
        charted = _charted(reader, period, card)
        kpis = read_kpis(reader)
        by_objective = sorted(card.rows, key=lambda row: row.objective_code or "")
        answers = answers_of(reader, card)
        judged = (judged_row(row, charted[row.code]) for row in by_objective)
        rows = commented(judged, answers)
        gaps = tuple(_gaps(workspace, by, kpis, period))
        restated = tuple(_restatements(reader, kpis, charted.values()))
        pack = ManagementPack(
            cover=_cover(LocalText.name_of(agency), period, brought, by, demo=agency.demo),
            summary=_summary(card, _before(reader, period), rows, answers),
            scorecard=rows,
            off_track=off_track(rows, answers, MOST_OFF_TRACK),
            delivery=tuple(delivery_rows(reader, period)),
            batches=tuple(_batch(load) for load in reversed(brought) if load.is_live),
            gaps=gaps,
            restatements=restated,
            definitions=tuple(definition_rows(kpis, card)),
            lineage=tuple(lineage_rows(reader, kpis)),
            actions=answers.actions,
        )
    return _sealed(pack)


def _charted(reader: Reader, period: Period, card: Scorecard) -> dict[str, Judged]:
    """The rows whose series are shown and judged: months, of which there are enough to judge.

    What is told of longer periods alone is shown in the shortest of those.
    """
    charted = {row.code: row for row in card.rows}
    longer_first = (Frequency.YEAR, Frequency.QUARTER, Frequency.MONTH)
    for frequency in longer_first[longer_first.index(period.frequency) + 1 :]:
        last = Period.covering(period.last_day, frequency)
        charted |= {row.code: row for row in scorecard(reader, period=last).rows}
    return charted


def _before(reader: Reader, period: Period) -> dict[str, StatusKind]:
    """The status of each KPI one period earlier."""
    return {row.code: row.status.kind for row in scorecard(reader, period=period.shift(-1)).rows}


def _cover(
    name: LocalText, period: Period, brought: Sequence[Load], by: Actor, *, demo: bool
) -> Cover:
    last = max(brought, key=lambda load: load.event.number).event
    return Cover(
        agency=name,
        period=period,
        as_of=last.at,
        event_number=last.number,
        snapshot_id="",
        snapshot_hash="",
        prepared_by=by.name,
        approved_by=None,
        verdict=Verdict.SOUND,
        demo=demo,
    )


def _summary(
    card: Scorecard,
    before: dict[str, StatusKind],
    rows: Sequence[ScorecardRow],
    answers: Answers,
) -> Summary:
    kinds = [row.status for row in rows]
    behind = [row for row in rows if row.status in BEHIND]
    assumed = tuple(row.code for row in card.rows if row.target and row.target.assumption)
    decision = Decision(message("reports.decision.assumed_targets"), assumed)
    return Summary(
        headline=message(
            "reports.summary.headline",
            met=kinds.count(StatusKind.MET),
            total=len(kinds),
            behind=len(behind),
            worsening=kinds.count(StatusKind.BEHIND_WORSENING),
        ),
        changes=tuple(
            StatusChange(row.code, row.name, before[row.code], row.status)
            for row in rows
            if row.code in before and before[row.code] is not row.status
        ),
        without_action=answers.without_action,
        overdue=answers.overdue,
        decisions=(decision,) if assumed else (),
    )


def _batch(load: Load) -> BatchRow:
    batch = load.batch
    reasons = sorted(batch.quarantine_reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    fates = ("read", "accepted", "added", "changed", "unchanged", "vanished", "duplicate")
    more = ("excluded_test", "excluded_total", "quarantined")
    return BatchRow(
        batch=batch.id,
        contract=LocalText.same(batch.contract),
        profile=batch.profile,
        file_name=batch.file_name,
        sha256=batch.sha256,
        loaded_at=batch.loaded_at,
        loaded_by=batch.loaded_by,
        cut_at=batch.cut_at,
        coverage_from=batch.coverage_from,
        coverage_to=batch.coverage_to,
        reasons=tuple((message(f"extracts.reason.{key}"), count) for key, count in reasons),
        **{fate: getattr(batch, f"rows_{fate}") for fate in (*fates, *more)},
    )


def _gaps(workspace: Workspace, by: Actor, kpis: dict[str, Kpi], period: Period) -> Iterable[Gap]:
    """Months of the period, or of the year before its end, that an extract lacks."""
    since = period.year_ago().end
    for one in calendars(workspace, by=by, today=min(workspace.today, period.last_day)):
        leaning = tuple(
            code for code, kpi in kpis.items() if one.contract in kpi.definition.formula.contracts
        )
        for month in one.months:
            lacking = month.state in (MonthState.PARTIAL, MonthState.MISSING)
            if leaning and lacking and since <= month.period.start < period.end:
                reason: Message = message(
                    f"reports.gap.{month.state}", covered=month.days_covered, days=month.days
                )
                yield Gap(LocalText.same(one.contract), month.period, reason, leaning)


def _restatements(
    reader: Reader, kpis: dict[str, Kpi], rows: Iterable[Judged]
) -> Iterable[Restatement]:
    for row in rows:
        for one in read_restatements(reader, kpis[row.code], row.series):
            reason: Wording | None = None
            causes = causes_of(reader, kpis[row.code], one)
            entries = [cause.entry for cause in causes if cause.entry]
            if entries:
                newest = entries[-1]
                reason = message(
                    "entering.cause",
                    by=newest.entered_by,
                    decided=newest.decided_by,
                    reason=newest.reason or message("entering.first_entry"),
                )
            elif causes:
                reason = message(
                    "reports.restated_by",
                    file=", ".join(cause.file_name for cause in causes),
                    event=", ".join(str(cause.event) for cause in causes),
                )
            yield Restatement(
                code=row.code,
                name=words(row.names),
                period=one.period,
                published=one.first.figure,
                now=one.now.figure,
                published_at=one.first_published_at,
                reason=reason,
            )


def _sealed(pack: ManagementPack) -> ManagementPack:
    """The pack with its verdict, and the hash of everything it says as its identity."""
    reasons: list[Wording] = []
    if pack.gaps:
        reasons.append(message("reports.verdict_reason.gaps", count=len(pack.gaps)))
    partial = [row.code for row in pack.scorecard if row.partial]
    if partial:
        reasons.append(message("reports.verdict_reason.partial", codes=partial))
    if pack.restatements:
        reasons.append(message("reports.verdict_reason.restated", count=len(pack.restatements)))
    verdict = Verdict.GAPS if pack.gaps or partial else Verdict.SOUND
    pack = _with_cover(pack, verdict=verdict, verdict_reasons=tuple(reasons))
    said = json.dumps(asdict(pack), sort_keys=True, default=str, ensure_ascii=False)
    digest = hashlib.sha256(said.encode()).hexdigest()
    number = f"{pack.cover.period.code}-{pack.cover.as_of.astimezone(UTC):%Y%m%d}-{digest[:8]}"
    return _with_cover(pack, snapshot_id=number, snapshot_hash=digest)


def _with_cover(pack: ManagementPack, **parts: object) -> ManagementPack:
    return replace(pack, cover=replace(pack.cover, **parts))  # type: ignore[arg-type]
