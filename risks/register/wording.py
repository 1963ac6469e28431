"""The texts of a risk: how long they may be, and who may change which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from data.errors import Invalid
from risks.register.kinds import Part

LONGEST = {Part.TITLE: 120, Part.CAUSE: 1000, Part.EVENT: 1000, Part.CONSEQUENCE: 1000}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a risk is: a cause may lead to an event, which has a consequence (ISO 31073)."""

    title: str
    cause: str = ""
    event: str = ""
    consequence: str = ""
    category_code: str | None = None
    objectives: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()


def checked(wording: Wording) -> dict[str, Any]:
    """The fields, trimmed and in order; a text too long, or no title, is Invalid."""
    said = {one.name: getattr(wording, one.name) for one in fields(wording)}
    for part, longest in LONGEST.items():
        said[part] = said[part].strip()
        if len(said[part]) > longest:
            raise Invalid("risks.refused.too_long", part=part, longest=longest)
    if not said["title"]:
        raise Invalid("risks.refused.empty", part=Part.TITLE)
    return said | {name: tuple(sorted(set(said[name]))) for name in ("objectives", "kpis")}


def changed(before: Any, said: Mapping[str, Any]) -> list[str]:
    """Which fields differ from what stands."""
    return [name for name, value in said.items() if getattr(before, name) != value]
