"""A control as a frozen value, with the tests it stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from risks.register.tested import Verdict


class ControlKind(StrEnum):
    """When a control works: before the event, as it happens, after it."""

    PREVENTIVE = "preventive"
    DETECTIVE = "detective"
    CORRECTIVE = "corrective"


@dataclass(frozen=True, slots=True)
class ControlWording:
    """What somebody says of a control; `owner` (e-mail address) is who runs it."""

    title: str
    description: str
    kind: ControlKind
    owner: str
    unit_code: str
    evidence: str = ""
    next_test: date | None = None
    test_every_days: int | None = None


@dataclass(frozen=True, slots=True)
class ControlTest:
    """Whether the control is well made (design) and runs as it is meant to (operating)."""

    id: str
    design: Verdict
    operating: Verdict
    note: str
    tested_by: str
    tested_at: datetime

    @property
    def is_good(self) -> bool:
        return self.design is Verdict.EFFECTIVE and self.operating is Verdict.EFFECTIVE


@dataclass(frozen=True, slots=True)
class Control:
    """A control of the catalogue; tests in the order in which they came."""

    id: str
    code: str
    title: str
    description: str
    kind: ControlKind
    owner: str
    unit_code: str
    evidence: str
    next_test: date | None
    test_every_days: int | None
    retired_at: datetime | None
    demo: bool
    created_by: str
    created_at: datetime
    row_version: int = 1
    tests: tuple[ControlTest, ...] = ()

    @property
    def is_in_use(self) -> bool:
        return self.retired_at is None

    @property
    def last_test(self) -> ControlTest | None:
        return self.tests[-1] if self.tests else None

    @property
    def works(self) -> bool:
        """In use, and its last test found it well made and working."""
        return self.is_in_use and self.last_test is not None and self.last_test.is_good

    def days_overdue(self, today: date) -> int:
        """For how long a test is overdue; 0 when none is, or it is no longer in use."""
        if self.next_test is None or not self.is_in_use:
            return 0
        return max(0, (today - self.next_test).days)
