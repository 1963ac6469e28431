"""A server for which it is as late as the test says: the machine's clock is turned, not the
product's, so that whatever asks for the time is told the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.requirements import required

LIBRARIES = Path("/usr/lib")


class Later:
    """It is some days later than now, for the server that was started with `environment`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._days = 0
        self._write()

    def __call__(self) -> datetime:
        """This moment there."""
        return datetime.now(UTC) + timedelta(days=self._days)

    @property
    def environment(self) -> Mapping[str, str]:
        found = next(LIBRARIES.glob("*/faketime/libfaketimeMT.so.1"), None)
        return {
            "LD_PRELOAD": required("libfaketime", str(found) if found else None),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
        }

    def pass_days(self, days: int) -> date:
        """Let it be some days later; returns the day."""
        self._days += days
        self._write()
        return self().date()

    def _write(self) -> None:
        aside = self._file.with_suffix(".new")
        aside.write_text(f"+{self._days}d\n")
        aside.replace(self._file)
