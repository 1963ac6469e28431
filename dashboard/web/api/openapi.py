"""The OpenAPI 3.1 description, made from the places themselves so that it cannot lag behind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from dashboard.web.api.answers import LARGEST_PAGE, PAGE
from dashboard.web.api.endpoints import ROOT, Endpoint
from dashboard.web.api.risk_schemas import RISK_HEADS, RISK_SCHEMAS
from dashboard.web.api.schemas import HEADS, SCHEMAS
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Frequency

VERSION = "3.1.0"
REFUSALS = (400, 401, 403, 404, 409, 422, 429)
PARAMETERS: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
    "language": {"type": "string", "enum": list(Language)},
    "frequency": {"type": "string", "enum": list(Frequency)},
}
_PLACEHOLDER = re.compile(r"{(\w+)}")
Node = dict[str, Any]


def description(endpoints: Iterable[Endpoint], texts: Texts) -> Node:
    """The whole interface: places, parameters, kinds of answers, how to show who asks."""
    return {
        "openapi": VERSION,
        "info": {
            "title": texts.text("api.title"),
            "description": texts.text("api.description"),
            "version": ROOT.rpartition("/")[2],
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {f"{ROOT}{one.path}": {"get": _operation(one, texts)} for one in endpoints},
        "components": {
            "schemas": SCHEMAS | RISK_SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, texts: Texts) -> Node:
    in_path = _PLACEHOLDER.findall(endpoint.path)
    problems = {
        str(status): {
            "description": texts.text(f"api.problem.{status}"),
            "content": {"application/problem+json": {"schema": _reference("Problem")}},
        }
        for status in REFUSALS
    }
    answer = {
        "description": texts.text(f"api.summary.{endpoint.name}"),
        "content": {"application/json": {"schema": _answer(endpoint)}},
    }
    unchanged = {"description": texts.text("api.unchanged")}
    return {
        "operationId": endpoint.name,
        "summary": texts.text(f"api.summary.{endpoint.name}"),
        "parameters": [
            *(_parameter(name, "path", texts) for name in in_path),
            *(_parameter(name, "query", texts) for name in endpoint.parameters),
        ],
        "responses": {"200": answer, "304": unchanged} | problems,
    }


def _parameter(name: str, place: str, texts: Texts) -> Node:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": texts.text(f"api.parameter.{name}"),
        "schema": PARAMETERS.get(name, {"type": "string"}),
    }


def _answer(endpoint: Endpoint) -> Node:
    """The kind of answer; a list is a page of items under what holds for all of them."""
    if not endpoint.is_list:
        return _reference(endpoint.schema)
    items = {"type": "array", "items": _reference(endpoint.schema)}
    own = {"type": "object", "properties": {"items": items}, "required": ["items"]}
    head = (HEADS | RISK_HEADS).get(endpoint.name)
    return {"allOf": [_reference("Page"), own, *([head] if head else [])]}


def _reference(schema: str) -> Node:
    return {"$ref": f"#/components/schemas/{schema}"}
