"""What the page of appetite is drawn from, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.languages import LocalText
from risks.appetite.above import Above, above_appetite, without_appetite
from risks.appetite.history import Stated, read_statements
from risks.appetite.statement import Appetite, read_appetite
from risks.criteria.reading import in_force, read_categories
from risks.criteria.scale import Criteria
from risks.register.naming import read_naming
from risks.register.reading import read_register
from risks.register.record import Risk


@dataclass(frozen=True, slots=True)
class Known:
    """The register against the appetite, and everything that was ever said of it."""

    risks: tuple[Risk, ...]
    above: tuple[Above, ...]
    silent: tuple[Risk, ...]  # active, of categories of which nothing is said
    appetite: Mapping[str, Appetite]
    statements: tuple[Stated, ...]
    categories: Mapping[str, str]  # names by code
    people: Mapping[str, str]  # names by address
    criteria: Criteria


def read(context: PageContext) -> Known:
    """Everything the page shows, as of the time looked at."""
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        risks, criteria, appetite = read_register(reader), in_force(reader), read_appetite(reader)
        categories = read_categories(reader)
        statements, people = read_statements(reader), read_naming(reader).people
        today = reader.today
    named = {row.code: LocalText.name_of(row).within(context.language) for row in categories}
    return Known(
        risks,
        above_appetite(risks, appetite, criteria, today),
        without_appetite(risks, appetite),
        appetite,
        statements,
        named,
        people,
        criteria,
    )
