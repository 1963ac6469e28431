"""Pages of lists, tags, methods and headers: what a careful client relies on."""

from __future__ import annotations

import json

import pytest

from dashboard.web.api.answers import LARGEST_PAGE
from data.access.actor import SYSTEM
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.targets.actions import set_target
from tests.dashboard.pages.measured import CUT
from tests.dashboard.web.api.conftest import Program

WIDE = {"from_": "2024-01", "to": "2025-04", "by": "office,service"}
PLACES = ["", "/kpis", "/kpis/SD-01", "/kpis/SD-01/values", "/kpis/SD-01/targets", "/scorecard"]


@pytest.mark.parametrize("limit", [1, 7, 100, 1000])
def test_walking_the_pages_meets_every_item_exactly_once(manager: Program, limit: int) -> None:
    asked = WIDE if limit > 1 else {"from_": "2025-03", "to": "2025-03", "by": "office"}
    whole = manager.read("/kpis/SD-06/values", limit=LARGEST_PAGE, **asked)
    assert whole["next"] is None
    walked = manager.every("/kpis/SD-06/values", limit=limit, **asked)
    assert walked == whole["items"]
    assert len(walked) == whole["total"]
    seen = {json.dumps([one["period"], one["measure"], one["cell"]]) for one in walked}
    assert len(seen) == len(walked)


def test_a_page_behind_the_end_is_empty(manager: Program) -> None:
    page = manager.read("/kpis", offset=10_000)
    assert (page["items"], page["next"]) == ([], None)
    assert page["total"] >= 8


def test_links_keep_what_was_asked(manager: Program) -> None:
    page = manager.read("/kpis/SD-06/values", limit=2, language="sq", **WIDE)
    assert page["next"].startswith("/api/v1/kpis/SD-06/values?")
    following = manager.follow(page["next"])
    assert following.headers["content-language"] == "sq"
    assert (following.json()["offset"], following.json()["by"]) == (2, ["office", "service"])


def test_a_list_that_changes_while_it_is_read_is_a_conflict(
    own: Workspace, newcomer: Program
) -> None:
    _aim(own, 90.0)
    page = newcomer.read("/kpis/SD-06/targets", limit=1)
    assert newcomer.follow(page["next"]).status == 200
    _aim(own, 91.0)
    answer = newcomer.follow(page["next"])
    assert (answer.status, answer.json()["key"]) == (409, "api.refused.changed_meanwhile")


def _aim(own: Workspace, low: float) -> None:
    set_target(
        own,
        by=SYSTEM,
        code="SD-06",
        target=Target(low=low, source="Agreed"),
        valid_from=CUT,
        reason="tried",
    )


@pytest.mark.parametrize("path", PLACES)
def test_who_has_it_already_is_told_so(manager: Program, path: str) -> None:
    first = manager.ask(path)
    tag = first.headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = manager.ask(path, {"If-None-Match": known})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "private, no-cache"
    assert manager.ask(path, {"If-None-Match": '"other"'}).status == 200


def test_the_tag_is_another_in_another_language(manager: Program) -> None:
    english, serbian = (manager.ask("/kpis", language=one) for one in ("en", "sr"))
    assert english.headers["etag"] != serbian.headers["etag"]


def test_the_tag_is_another_when_something_changes(own: Workspace, newcomer: Program) -> None:
    known = {"If-None-Match": newcomer.ask("/kpis/SD-06/targets").headers["etag"]}
    assert newcomer.ask("/kpis/SD-06/targets", known).status == 304
    _aim(own, 91.0)
    assert newcomer.ask("/kpis/SD-06/targets", known).status == 200


@pytest.mark.parametrize("path", [*PLACES, "/none"])
def test_no_cache_between_keeps_it_and_no_other_site_reads_it(manager: Program, path: str) -> None:
    answer = manager.ask(path, {"Origin": "https://elsewhere.example"})
    cached = answer.headers["cache-control"]
    assert cached in {"private, no-cache", "no-store"}
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "'none'" in answer.headers["content-security-policy"]
    assert not answer.cookie_lines


def test_head_is_get_without_the_body(manager: Program) -> None:
    headers = {"Authorization": f"Bearer {manager.key}"}
    got = manager.ask("/kpis/SD-01")
    head = manager.browser.ask("HEAD", "/api/v1/kpis/SD-01", headers=headers)
    assert (head.status, head.body) == (200, b"")
    for name in ("etag", "content-type", "content-length", "cache-control"):
        assert head.headers[name] == got.headers[name]


def test_options_names_the_methods_and_opens_nothing_to_other_sites(manager: Program) -> None:
    headers = {
        "Authorization": f"Bearer {manager.key}",
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "GET",
    }
    answer = manager.browser.ask("OPTIONS", "/api/v1/kpis", headers=headers)
    assert (answer.status, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
def test_nothing_can_be_written(manager: Program, method: str) -> None:
    headers = {"Authorization": f"Bearer {manager.key}"}
    answer = manager.browser.ask(method, "/api/v1/kpis", headers=headers, body=b"{}")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["key"] == "api.refused.method"


def test_every_list_can_be_asked_for_as_it_was(manager: Program) -> None:
    for place in ("/kpis", "/kpis/SD-06/targets", "/kpis/SD-06/commentary", "/actions"):
        assert manager.every(place, as_of=2) == manager.every(place)
    for place in ("/kpis", "/actions", "/extracts/batches"):
        assert manager.every(place, as_of="2020-01-01") == []
    assert manager.ask("/kpis/SD-06/targets", as_of="2020-01-01").status == 404
    loads = manager.every("/extracts/batches", as_of=1)
    assert [one["extract"] for one in loads] == ["applications"]
    assert manager.ask("/kpis", as_of="soon").status == 400
