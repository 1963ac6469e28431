"""How the members of breakdowns are called: offices, places, services, and the codes of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from dashboard.components.extracts.names import text_or
from dashboard.context import PageContext
from data.agency.directory import offices
from data.agency.services import read_services
from data.language.languages import Language, LocalText, Named
from data.language.texts import Texts
from data.store import reference
from kpis.definitions import HEADLINE, UNSTATED
from kpis.stored_readings import Cell


def member_names(context: PageContext, dimension: str) -> Mapping[str, str]:
    """Code to name of the members the agency keeps a list of."""
    language = context.language
    match dimension:
        case "office":
            return _named(offices(context.workspace, by=context.actor), language)
        case "service":
            return _named(read_services(context.workspace, by=context.actor), language)
        case "municipality":
            return _municipalities(language)
        case "district":
            return _districts(language)
    return {}


def member_name(texts: Texts, dimension: str, member: str, names: Mapping[str, str]) -> str:
    """The name of a member; a code that no list holds is shown as it is."""
    if member == UNSTATED:
        return texts.text("kpis.not_stated")
    return names.get(member) or text_or(texts, f"kpi_member.{dimension}.{member}", member)


def dimension_name(texts: Texts, dimension: str) -> str:
    """What a breakdown is called."""
    return text_or(texts, f"kpis.dimension.{dimension}", dimension)


def reason_name(texts: Texts, reason: str) -> str:
    """Why a row is left out; a reason that somebody named is shown as it is."""
    return text_or(texts, f"kpis.excluded.{reason}", reason)


def line_name(texts: Texts, measure: str) -> str:
    """What a line of a KPI is called."""
    key = "kpis.measure.value" if measure == HEADLINE else f"kpis.measure.{measure}"
    return text_or(texts, key, measure)


def cell_name(context: PageContext, cell: Cell) -> str:
    """The part of the agency looked at: 'Prizren · Passport', or the whole of it."""
    parts = [
        member_name(context.texts, dimension, member, member_names(context, dimension))
        for dimension, member in cell.members.items()
    ]
    return " · ".join(parts) or context.texts.text("shell.every_office")


def _named(rows: Iterable[Named], language: Language) -> dict[str, str]:
    return {getattr(row, "code"): LocalText.name_of(row).within(language) for row in rows}  # noqa: B009


@lru_cache(maxsize=len(Language))
def _municipalities(language: Language) -> Mapping[str, str]:
    return _named(reference.municipalities(), language)


@lru_cache(maxsize=len(Language))
def _districts(language: Language) -> Mapping[str, str]:
    return _named(reference.districts(), language)
