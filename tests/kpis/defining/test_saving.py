"""Creating, changing, importing, retiring KPIs: versions, reasons, and what becomes of readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.period import Frequency, Period
from data.store.tables import AuditEntry, Objective, Person
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.catalogue import Entry, catalogue
from kpis.defining.actions import import_kpis, reinstate_kpi, retire_kpi, save_kpi
from kpis.defining.comparing import ImportVerdict, differences, preview_import
from kpis.defining.document import entry_from, table_of, write_documents
from kpis.defining.guards import Charge
from kpis.defining.reading import DefinedKpi, read_defined, read_offer, read_one
from kpis.definitions import Formula
from kpis.readings import Ask, refresh, values
from kpis.register import read_kpi, read_kpis, read_versions
from kpis.targets.actions import set_target
from tests.kpis.conftest import Loads, applications, founded, settings_in

TODAY = datetime.now(ZoneInfo("Europe/Belgrade")).date()
LONG_AGO, AHEAD = date(2020, 1, 1), TODAY + timedelta(days=400)
OWNER = Actor("owner@example.org", "Owner", "en", (Grant(Role.KPI_OWNER, "CRA", None),))
BY_CODE = {entry.definition.code: entry for entry in catalogue()}
MARCH = Period(date(2025, 3, 1), Frequency.MONTH)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A house with loaded and measured applications; tests change KPIs of their own."""
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("defining"))))
    rows = applications(400, seed=7)
    Loads(workspace).load("applications", rows, cut_off=date(2025, 4, 20))
    with workspace.database.writing() as session:
        session.add(Objective(code="3.1", challenge=3, name_sq="a", name_sr="b", name_en="c"))
        session.add(Person(email=OWNER.email, name="Owner", created_at=datetime.now(UTC)))
    refresh(workspace, by=SYSTEM, codes=["SD-01", "SD-06"])
    yield workspace
    workspace.database.dispose()


def entry_of(code: str, like: str = "SD-06") -> Entry:
    """A KPI of its own, with the definition of another."""
    return entry_from({**table_of(BY_CODE[like]), "code": code})


def renamed(entry: Entry, name: str, valid_from: date = LONG_AGO) -> Entry:
    definition = entry.definition
    names = replace(definition.names, en=name)
    return replace(entry, definition=replace(definition, names=names, valid_from=valid_from))


def save(
    told: Workspace,
    entry: Entry,
    *,
    seen: int | None,
    reason: str = "because",
    charge: Charge = Charge(),  # noqa: B008
    by: Actor = OWNER,
) -> int:
    return save_kpi(told, by=by, entry=entry, charge=charge, reason=reason, seen=seen)


def defined(told: Workspace, code: str) -> DefinedKpi:
    with told.read(OWNER, Permission.KPI_DEFINE) as reader:
        return read_one(reader, code)


def march(told: Workspace, code: str) -> float | None:
    with told.read(OWNER, Permission.KPI_VIEW) as reader:
        (found,) = values(reader, Ask(code, MARCH, MARCH))
        return found.figure.value


def entries(told: Workspace, tag: AuditTag, code: str) -> list[AuditEntry]:
    with told.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
        found = reader.all(select(AuditEntry).where(AuditEntry.tag == tag.value))
    return [one for one in found if one.noun_id == code]


def test_a_new_kpi_is_defined_measured_and_recorded(told: Workspace) -> None:
    charge = Charge("3.1", OWNER.email)
    assert save(told, entry_of("NW-01"), seen=None, charge=charge, reason="asked  for") == 1
    found = defined(told, "NW-01")
    assert (found.version, found.in_force, found.author) == (1, 1, OWNER.email)
    assert (found.charge, found.reason) == (charge, "asked for")
    (entry,) = entries(told, AuditTag.KPI_DEFINED, "NW-01")
    assert entry.new is not None
    assert (entry.new["reason"], entry.new["version"]) == ("asked for", 1)
    refresh(told, by=SYSTEM, codes=["NW-01"])
    assert march(told, "NW-01") is not None
    assert march(told, "NW-01") == march(told, "SD-06")


def test_a_change_is_a_new_version_and_every_version_is_kept(told: Workspace) -> None:
    save(told, entry_of("NW-02"), seen=None)
    assert save(told, renamed(entry_of("NW-02"), "Other"), seen=1, reason="clearer") == 2
    with told.read(OWNER, Permission.KPI_VIEW) as reader:
        newest, first = read_versions(reader, "NW-02")
    assert (newest.name_en, newest.reason) == ("Other", "clearer")
    assert first.name_en == BY_CODE["SD-06"].definition.names.en


def test_without_a_reason_or_anything_new_nothing_is_saved(told: Workspace) -> None:
    with pytest.raises(Invalid, match="no_reason"):
        save(told, entry_of("NW-03"), seen=None, reason="  ")
    save(told, entry_of("NW-03"), seen=None)
    later = renamed(entry_of("NW-03"), BY_CODE["SD-06"].definition.names.en, TODAY)
    with pytest.raises(Invalid, match="nothing_new"):  # another day alone is no new content
        save(told, later, seen=1)
    assert defined(told, "NW-03").version == 1
    assert save(told, replace(entry_of("NW-03"), position=77), seen=1) == 1  # a place is no content
    assert defined(told, "NW-03").entry.position == 77


def test_somebody_elses_change_is_not_overwritten(told: Workspace) -> None:
    save(told, entry_of("NW-04"), seen=None)
    save(told, renamed(entry_of("NW-04"), "Theirs"), seen=1)
    with pytest.raises(Conflict, match="meanwhile"):
        save(told, renamed(entry_of("NW-04"), "Mine"), seen=1)
    with pytest.raises(Conflict, match="code_taken"):
        save(told, renamed(entry_of("NW-04"), "Mine"), seen=None)
    with pytest.raises(NotFound):
        save(told, entry_of("NW-99"), seen=3)


def test_a_version_is_not_used_before_its_day(told: Workspace) -> None:
    save(told, entry_of("NW-05"), seen=None)
    refresh(told, by=SYSTEM, codes=["NW-05"])
    before = march(told, "NW-05")
    other = replace(entry_of("NW-05", like="SD-07").definition, valid_from=AHEAD)
    save(told, replace(entry_of("NW-05"), definition=other), seen=1)
    refresh(told, by=SYSTEM, codes=["NW-05"])
    found = defined(told, "NW-05")
    assert (found.version, found.in_force, found.waits) == (2, 1, True)
    assert march(told, "NW-05") == before
    with told.read(OWNER, Permission.KPI_VIEW) as reader:
        assert read_kpi(reader, "NW-05").definition.version == 1


def test_a_new_kpi_that_waits_is_listed_among_definitions_alone(told: Workspace) -> None:
    save(told, renamed(entry_of("NW-06"), "Later", AHEAD), seen=None)
    assert defined(told, "NW-06").in_force is None
    with told.read(OWNER, Permission.KPI_VIEW) as reader:
        assert "NW-06" not in read_kpis(reader)


def test_the_newest_version_recomputes_history_and_shows_once_it_has(told: Workspace) -> None:
    """SD-01 counts days; given the definition of SD-06 it is a share, of March too."""
    save(told, entry_of("NW-07", like="SD-01"), seen=None)
    refresh(told, by=SYSTEM, codes=["NW-07"])
    days = march(told, "NW-07")
    save(told, replace(entry_of("NW-07")), seen=1)
    with told.read(OWNER, Permission.KPI_VIEW) as reader:  # saved, and not measured yet
        assert read_kpi(reader, "NW-07").definition.version == 1
    assert march(told, "NW-07") == days == march(told, "SD-01")
    refresh(told, by=SYSTEM, codes=["NW-07"])
    assert march(told, "NW-07") == march(told, "SD-06") != days


def test_a_retired_kpi_leaves_the_lists_and_stays_readable(told: Workspace) -> None:
    save(told, entry_of("NW-08"), seen=None)
    refresh(told, by=SYSTEM, codes=["NW-08"])
    before = march(told, "NW-08")
    with pytest.raises(Invalid, match="no_reason"):
        retire_kpi(told, by=OWNER, code="NW-08", reason="")
    retire_kpi(told, by=OWNER, code="NW-08", reason="not asked for any more")
    with told.read(OWNER, Permission.KPI_VIEW) as reader:
        assert "NW-08" not in read_kpis(reader)
        assert read_kpi(reader, "NW-08").retired_at is not None
        assert [one.code for one in read_defined(reader) if one.retired_at] == ["NW-08"]
    assert march(told, "NW-08") == before
    with pytest.raises(NotFound):
        refresh(told, by=SYSTEM, codes=["NW-08"])
    with pytest.raises(Conflict, match="retired"):
        save(told, renamed(entry_of("NW-08"), "Other"), seen=1)
    with pytest.raises(Conflict, match="retired"):
        retire_kpi(told, by=OWNER, code="NW-08", reason="twice")
    (entry,) = entries(told, AuditTag.KPI_RETIRED, "NW-08")
    assert entry.new is not None
    assert entry.new["reason"] == "not asked for any more"
    reinstate_kpi(told, by=OWNER, code="NW-08", reason="asked for again")
    with told.read(OWNER, Permission.KPI_VIEW) as reader:
        assert "NW-08" in read_kpis(reader)
    with pytest.raises(Conflict, match="in_use"):
        reinstate_kpi(told, by=OWNER, code="NW-08", reason="twice")


def test_another_unit_is_refused_while_a_target_stands(told: Workspace) -> None:
    save(told, entry_of("NW-09"), seen=None)
    aim = Target(low=90.0, source="Board", assumption=False)
    set_target(told, by=SYSTEM, code="NW-09", target=aim, valid_from=LONG_AGO, reason="plan")
    with pytest.raises(Invalid, match="targets_unfit"):
        save(told, entry_of("NW-09", like="SD-01"), seen=1)
    assert defined(told, "NW-09").version == 1


def test_a_hostile_formula_is_refused_with_its_path_and_nothing_is_kept(told: Workspace) -> None:
    document = entry_of("NW-10").definition.formula.to_json()
    name = next(iter(document["queries"]))
    document["queries"][name]["numerator"] = "read_csv('/etc/passwd') IS NULL"
    hostile = replace(entry_of("NW-10").definition, formula=Formula.from_json(document))
    with pytest.raises(Invalid) as refused:
        save(told, replace(entry_of("NW-10"), definition=hostile), seen=None)
    assert refused.value.values["path"] == f"queries.{name}.numerator"
    assert refused.value.values["fault"].key == "formulas.unknown_function"
    with pytest.raises(NotFound):
        defined(told, "NW-10")


@pytest.mark.parametrize(
    "by",
    [
        Actor("v@example.org", "V", "en", (Grant(Role.VIEWER, "CRA", None),)),
        Actor("m@example.org", "M", "en", (Grant(Role.MANAGER, "CRA", None),)),
        Actor("o@example.org", "O", "en", (Grant(Role.KPI_OWNER, "O01", frozenset({"O01"})),)),
    ],
    ids=["viewer", "manager", "owner of one unit"],
)
def test_definitions_hold_for_the_whole_agency_and_need_the_right(
    told: Workspace, by: Actor
) -> None:
    with pytest.raises(PermissionDenied):
        save(told, entry_of("NW-11"), seen=None, by=by)
    with pytest.raises(PermissionDenied):
        retire_kpi(told, by=by, code="SD-01", reason="no")
    with pytest.raises(PermissionDenied):
        import_kpis(
            told, by=by, entries=[entry_of("NW-11")], reason="no", valid_from=TODAY, seen={}
        )


def previewed(told: Workspace, text: str) -> dict[str, ImportVerdict]:
    with told.read(OWNER, Permission.KPI_DEFINE) as reader:
        return {one.code: one.verdict for one in preview_import(reader, text)}


def test_the_own_export_brings_nothing_new(told: Workspace) -> None:
    with told.read(OWNER, Permission.KPI_DEFINE) as reader:
        text = write_documents(one.entry for one in read_defined(reader) if not one.retired_at)
        found = preview_import(reader, text)
    assert {one.verdict for one in found} == {ImportVerdict.SAME}
    with pytest.raises(Invalid, match="nothing_new_at_all"):
        import_kpis(
            told,
            by=OWNER,
            entries=[one.entry for one in found],
            reason="again",
            valid_from=TODAY,
            seen={one.code: one.seen for one in found},
        )


def test_a_preview_says_what_each_would_become(told: Workspace) -> None:
    changed = renamed(BY_CODE["SD-01"], "Median time")
    faulty = table_of(entry_of("NW-12"))
    name = next(iter(faulty["queries"]))
    faulty["queries"][name]["numerator"] = "nothing = 1"
    text = write_documents([changed, BY_CODE["SD-02"], entry_of("NW-13"), entry_from(faulty)])
    with told.read(OWNER, Permission.KPI_DEFINE) as reader:
        found = {one.code: one for one in preview_import(reader, text)}
    assert {code: one.verdict.value for code, one in found.items()} == {
        "SD-01": "changed",
        "SD-02": "same",
        "NW-13": "new",
        "NW-12": "refused",
    }
    (difference,) = found["SD-01"].differences
    assert (difference.path, difference.new) == ("names.en", "Median time")
    assert difference.old == BY_CODE["SD-01"].definition.names.en
    (why,) = found["NW-12"].why
    assert text.split("\n")[why.line - 1].strip() == "numerator: nothing = 1"


def test_an_import_is_all_or_nothing(told: Workspace) -> None:
    good, late = entry_of("NW-14"), renamed(BY_CODE["SD-02"], "Late")
    with pytest.raises(Conflict, match="meanwhile"):  # the second was seen in another version
        import_kpis(
            told,
            by=OWNER,
            entries=[good, late],
            reason="both",
            valid_from=LONG_AGO,
            seen={"NW-14": None, "SD-02": 7},
        )
    with pytest.raises(NotFound):
        defined(told, "NW-14")
    saved = import_kpis(
        told,
        by=OWNER,
        entries=[good, late, BY_CODE["SD-03"]],
        reason="both",
        valid_from=TODAY,
        seen={"NW-14": None, "SD-02": 1, "SD-03": 1},
    )
    assert saved == ["NW-14", "SD-02"]
    assert defined(told, "SD-02").definition.valid_from == TODAY
    assert (defined(told, "SD-02").version, defined(told, "SD-03").version) == (2, 1)


def test_lists_are_compared_by_what_names_their_items() -> None:
    table = table_of(BY_CODE["SD-01"])
    query = table["queries"]["turnaround"]
    query["inclusions"] = query["inclusions"][1:]
    query["dimensions"] = [*query["dimensions"], {"name": "sex", "formula": "sex"}]
    found = {
        one.path: (one.old, one.new) for one in differences(BY_CODE["SD-01"], entry_from(table))
    }
    stem = "queries.turnaround"
    assert found == {
        f"{stem}.inclusions.test.reason": ("test", None),
        f"{stem}.inclusions.test.condition": ("NOT coalesce(is_test, FALSE)", None),
        f"{stem}.dimensions.sex.name": (None, "sex"),
        f"{stem}.dimensions.sex.formula": (None, "sex"),
    }


def test_the_form_offers_objectives_and_people_who_are_let_in(told: Workspace) -> None:
    with told.read(OWNER, Permission.KPI_DEFINE) as reader:
        offer = read_offer(reader)
    assert list(offer.objectives) == ["3.1"]
    assert offer.people == {OWNER.email: "Owner"}
