"""What there is to find in the other extracts: what happens, when, where, which KPIs show it."""

from __future__ import annotations

from datetime import date

from dashboard.demo.extracts.plot import WAITING_OFFICE, Plot
from dashboard.demo.spec import DemoSpec
from dashboard.demo.story import Story
from data.period import Frequency, Period


def extract_stories(spec: DemoSpec) -> tuple[Story, ...]:
    """Every story beside those of applications and production, oldest first."""
    plot = Plot(spec)
    return (
        _story("outreach", plot.outreach, kpis=("CR-01", "CR-02", "CR-05", "CR-06")),
        _story("terminals", plot.terminals, kpis=("CS-07",)),
        _story("reminders", plot.reminders, kpis=("CS-04", "CS-05", "CS-06")),
        _story("migration", plot.migration, kpis=("DQ-01", "DQ-02", "DQ-03")),
        _story("long_waits", plot.long_waits, kpis=("CS-03", "CS-08"), office=WAITING_OFFICE),
        _story("failed_restore", plot.failed_restore, kpis=("IT-03",), over=True),
        _story("late_notice", plot.late_notice, kpis=("IT-04",), over=True),
        _story("outage", plot.outage, kpis=("IT-01", "DQ-04"), over=True),
        _story("late_actions", spec.first.start, kpis=("MG-04",)),
    )


def _story(
    code: str,
    start: date,
    *,
    kpis: tuple[str, ...],
    office: str | None = None,
    over: bool = False,
) -> Story:
    """A story that goes on, or one that is over with its month."""
    return Story(
        code=code,
        title_key=f"demo_extracts.story.{code}.title",
        text_key=f"demo_extracts.story.{code}.text",
        start=start,
        end=Period.covering(start, Frequency.MONTH).end if over else None,
        office=office,
        service=None,
        kpis=kpis,
    )
