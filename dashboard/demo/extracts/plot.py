"""When things happen in the other extracts; the stories of applications are in demo.story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.demo.clock import DAY, Ints, moment
from dashboard.demo.spec import DemoSpec

WAITING_OFFICE = "O20"  # people wait far too long at its counters
MINORITIES = ("ROMA", "ASHKALI", "EGYPTIAN")  # whose births outreach brings into the register
# Civil events, people reached and answers are few, and their groups small: so that suppression
# leaves something to read, they come at this multiple of the scale of the other files.
PEOPLE_FACTOR = 5
TERMINALS_WAVES = 8  # months until every office has its card terminal


@dataclass(frozen=True, slots=True)
class Plot:
    """The first day of each turn, counted back from the end of the last whole month."""

    spec: DemoSpec

    @property
    def people_scale(self) -> float:
        return min(1.0, PEOPLE_FACTOR * self.spec.scale)

    @property
    def outreach(self) -> date:
        """Mobile teams and organisations start to visit families without papers."""
        return self.spec.months_before_end(20)

    @property
    def terminals(self) -> date:
        """Card terminals come to the first offices."""
        return self.spec.months_before_end(16)

    @property
    def reminders(self) -> date:
        """Text messages remind of appointments and of documents that expire."""
        return self.spec.months_before_end(14)

    @property
    def migration(self) -> date:
        """The registers move to a new system; their data are worse for months."""
        return self.spec.months_before_end(12)

    @property
    def long_waits(self) -> date:
        """The counters of one office lose staff, and nobody replaces them."""
        return self.spec.months_before_end(9)

    @property
    def failed_restore(self) -> date:
        """The month in which a backup could not be restored."""
        return self.spec.months_before_end(8)

    @property
    def outage(self) -> date:
        """The month in which the civil register was down for days."""
        return self.spec.months_before_end(5)

    @property
    def late_notice(self) -> date:
        """The month of the personal data breach that was notified too late."""
        return self.spec.months_before_end(6)


def grown(seconds: Ints, start: date, days: int) -> np.ndarray:
    """0 up to the start, then rising evenly to 1 within so many days."""
    return np.clip((seconds - moment(start)) / (days * DAY), 0.0, 1.0)


def damage_of_migration(months: np.ndarray, plot: Plot) -> np.ndarray:
    """How much of the migration's damage is left in each month: 1 when it happens, then less."""
    since = months - (plot.migration.year * 12 + plot.migration.month - 1)
    return np.where(since < 0, 0.0, np.clip(1.0 - np.maximum(since - 1, 0) / 7, 0.0, 1.0))
