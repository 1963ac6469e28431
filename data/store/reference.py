"""Reference data the product brings along, read from data/reference into unsaved table rows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import holidays

from data.store.tables import (
    CalendarDay,
    District,
    Municipality,
    Parameter,
    Service,
    ServiceRule,
)
from data.store.tables.columns import Named

FOLDER = Path(__file__).resolve().parents[1] / "reference"
RULES_FROM = date(
    2008, 1, 1
)  # before any extract: the dates the rules came into force are not known
COUNTRY = "XK"
CALENDAR_LANGUAGE = "sq"  # a day has one name; the package else takes the machine's language


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language in which the agency speaks to people, and its standing."""

    code: str
    name_sq: str
    name_sr: str
    name_en: str
    standing: str


def agency_name() -> Named:
    """The agency's own name in the three languages."""
    return Named(**_names(_read("places.toml")["agency"]))


def districts() -> list[District]:
    """The seven districts; `assumption` says that no source for their members was found."""
    places = _read("places.toml")
    return [
        District(
            code=code,
            **_names(row),
            source=places["membership"][row["members"]],
            assumption=row["members"] == "assumed",
        )
        for code, row in places["districts"].items()
    ]


def municipalities() -> list[Municipality]:
    """The 38 municipalities in the order of their codes, with their newest usable population."""
    places = _read("places.toml")
    return [
        Municipality(
            code=code,
            **_names(row),
            district_code=row["district"],
            population=row["population"],
            population_year=row["year"],
            source=places["population"][str(row["year"])],
            note=_note(row),
        )
        for code, row in sorted(places["municipalities"].items())
    ]


def _note(row: dict[str, Any]) -> str:
    """The note, with the census figure that was not used."""
    enumerated = row.get("enumerated_2024")
    figure = f"{enumerated} persons enumerated in 2024" if enumerated is not None else ""
    return "; ".join(part for part in (row.get("note", ""), figure) if part)


def services() -> list[Service]:
    """What the agency delivers, in the order in which it is listed everywhere."""
    listed = _read("services.toml")["services"].items()
    return [Service(code=code, **_names(row), position=n) for n, (code, row) in enumerate(listed)]


def service_rules() -> list[ServiceRule]:
    """The deadline of each service and speed, with its source or marked as an assumption."""
    return [
        ServiceRule(
            service_code=row["service"],
            speed=row["speed"],
            deadline_days=row["days"],
            day_basis=row.get("basis", "working"),
            valid_from=RULES_FROM,
            source=row["source"],
            assumption=row["assumption"],
        )
        for row in _read("services.toml")["rules"]
    ]


def parameters() -> list[Parameter]:
    """Numbers set by law, with their sources; those not known have no value."""
    return [
        Parameter(valid_from=RULES_FROM, **row) for row in _read("parameters.toml")["parameters"]
    ]


def languages() -> list[SpokenLanguage]:
    """The languages in which the agency speaks to people."""
    listed = _read("languages.toml")["languages"].items()
    return [SpokenLanguage(code, **_names(row), standing=row["standing"]) for code, row in listed]


def calendar_days(years: Iterable[int]) -> list[CalendarDay]:
    """Public holidays of the years, moved days included, and what calendar.toml says otherwise."""
    wanted = frozenset(years)
    days = {row.day: row for row in _holidays(wanted)}
    for text, row in _read("calendar.toml")["days"].items():
        day = date.fromisoformat(text)
        if day.year in wanted:
            days.pop(day, None)
            if row["kind"] != "none":
                days[day] = CalendarDay(day=day, **row)
    return [days[day] for day in sorted(days)]


def _holidays(years: frozenset[int]) -> Iterator[CalendarDay]:
    settings = _read("calendar.toml")
    proper = holidays.country_holidays(COUNTRY, years=years, observed=False)
    every = holidays.country_holidays(COUNTRY, years=years, language=CALENDAR_LANGUAGE)
    for day, name in every.items():
        source = settings["source"] if day in proper else settings["moved_source"]
        yield CalendarDay(day=day, kind="holiday", name=name, source=source)


def _names(row: dict[str, Any]) -> dict[str, Any]:
    return {f"name_{language}": row[language] for language in ("sq", "sr", "en")}


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)
