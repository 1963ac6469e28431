"""Risks as the pages know them, in full for whoever may see them, and as published for the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.applications import Starlette

from dashboard.web import front_door
from data.access.permissions import Permission
from data.tokens import create_token
from data.workspace import Workspace
from risks.register.reading import read_register
from tests.dashboard.browser import Browser, serving
from tests.dashboard.web.api.conftest import Program
from tests.risks.house import RiskHouse
from tests.risks.told import PUBLISHED_ON, told

ALL = ["R-0001", "R-0002", "R-0003", "R-0004", "R-0005"]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return told(tmp_path_factory)


@pytest.fixture(scope="module")
def asked(register: RiskHouse) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRA_HOME", str(register.workspace.settings.home))
        app = Starlette(routes=front_door.ROUTES, middleware=front_door.MIDDLEWARE)
        with serving(app) as browser:
            yield browser


def program(register: RiskHouse, browser: Browser, name: str) -> Program:
    workspace = Workspace.open(register.workspace.settings)  # by today's clock, as tokens are
    return Program(browser, create_token(workspace, by=register[name], name="t", days=30).key)


@pytest.fixture(scope="module")
def auditor(register: RiskHouse, asked: Browser) -> Program:
    return program(register, asked, "auditor")


@pytest.fixture(scope="module")
def viewer(register: RiskHouse, asked: Browser) -> Program:
    return program(register, asked, "viewer")


def codes(program: Program, **asked: object) -> list[str]:
    return [one["code"] for one in program.every("/risks", **asked)]


def test_everybody_is_told_what_the_pages_show_him(register: RiskHouse, asked: Browser) -> None:
    for name in ("auditor", "owner", "other", "head", "viewer"):
        with register.workspace.read(register[name], Permission.RISK_VIEW_PUBLISHED) as reader:
            known = {one.code: one.title for one in read_register(reader)}
        items = program(register, asked, name).every("/risks", limit=2)
        assert {one["code"]: one["title"] for one in items} == known
        assert [one["code"] for one in items] == sorted(known)
    assert list(known) == ["R-0001", "R-0002", "R-0004", "R-0005"]  # of the viewer


def test_one_risk_is_told_with_everything(auditor: Program) -> None:
    one = auditor.read("/risks/r-0001")
    assert (one["title"], one["status"], one["response"]) == (
        "Blank passports ran short",
        "in_treatment",
        "treat",
    )
    assert one["category"]["code"] == "OPERATIONS"
    assert one["unit"] == {"code": "O01", "name": "Prishtinë"}
    assert (one["current"]["likelihood"], one["current"]["impact"]) == (4, 3)
    assert (one["current"]["level"], one["current"]["level_name"]) == ("high", "High")
    assert [each["kind"] for each in one["assessments"]] == [
        "inherent", "current", "current", "target", "current",
    ]  # fmt: skip
    (treatment,) = one["treatments"]
    assert (treatment["slipped_days"], treatment["due_changes"][0]["reason"]) == (
        30,
        "The tender failed",
    )
    assert (one["comments"][0]["text"], one["comments"][0]["author"]) == (
        "Seen, thank you",
        "head@example.org",
    )
    assert (one["objectives"], one["published_as_of"]) == (["3.1"], None)
    assert one["above_appetite"] == "tolerable"  # high, where medium is borne
    accepted = auditor.read("/risks/R-0002")
    assert accepted["acceptances"][0]["decided_by"] == "head@example.org"
    assert accepted["accepted_until"] == accepted["acceptances"][0]["valid_until"]
    (escalation,) = auditor.read("/risks/R-0004")["escalations"]
    assert (escalation["to_role"], escalation["reason"]) == ("manager", "One left")


def test_who_sees_only_what_is_published_learns_nobody_and_no_inner_word(
    register: RiskHouse, viewer: Program, asked: Browser
) -> None:
    for reader in (viewer, program(register, asked, "guest")):
        documents = [reader.read(f"/risks/{code}") for code in codes(reader)]
        documents += [reader.read("/risks")]
        said = json.dumps(documents)
        for hidden in ("@", "tender", "Seen", "Dear to mend", "One left", "12000", "ran short",
                       "Only a thought", "Counted", "Minutes"):  # fmt: skip
            assert hidden not in said
        assert documents[0]["published_as_of"].startswith(PUBLISHED_ON.isoformat())
        assert documents[0]["title"] == "Blank passports run out"
        assert (documents[0]["current"]["level"], documents[0]["owner"]) == ("high", None)
        assert reader.ask("/risks/R-0003").status == 404


def test_risks_of_other_units_are_not_found(register: RiskHouse, asked: Browser) -> None:
    other = program(register, asked, "other")
    assert other.ask("/risks/R-0004").status == 200
    for code in ("R-0001", "R-9999", "nonsense", "R-1' OR 1=1"):
        assert other.ask(f"/risks/{code}").status == 404


@pytest.mark.parametrize(
    ("asked_for", "wanted"),
    [
        ({}, ALL),
        ({"unit": "O02"}, ["R-0004"]),
        ({"category": "OPERATIONS"}, ["R-0001", "R-0005"]),
        ({"status": "draft"}, ["R-0003"]),
        ({"owner": "other@example.org"}, ["R-0004"]),
        ({"owner": "nobody@example.org"}, []),
        ({"level": "critical"}, ["R-0004"]),
        ({"objective": "3.1"}, ["R-0001", "R-0002"]),
        ({"above": "optimal"}, ["R-0001"]),
        ({"above": "tolerable"}, ["R-0001"]),
        ({"escalated": "true"}, ["R-0004"]),
        ({"escalated": "false", "unit": "O02"}, []),
        ({"text": "STOCK months"}, ["R-0001"]),
        ({"as_of": "2025-02-01", "text": "ran short"}, []),
        ({"as_of": "2025-01-06"}, []),
    ],
)
def test_they_are_chosen(auditor: Program, asked_for: dict[str, str], wanted: list[str]) -> None:
    assert codes(auditor, **asked_for) == wanted


def test_the_past_is_told_as_it_was(auditor: Program) -> None:
    then = auditor.read("/risks/R-0001", as_of="2025-02-01")
    assert then["title"] == "Blank passports run out"
    assert then["today"] == "2025-02-01"
    assert auditor.read("/risks/R-0001")["title"] == "Blank passports ran short"


def test_names_come_in_the_language_asked_for(auditor: Program) -> None:
    names = [
        auditor.read("/risks/R-0001", language=language)["current"]["level_name"]
        for language in ("sq", "sr", "en")
    ]
    assert names == ["I lartë", "Visok", "High"]


@pytest.mark.parametrize(
    ("asked_for", "status"),
    [
        ({"status": "gone"}, 400),
        ({"level": "enormous"}, 400),
        ({"escalated": "yes"}, 400),
        ({"above": "all"}, 400),
        ({"owner": "no address"}, 400),
        ({"unit": "a b"}, 400),
        ({"colour": "red"}, 400),
        ({"unit": "O99"}, 404),
        ({"category": "NONE"}, 404),
        ({"objective": "9.9"}, 404),
    ],
)
def test_nonsense_is_refused(auditor: Program, asked_for: dict[str, str], status: int) -> None:
    assert auditor.ask("/risks", **asked_for).status == status


def test_answers_are_as_described(auditor: Program, viewer: Program) -> None:
    schemas: dict[str, Any] = auditor.read("/openapi.json")["components"]["schemas"]
    for reader in (auditor, viewer):
        for item in reader.every("/risks"):
            whole = reader.read(f"/risks/{item['code']}")
            for name, document in (("Risk", item), ("RiskInFull", whole)):
                schema = {**schemas[name], "components": {"schemas": schemas}}
                checks = Draft202012Validator(schema, format_checker=FormatChecker())
                assert [error.message for error in checks.iter_errors(document)] == []
                assert set(document) == set(schema["properties"])
