"""What there is to find in the demo data: what happens, when, where, and which KPIs show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.demo.spec import DemoSpec

FALLING_BEHIND_OFFICE = "O25"
FALLING_BEHIND_DELAY = 48  # days a decision due half a year after the start comes late
FALLING_BEHIND_BEND = 1.3  # above 1: worse and worse
SHORTAGE_SERVICE = "PASSPORT"
SHORTAGE_WEEKS = 7
SHORTAGE_CAPACITY = 0.12  # passports made per passport approved while blanks are short
RECOVERY_CAPACITY = 2.2  # the same while the presses catch up
ONLINE_SERVICE = "ID_CARD"


@dataclass(frozen=True, slots=True)
class Story:
    """One thing to find. `end` is the first day after it, or None while it goes on."""

    code: str
    title_key: str
    text_key: str
    start: date
    end: date | None
    office: str | None
    service: str | None
    kpis: tuple[str, ...]


def stories(spec: DemoSpec) -> tuple[Story, ...]:
    """Every story, oldest first; those before the first month have left their mark already."""
    return (
        seasons(spec),
        online_launch(spec),
        office_merger(spec),
        blank_shortage(spec),
        falling_behind(spec),
    )


def seasons(spec: DemoSpec) -> Story:
    """Families from abroad come in July and August; nobody comes on holidays."""
    return Story(
        code="seasons",
        title_key="demo.story.seasons.title",
        text_key="demo.story.seasons.text",
        start=spec.first.start,
        end=None,
        office=None,
        service=None,
        kpis=("SD-01", "SD-02", "SD-04"),
    )


def online_launch(spec: DemoSpec) -> Story:
    """One service opens online: its share grows, and forms that check themselves come back less."""
    return Story(
        code="online_launch",
        title_key="demo.story.online_launch.title",
        text_key="demo.story.online_launch.text",
        start=spec.months_before_end(22),
        end=None,
        office=None,
        service=ONLINE_SERVICE,
        kpis=("SD-06",),
    )


def office_merger(spec: DemoSpec) -> Story:
    """A small office closes; its cases go to the main office of its municipality."""
    return Story(
        code="office_merger",
        title_key="demo.story.office_merger.title",
        text_key="demo.story.office_merger.text",
        start=spec.months_before_end(18),
        end=None,
        office="O16A",
        service=None,
        kpis=("SD-04",),
    )


def blank_shortage(spec: DemoSpec) -> Story:
    """Passports are approved but not made; then the presses catch up, with more spoiled prints."""
    start = spec.months_before_end(10) + timedelta(days=2)
    return Story(
        code="blank_shortage",
        title_key="demo.story.blank_shortage.title",
        text_key="demo.story.blank_shortage.text",
        start=start,
        end=start + timedelta(weeks=SHORTAGE_WEEKS),
        office=None,
        service=SHORTAGE_SERVICE,
        kpis=("SD-01", "SD-02", "SD-03", "SD-04", "SD-05", "SD-08"),
    )


def recovered(shortage: Story) -> date:
    """The day the last passport that waited for a blank is made."""
    missing = timedelta(weeks=SHORTAGE_WEEKS) * (1 - SHORTAGE_CAPACITY)
    waited = timedelta(weeks=SHORTAGE_WEEKS) + missing / (RECOVERY_CAPACITY - 1)
    return shortage.start + timedelta(days=waited.days)


def falling_behind(spec: DemoSpec) -> Story:
    """One office decides fewer cases than it receives, month after month, to the end."""
    return Story(
        code="falling_behind",
        title_key="demo.story.falling_behind.title",
        text_key="demo.story.falling_behind.text",
        start=spec.months_before_end(7),
        end=None,
        office=FALLING_BEHIND_OFFICE,
        service=None,
        kpis=("SD-01", "SD-02", "SD-03", "SD-04", "SD-05"),
    )
