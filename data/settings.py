"""Where the product runs and with what: read once from the environment, then immutable."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.errors import Invalid

DEFAULT_HOME = ".cra"
INBOX_QUIET = timedelta(seconds=5)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation decides outside the database."""

    home: Path
    database_url: str
    zone: ZoneInfo
    demo: bool
    language: str
    secure_cookies: bool
    inbox_folder: Path | None = None  # None: within the home
    inbox_as: str = ""  # whose name loads from the inbox bear; the system's where empty
    inbox_quiet: timedelta = INBOX_QUIET  # unchanged for so long, a file counts as arrived
    tick_every: timedelta | None = None  # how often the worker looks by itself; None: never

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the variables that docs/settings.md lists.

        Every one has a default; a zone nobody knows and an unreadable duration are Invalid.
        """
        given = os.environ if environment is None else environment
        home = Path(given.get("CRA_HOME", DEFAULT_HOME)).resolve()
        return cls(
            home=home,
            database_url=given.get("CRA_DATABASE_URL", f"sqlite:///{home / 'cra.db'}"),
            zone=_zone(given.get("CRA_ZONE", "Europe/Belgrade")),
            demo=_switch(given.get("CRA_DEMO", "1")),
            language=given.get("CRA_LANGUAGE", "en"),
            secure_cookies=_switch(given.get("CRA_SECURE_COOKIES", "0")),
            inbox_folder=_folder(given.get("CRA_INBOX", "")),
            inbox_as=given.get("CRA_INBOX_AS", "").strip(),
            inbox_quiet=duration(given.get("CRA_INBOX_QUIET", "")) or INBOX_QUIET,
            tick_every=duration(given.get("CRA_TICK", "")),
        )

    @property
    def extracts(self) -> Path:
        return self.home / "extracts"

    @property
    def inbox(self) -> Path:
        """Where files are dropped that `cra tick` takes in."""
        return self.inbox_folder or self.home / "inbox"

    @property
    def profiles(self) -> Path:
        """Where an installation keeps extract profiles of its own."""
        return self.home / "profiles"


def duration(text: str) -> timedelta | None:
    """'30s', '15m', '6h' or '1d'; None where nothing is said, anything else is Invalid."""
    said = text.strip().lower()
    if said in {"", "0", "no", "off", "false"}:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", said)
    if match is None:
        raise Invalid("settings.unreadable_duration", given=text)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _folder(path: str) -> Path | None:
    """As it is named: where it is a link, whoever looks into it has to say so."""
    return Path(path.strip()).absolute() if path.strip() else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid("settings.unknown_zone", zone=name) from None


def _switch(text: str) -> bool:
    return text.strip().lower() not in {"", "0", "no", "off", "false"}
