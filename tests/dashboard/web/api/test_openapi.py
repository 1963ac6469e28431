"""The description is sound, tells exactly the places there are, and the answers keep to it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.routing import Route

from dashboard.web.front_door import ROUTES
from tests.dashboard.web.api.conftest import ROOT, Program

ASKED: dict[str, list[tuple[str, dict[str, str]]]] = {
    "index": [("", {})],
    "openapi": [("/openapi.json", {})],
    "kpis": [("/kpis", {})],
    "kpi": [("/kpis/SD-01", {}), ("/kpis/SD-05", {"language": "sq"})],
    "values": [
        ("/kpis/SD-03/values", {"by": "office,service", "from_": "2024-11"}),
        ("/kpis/SD-05/values", {}),
        ("/kpis/SD-01/values", {"as_of": "0"}),
    ],
    "targets": [("/kpis/SD-06/targets", {})],
    "lineage": [
        ("/kpis/SD-03/lineage", {"office": "O01"}),
        ("/kpis/SD-05/lineage", {}),
        ("/kpis/SD-02/lineage", {"period": "2030-01"}),
    ],
    "restatements": [("/kpis/SD-03/restatements", {"office": "O01", "from_": "2024-01"})],
    "scorecard": [
        ("/scorecard", {"period": "2025-03"}),
        ("/scorecard", {"period": "2025-03", "office": "O01", "service": "PASSPORT"}),
        ("/scorecard", {"period": "2001-Q1"}),
    ],
    "commentary": [("/kpis/SD-06/commentary", {})],
    "actions": [("/actions", {})],
    "risks": [("/risks", {})],
    "risk_indicators": [("/risk-indicators", {})],
    # There are none in this house; see test_risks.py and test_risk_indicators.py.
    "risk": [],
    "risk_indicator": [],
    "extracts": [("/extracts", {})],
    "batches": [("/extracts/batches", {}), ("/extracts/batches", {"extract": "production"})],
}
BUILT_IN = {"string", "integer", "number", "boolean", "object", "array", "null"}


@pytest.fixture(scope="module")
def description(manager: Program) -> dict[str, Any]:
    told: dict[str, Any] = manager.read("/openapi.json")
    return told


def operations(description: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {
        path["get"]["operationId"]: (name, path["get"])
        for name, path in description["paths"].items()
    }


def schema_of(description: dict[str, Any], operation: str) -> dict[str, Any]:
    """The schema of the answer, with everything it refers to."""
    _, told = operations(description)[operation]
    schema = told["responses"]["200"]["content"]["application/json"]["schema"]
    return {**schema, "components": description["components"]}


def test_it_lists_exactly_the_places_there_are(description: dict[str, Any]) -> None:
    served = {
        route.path for route in ROUTES if isinstance(route, Route) and route.path.startswith("/api")
    }
    assert served - set(description["paths"]) == {"/api", "/api/{rest:path}"}  # nothing is there
    assert set(description["paths"]) <= served
    assert all(set(path) == {"get"} for path in description["paths"].values())
    assert set(ASKED) == set(operations(description))


def test_its_form_is_the_form_of_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(description["info"])
    assert description["security"] == [{"token": []}]
    scheme = description["components"]["securitySchemes"]["token"]
    assert scheme == {"type": "http", "scheme": "bearer"}
    for name, (path, told) in operations(description).items():
        assert path.startswith(ROOT)
        assert told["summary"]
        named = [(one["name"], one["in"]) for one in told["parameters"]]
        assert len(set(named)) == len(named), name
        in_path = {parameter for parameter, place in named if place == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path))
        for parameter in told["parameters"]:
            assert parameter["description"]
            assert parameter["required"] is (parameter["in"] == "path")
            Draft202012Validator.check_schema(parameter["schema"])
        assert {"200", "304", "400", "401", "403", "404", "409", "422", "429"} <= set(
            told["responses"]
        )
        assert all(answer["description"] for answer in told["responses"].values())


def test_its_schemas_are_schemas_and_every_reference_leads_somewhere(
    description: dict[str, Any],
) -> None:
    schemas = description["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    referred = {reference.rpartition("/")[2] for reference in _all(description, "$ref")}
    assert referred == set(schemas)
    kinds = [kind if isinstance(kind, list) else [kind] for kind in _all(schemas, "type")]
    named = {one for kind in kinds for one in kind if isinstance(one, str)}
    assert named <= BUILT_IN


@pytest.mark.parametrize("operation", ASKED)
def test_answers_keep_to_it(manager: Program, description: dict[str, Any], operation: str) -> None:
    schema = schema_of(description, operation)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for path, query in ASKED[operation]:
        told = manager.read(path, **query)
        faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(told)]
        assert faults == []


@pytest.mark.parametrize("operation", [name for name in ASKED if name != "openapi"])
def test_answers_hold_nothing_it_does_not_tell(
    manager: Program, description: dict[str, Any], operation: str
) -> None:
    schema = schema_of(description, operation)
    known = _properties(schema, description)
    for path, query in ASKED[operation]:
        told = manager.read(path, **query)
        assert set(told) <= set(known)
        if "items" in told:
            item = known["items"]["items"]
            assert {name for one in told["items"] for name in one} == set(
                _properties(item, description)
            ) or not told["items"]


def test_problems_keep_to_it(manager: Program, description: dict[str, Any]) -> None:
    schema = description["components"]["schemas"]["Problem"]
    for path in ("/none", "/kpis/XX-1", "/kpis?limit=x"):
        Draft202012Validator(schema).validate(manager.ask(path).json())


def test_parameters_it_tells_are_the_parameters_understood(
    manager: Program, description: dict[str, Any]
) -> None:
    for path, told in operations(description).values():
        address = path.removeprefix(ROOT).replace("{code}", "SD-01")
        refused = manager.ask(address, unheard_of="1").json()
        known = {one["name"] for one in told["parameters"] if one["in"] == "query"}
        assert set(refused["detail"].partition("Known are: ")[2].rstrip(".").split(", ")) == known


def _properties(schema: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _properties(description["components"]["schemas"][name], description)
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        found |= _properties(part, description)
    return found


def _all(node: Any, name: str) -> list[Any]:
    """Every value of this name anywhere in the document."""
    if isinstance(node, list):
        return [value for one in node for value in _all(one, name)]
    if not isinstance(node, dict):
        return []
    below = [value for one in node.values() for value in _all(one, name)]
    return [node[name], *below] if isinstance(node.get(name), str | list) else below
