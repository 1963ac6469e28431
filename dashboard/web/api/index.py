"""The way in: what there is, by name, and how to talk to it."""

from __future__ import annotations

from dashboard.web.api.answers import Document
from dashboard.web.api.endpoints import ENDPOINTS, ROOT, Endpoint
from dashboard.web.api.openapi import description
from dashboard.web.api.question import Question
from data.access.permissions import Permission


def links(question: Question) -> Document:
    """The places of the data interface, by name, as address templates."""
    with question.workspace.read(question.actor, Permission.KPI_VIEW):
        return {
            "title": question.texts.text("api.title"),
            "links": {one.name: f"{ROOT}{one.path}" for one in EVERY},
        }


def described(question: Question) -> Document:
    """The OpenAPI description of the whole."""
    with question.workspace.read(question.actor, Permission.KPI_VIEW):
        return description(EVERY, question.texts)


EVERY: tuple[Endpoint, ...] = (
    Endpoint("index", "", links, "Index"),
    Endpoint("openapi", "/openapi.json", described, "Description"),
    *ENDPOINTS,
)
