"""What has to be known about the data before the figures are believed; the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard.components.extracts.names import extract_name
from dashboard.components.extracts.tick_words import of_notice
from dashboard.components.kpis import figures
from dashboard.components.kpis.links import EXTRACTS, page_link
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from data.extracts.completeness import CalendarMonth, MonthState, calendars
from data.jobs import JobState, JobStatus, latest_jobs
from data.language.texts import Texts
from data.notices import NoticeKind, open_notices
from data.period import Period
from kpis.scorecard import Scorecard, ScorecardRow
from kpis.sources import Clock, Coverage

LATEST_LOADS = 10
NAMED_AT_MOST = 6
EXTRACTS_NAMED = 4
REFUSED_NAMED = 3


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know; grave where figures are missing or out of date because of it."""

    text: str
    grave: bool = True


def cut_offs(context: PageContext, clocks: Mapping[str, Clock]) -> str:
    """Up to when extracts are known, those of one day together: 'Applications: up to 6 Nov ...'."""
    texts = context.texts
    names: dict[date, list[str]] = {}
    for name, clock in clocks.items():
        if clock.cut_off is not None:
            names.setdefault(clock.cut_off, []).append(extract_name(texts, name))
    return " · ".join(
        texts.text("overview.cut_off", extract=_together(texts, same), day=texts.day_short(day))
        for day, same in sorted(names.items(), key=lambda each: (-len(each[1]), each[1]))
    )


def _together(texts: Texts, names: Iterable[str]) -> str:
    """A few extracts by their names, many by their number."""
    listed = sorted(names)
    if len(listed) > EXTRACTS_NAMED:
        return texts.text("overview.extracts", count=len(listed))
    return texts.value(listed)


def notes(context: PageContext, card: Scorecard) -> list[Note]:
    """Everything to know about the data of a scorecard."""
    return [
        *_not_loaded(context, card.rows),
        *_overdue(context),
        *_outdated(context, card.rows),
        *_refused(context),
        *inbox_notes(context),
        *_partial(context, card.clocks),
        *_too_little(context, card.rows),
    ]


def draw_notes(context: PageContext, found: Iterable[Note]) -> None:
    """The notes with the way to the extracts, for whoever may go there."""
    listed = list(found)
    if not listed:
        return
    with st.container(border=True, gap="small"):
        for note in listed:
            icon = ":material/warning:" if note.grave else ":material/info:"
            st.markdown(f"{icon} {plain(note.text)}")
        if context.may(Permission.EXTRACT_VIEW) and EXTRACTS in context.places:
            label = context.texts.text("overview.to_extracts")
            page_link(context, EXTRACTS, label, context.link, ":material/arrow_forward:")


def _not_loaded(context: PageContext, rows: Iterable[ScorecardRow]) -> Iterator[Note]:
    missing = [row for row in rows if not row.reading.loaded]
    if missing:
        yield Note(_named(context, "overview.not_loaded", missing))


def _outdated(context: PageContext, rows: Iterable[ScorecardRow]) -> Iterator[Note]:
    old = [row for row in rows if row.reading.loaded and not row.fresh]
    if old:
        yield Note(_named(context, "overview.outdated", old))


def _too_little(context: PageContext, rows: Iterable[ScorecardRow]) -> Iterator[Note]:
    """KPIs without a figure although the period is loaded, by reason."""
    empty = [row for row in rows if row.reading.loaded and row.figure.value is None]
    for reason in dict.fromkeys(row.figure.missing for row in empty):
        same = [row for row in empty if row.figure.missing is reason]
        yield Note(_named(context, "overview.no_figure", same, reason=reason), grave=False)


def _partial(context: PageContext, clocks: Mapping[str, Clock]) -> Iterator[Note]:
    """Extracts that do not know the whole period, those that end on the same day together."""
    partly = {n: c for n, c in clocks.items() if c.coverage(context.period) is Coverage.PARTIAL}
    for day in dict.fromkeys(clock.cut_off for clock in partly.values()):
        same = [extract_name(context.texts, n) for n, c in partly.items() if c.cut_off == day]
        yield Note(context.texts.text("overview.partial", day=day, extracts=same), grave=False)


def _overdue(context: PageContext) -> Iterator[Note]:
    """Extracts in use that lack a month which is over; for whoever may see the extracts."""
    if not context.may(Permission.EXTRACT_VIEW):
        return
    texts, today = context.texts, context.today
    alike: dict[tuple[Period, ...], list[str]] = {}
    for one in calendars(context.workspace, by=context.actor, today=today):
        late = tuple(month.period for month in one.months if _lacks(month, today))
        if late:
            alike.setdefault(late[-NAMED_AT_MOST:], []).append(extract_name(texts, one.contract))
    for late, names in alike.items():
        periods = [texts.period(period) for period in late]
        extract = _together(texts, names)
        yield Note(texts.text("overview.overdue", extract=extract, periods=periods))


def _lacks(month: CalendarMonth, today: date) -> bool:
    is_over = month.period.end <= today
    return month.state is MonthState.MISSING or (is_over and month.state is MonthState.PARTIAL)


def _refused(context: PageContext) -> Iterator[Note]:
    """Files this person sent that were not taken in, since the last one that was."""
    if not context.may(Permission.EXTRACT_LOAD):
        return
    with context.workspace.read(context.actor, Permission.EXTRACT_LOAD) as reader:
        jobs = latest_jobs(reader, kind="load_extract", limit=LATEST_LOADS)
    for job in jobs:
        if job.state is JobState.DONE:
            return
        if job.is_over:
            yield Note(_refusal(context, job))


def inbox_notes(context: PageContext) -> Iterator[Note]:
    """Files refused in the inbox to which nobody has seen yet, for whoever sees the extracts."""
    if not context.may(Permission.EXTRACT_VIEW):
        return
    with context.workspace.read(context.actor, Permission.EXTRACT_VIEW) as reader:
        found = open_notices(reader, [NoticeKind.FILE_REFUSED])
    texts = context.texts
    for one in found[:REFUSED_NAMED]:
        yield Note(texts.text("tick.overview.refused", file=one.subject, why=of_notice(texts, one)))
    if len(found) > REFUSED_NAMED:
        yield Note(texts.text("tick.overview.more", count=len(found) - REFUSED_NAMED))


def _refusal(context: PageContext, job: JobStatus) -> str:
    file = str(job.payload.get("file_name", ""))
    why: Refusal | str = job.refusal or context.texts.text("overview.failed")
    return context.texts.text("overview.refused", file=file, why=why)


def _named(context: PageContext, key: str, rows: Iterable[ScorecardRow], **values: object) -> str:
    names = [figures.named(context.texts, row.names) for row in rows]
    return context.texts.text(key, period=context.period, kpis=names, **values)
