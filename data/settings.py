"""Where the product runs and with what: read once from the environment, then immutable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.errors import Invalid

DEFAULT_HOME = ".cra"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation decides outside the database."""

    home: Path
    database_url: str
    zone: ZoneInfo
    demo: bool
    language: str
    secure_cookies: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read CRA_HOME, CRA_DATABASE_URL, CRA_ZONE, CRA_DEMO, CRA_LANGUAGE, CRA_SECURE_COOKIES.

        Every one has a default; a zone nobody knows is Invalid.
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
        )

    @property
    def extracts(self) -> Path:
        return self.home / "extracts"

    @property
    def profiles(self) -> Path:
        """Where an installation keeps extract profiles of its own."""
        return self.home / "profiles"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid("settings.unknown_zone", zone=name) from None


def _switch(text: str) -> bool:
    return text.strip().lower() not in {"", "0", "no", "off", "false"}
