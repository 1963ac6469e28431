"""What a sender declares about a file: `<file>.toml` beside it, read strictly.

profile = "applications-native"      # recognised where it is not said
cut_at = 2025-03-31                  # a day means its end; or a moment
coverage_from = 2025-03-01
coverage_to = 2025-03-31
scope = "full"                       # or "changes"
history = true                       # of a time before the system; needs a reason
reason = "Back-filled from the register kept until 2024"

[control_totals]
rows = 1200
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.jobs.inbox.looking import shown
from data.errors import Invalid
from data.extracts.checked_file import CHANGES, FULL, Declared
from data.extracts.strict_toml import Table, parse

LARGEST = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The declaration of a file; where none lies beside it, nothing is declared."""

    declared: Declared = Declared()  # noqa: RUF009  (immutable)
    profile_id: str | None = None
    history: bool = False
    reason: str = ""

    def arguments(self) -> dict[str, Any]:
        """As `load_extract` takes them."""
        return {
            "declared": self.declared,
            "profile_id": self.profile_id,
            "history": self.history,
            "reason": self.reason,
        }


def read_sidecar(path: Path | None, zone: ZoneInfo) -> Sidecar:
    """The declaration; a key or a value that is not understood is Invalid with its place."""
    if path is None:
        return Sidecar()
    table = parse(_content(path), shown(path.name), parse_float=Decimal)
    declared = Declared(
        cut_at=_moment(table.optional_moment("cut_at"), zone),
        coverage_from=table.optional_day("coverage_from"),
        coverage_to=table.optional_day("coverage_to"),
        scope=_scope(table),
        control_totals=table.amounts("control_totals"),
    )
    found = Sidecar(
        declared,
        table.optional_text("profile"),
        table.flag("history"),
        table.text("reason", "").strip(),
    )
    table.finish()
    return found


def _content(path: Path) -> bytes:
    """The bytes of a plain file of reasonable size, opened without following a link."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise Invalid("tick.refused.not_plain", file=shown(path.name)) from None
    with os.fdopen(handle, "rb") as file:
        seen = os.fstat(handle)
        if not stat.S_ISREG(seen.st_mode) or seen.st_size > LARGEST:
            raise Invalid("tick.refused.not_plain", file=shown(path.name))
        return file.read(LARGEST)


def _scope(table: Table) -> str | None:
    return table.choice("scope", (FULL, CHANGES)) if "scope" in table.names else None


def _moment(said: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    """A moment on the agency's clock unless it names an offset; a day means its end."""
    if said is None:
        return None
    if not isinstance(said, datetime):
        return datetime.combine(said + timedelta(days=1), time(), zone)
    return said if said.tzinfo else said.replace(tzinfo=zone)
