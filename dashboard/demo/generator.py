"""Writes the files the demo agency's systems would have sent, month by month."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np

from dashboard.demo import cases, production
from dashboard.demo.cases import Cases, Intake
from dashboard.demo.clock import WorkClock, moment
from dashboard.demo.dirt import Dirt, damage, dirt_of, first_sending, repeat_rows
from dashboard.demo.production import Attempts
from dashboard.demo.snapshot import Snapshot, production_rows
from dashboard.demo.spec import DemoFile, DemoSpec, MonthSpan, local_midnight
from dashboard.demo.streams import Streams
from dashboard.demo.timeline import Timeline
from dashboard.demo.writing import write_legacy, write_native, write_workbook

WARM_UP_MONTHS = 4  # before the first file, so that it starts with work in hand
CHANGES = "changes"
LEGACY_PROFILE, WORKBOOK_PROFILE = "demo-legacy", "demo-workbook"  # in profiles/

PROFILES = Path(__file__).with_name("profiles")

Progress = Callable[[int, int], None]  # months written, of so many


def profile_files() -> list[Path]:
    """The profiles of its own that the demo agency needs, as an installation keeps them."""
    return sorted(PROFILES.glob("*.toml"))


def generate(spec: DemoSpec, folder: Path, progress: Progress | None = None) -> list[DemoFile]:
    """Write every file into the folder and describe them in the order in which they arrived."""
    folder.mkdir(parents=True, exist_ok=True)
    spans = list(spec.spans())
    press = Press(spec, folder, Snapshot.of(spec))
    for done, month in enumerate(months(spec), start=1):
        press.issue(month)
        if progress is not None:
            progress(done, len(spans))
    return press.files


@dataclass(frozen=True)
class Month:
    """What changed in a month: cases and attempts with everything that will happen to them."""

    span: MonthSpan
    cases: Cases
    attempts: Attempts

    @property
    def cut(self) -> int:
        return moment(self.span.end)


def months(spec: DemoSpec) -> Iterator[Month]:
    """Each month with what changed in it; the first also brings what was in hand before."""
    clock = WorkClock.spanning(
        spec.first.shift(-2 * WARM_UP_MONTHS).start, spec.today + timedelta(days=500)
    )
    intake = Intake(spec, clock, Timeline(spec, clock))
    open_cases, open_attempts = _in_hand(spec, intake)
    for number, span in enumerate(spec.spans()):
        start, cut = moment(span.start), moment(span.end)
        fresh = intake.of_month(span)
        open_cases = np.concatenate([open_cases, cases.known(fresh, cut)])
        open_attempts = np.concatenate([open_attempts, _attempts(fresh, span, intake)])
        since = start if number else 0
        yield Month(
            span,
            open_cases[cases.happening(open_cases, since, cut)],
            open_attempts[cases.happening(open_attempts, since, cut, production.EVENTS)],
        )
        open_cases = open_cases[cases.happening(open_cases, cut)]
        open_attempts = open_attempts[cases.happening(open_attempts, cut, events=production.EVENTS)]


def _in_hand(spec: DemoSpec, intake: Intake) -> tuple[Cases, Attempts]:
    """What was submitted before the first month and is not finished when it starts."""
    cut = moment(spec.first.start)
    open_cases, open_attempts = [], []
    for period in spec.first.shift(-WARM_UP_MONTHS).until(spec.first.shift(-1)):
        span = MonthSpan(period, period.end)
        fresh = intake.of_month(span)
        attempts = _attempts(fresh, span, intake)
        open_cases.append(fresh[cases.happening(fresh, cut)])
        open_attempts.append(attempts[cases.happening(attempts, cut, events=production.EVENTS)])
    return np.concatenate(open_cases), np.concatenate(open_attempts)


def _attempts(fresh: Cases, span: MonthSpan, intake: Intake) -> Attempts:
    streams = Streams(intake.spec.seed).within(span.start.year * 12 + span.start.month - 1)
    return production.attempts_for(fresh, intake.clock, streams)


@dataclass
class Press:
    """Writes the files of each month and keeps them in the order in which they arrive."""

    spec: DemoSpec
    folder: Path
    snapshot: Snapshot
    files: list[DemoFile] = field(default_factory=list)
    delayed: list[DemoFile] = field(default_factory=list)
    corrected: Month | None = None

    def issue(self, month: Month) -> None:
        """Write a month's two files, then whatever arrives after them."""
        dirt = dirt_of(self.spec, "applications", month.span)
        late, self.delayed = self.delayed, []
        applications = self._applications(month, dirt)
        (self.delayed if dirt is Dirt.LATE else self.files).append(applications)
        self.files.append(self._production(month))
        self.files.extend(late)
        if self.corrected is not None:
            self.files.append(self._second_sending(self.corrected, month))
            self.corrected = None
        if dirt is Dirt.CORRECTED:
            self.corrected = month
        if month.span.end == self.spec.today:
            self.files.extend(self.delayed)

    def _applications(self, month: Month, dirt: Dirt | None) -> DemoFile:
        sent = month.cases
        if dirt is Dirt.CORRECTED:
            sent = first_sending(sent, self.snapshot.offices)
        table = self.snapshot.applications(sent, month.cut)
        streams = Streams(self.spec.seed)
        if dirt is Dirt.REPEATED:
            table = repeat_rows(table, streams)
        if dirt is Dirt.DAMAGED:
            table = damage(table, streams)
        path = self._path("applications", month.span)
        if dirt is Dirt.LEGACY:
            write_legacy(table, path)
            return self._describe(path, "applications", LEGACY_PROFILE, month.span)
        write_native(table, path)
        return self._describe(path, "applications", "applications-native", month.span)

    def _production(self, month: Month) -> DemoFile:
        table = production_rows(month.attempts, month.cut)
        if dirt_of(self.spec, "production", month.span) is Dirt.WORKBOOK:
            path = self._path("production", month.span, suffix=".xlsx")
            write_workbook(table, path, _titles(month.span))
            return self._describe(path, "production", WORKBOOK_PROFILE, month.span)
        path = self._path("production", month.span)
        write_native(table, path)
        return self._describe(path, "production", "production-native", month.span)

    def _second_sending(self, corrected: Month, now: Month) -> DemoFile:
        """The cases of an earlier month once more, right and whole, as they stand now."""
        table = self.snapshot.applications(corrected.cases, now.cut)
        path = self._path("applications", corrected.span, mark="-corrected")
        write_native(table, path)
        return self._describe(path, "applications", "applications-native", corrected.span, now.span)

    def _path(self, contract: str, span: MonthSpan, mark: str = "", suffix: str = ".csv") -> Path:
        return self.folder / f"{contract}-{span.period.code}{mark}{suffix}"

    def _describe(
        self,
        path: Path,
        contract: str,
        profile: str,
        covered: MonthSpan,
        known: MonthSpan | None = None,
    ) -> DemoFile:
        return DemoFile(
            path=path,
            contract=contract,
            profile=profile,
            period=covered.period,
            scope=CHANGES,
            coverage_from=covered.start,
            coverage_to=covered.end - timedelta(days=1),
            cut_at=local_midnight((known or covered).end, self.spec.zone),
            is_correction=known is not None,
        )


def _titles(span: MonthSpan) -> tuple[str, ...]:
    return (
        "Departamenti i Prodhimit të Dokumenteve",
        f"Raporti mujor i personalizimit, {span.start:%m.%Y}",
    )
