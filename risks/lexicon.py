"""What the codes of a risk are called, and by which criteria its levels are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from data.errors import NotFound
from data.store.tables import RiskControl, RiskIndicator
from data.workspace import Reader
from risks.criteria.reading import all_criteria, in_force
from risks.criteria.scale import Criteria, Names
from risks.register.naming import Naming, read_naming
from risks.register.record import Assessment


@dataclass(frozen=True, slots=True)
class Coded:
    """What a link leads to."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and criteria; `criteria` are those in force, None before there are any."""

    naming: Naming
    criteria: Criteria | None
    versions: Mapping[int, Criteria]
    controls: Mapping[str, Coded]  # by id, as a risk links to them
    indicators: Mapping[str, Coded]

    def level(self, assessment: Assessment | None) -> Names | None:
        """What the level of an assessment is called by the criteria it was made by."""
        if assessment is None or assessment.level is None:
            return None
        return self.level_named(assessment.level, assessment.criteria_version)

    def level_named(self, code: str, version: int) -> Names:
        """What a level is called by a version of the criteria."""
        return self.versions[version].level_of(code).names

    def person(self, email: str) -> str:
        """The name of somebody; the address of somebody unknown."""
        return self.naming.people.get(email, email)


def read_lexicon(reader: Reader) -> Lexicon:
    """The names as they are, and the criteria in force now or at the reader's time."""
    try:
        criteria = in_force(reader)
    except NotFound:
        criteria = None
    return Lexicon(
        naming=read_naming(reader),
        criteria=criteria,
        versions=all_criteria(reader),
        controls=_coded(reader, RiskControl),
        indicators=_coded(reader, RiskIndicator),
    )


def _coded(reader: Reader, table: Any) -> dict[str, Coded]:
    rows: Any = reader.all(select(table.id, table.code, table.title))
    return {key: Coded(code, title) for key, code, title in rows}
