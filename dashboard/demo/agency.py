"""Who and what the demo agency is: units, offices, people, objectives, as unsaved table rows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.demo.spec import DemoSpec
from dashboard.demo.story import ONLINE_SERVICE, online_launch
from data.access.actor import WHOLE_AGENCY
from data.access.roles import Role
from data.store import reference
from data.store.tables import (
    Agency,
    Municipality,
    Objective,
    Office,
    OnlineService,
    OrgUnit,
    Person,
    RoleGrant,
    StandardMinutes,
)

FILE = Path(__file__).with_name("agency.toml")
OPENED = date(2011, 1, 1)  # invented
ALWAYS_ONLINE = "CIVIL_CERT"  # in the demo
SOURCE = "demo"
TRAINING = "OTRN"
MAIL_DOMAIN = "example.org"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An invented person and the (role, unit) pairs he holds."""

    person: Person
    grants: tuple[tuple[Role, str], ...]

    def grant_rows(self, person_id: int, by: str, at: datetime) -> list[RoleGrant]:
        """His grants, once the database has numbered him."""
        return [
            RoleGrant(person_id=person_id, role=role, unit_code=unit, granted_by=by, granted_at=at)
            for role, unit in self.grants
        ]


@dataclass(frozen=True, slots=True)
class KpiCharge:
    """Which objective a KPI serves and whose it is (by e-mail address)."""

    kpi_code: str
    objective_code: str
    owner_email: str


def agency() -> Agency:
    """The one row that says whose house this is: a demo."""
    return Agency(**_names(_read()["agency"]), demo=True)


def units() -> list[OrgUnit]:
    """The agency, its departments, one region for each district and one unit for each office.

    Parents stand before their children.
    """
    root = OrgUnit(code=WHOLE_AGENCY, kind="agency", **_names(_read()["agency"]))
    return [root, *_departments(), *_regions(), *_office_units()]


def _departments() -> list[OrgUnit]:
    return [
        OrgUnit(code=code, parent_code=WHOLE_AGENCY, kind="department", **_names(row))
        for code, row in _read()["units"].items()
    ]


def _regions() -> list[OrgUnit]:
    form = _names(_read()["region"])
    return [
        OrgUnit(
            code=_region(district.code),
            parent_code=WHOLE_AGENCY,
            kind="department",
            **{name: text.format(district=getattr(district, name)) for name, text in form.items()},
        )
        for district in reference.districts()
    ]


def _office_units() -> list[OrgUnit]:
    district = {row.code: row.district_code for row in reference.municipalities()}
    extra = _read()["offices"]
    return [
        OrgUnit(
            code=office.code,
            parent_code=extra.get(office.code, {}).get("unit")
            or _region(district[office.municipality_code]),
            kind="office",
            name_sq=office.name_sq,
            name_sr=office.name_sr,
            name_en=office.name_en,
        )
        for office in offices()
    ]


def _region(district_code: str) -> str:
    return f"R-{district_code}"


def offices(spec: DemoSpec | None = None) -> list[Office]:
    """One office for each municipality and some more; the one merged into comes first."""
    when = spec or DemoSpec()
    main = [_main_office(row) for row in reference.municipalities()]
    return [*main, *(_extra_office(code, row, when) for code, row in _read()["offices"].items())]


def _main_office(row: Municipality) -> Office:
    code = main_office(row.code)
    return Office(
        code=code,
        unit_code=code,
        municipality_code=row.code,
        opened=OPENED,
        demo=True,
        name_sq=row.name_sq,
        name_sr=row.name_sr,
        name_en=row.name_en,
    )


def _extra_office(code: str, row: dict[str, Any], spec: DemoSpec) -> Office:
    closing = row.get("closed_months_before_end")
    return Office(
        code=code,
        unit_code=code,
        municipality_code=row["municipality"],
        opened=OPENED,
        closed=spec.months_before_end(closing) if closing else None,
        merged_into=row.get("merged_into"),
        demo=True,
        **_names(row),
    )


def main_office(municipality_code: str) -> str:
    """The code of the office every municipality has."""
    return f"O{municipality_code}"


def extra_shares() -> dict[str, float]:
    """The part of its municipality's cases that goes to an office beside the main one."""
    return {code: row["share"] for code, row in _read()["offices"].items()}


def people(created_at: datetime) -> list[DemoPerson]:
    """Invented people without a password, covering every role."""
    return [
        DemoPerson(
            Person(
                email=_email(key),
                name=row["name"],
                language=row["language"],
                demo=True,
                created_at=created_at,
            ),
            tuple((Role(role), unit) for role, unit in row["grants"]),
        )
        for key, row in _read()["people"].items()
    ]


def _email(key: str) -> str:
    return f"{key}@{MAIL_DOMAIN}"


def objectives() -> list[Objective]:
    """One to three demo objectives for each challenge of the twinning project."""
    return [
        Objective(code=code, challenge=row["challenge"], position=n, demo=True, **_names(row))
        for n, (code, row) in enumerate(_read()["objectives"].items())
    ]


def online_services(spec: DemoSpec) -> list[OnlineService]:
    """Since when each service can be asked for online."""
    since = {ALWAYS_ONLINE: OPENED, ONLINE_SERVICE: online_launch(spec).start}
    return [
        OnlineService(service_code=code, valid_from=day, source=SOURCE, assumption=True)
        for code, day in since.items()
    ]


def standard_minutes() -> list[StandardMinutes]:
    """The working time an application of each service stands for."""
    return [
        StandardMinutes(
            service_code=code, minutes=minutes, valid_from=OPENED, source=SOURCE, assumption=True
        )
        for code, minutes in _read()["standard_minutes"].items()
    ]


def kpi_charges() -> list[KpiCharge]:
    """Objective and owner of each KPI the demo agency watches."""
    return [
        KpiCharge(code, row["objective"], _email(row["owner"]))
        for code, row in _read()["kpis"].items()
    ]


def _names(row: dict[str, Any]) -> dict[str, Any]:
    return {f"name_{language}": row[language] for language in ("sq", "sr", "en")}


@cache
def _read() -> dict[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)
