"""Who is let in: the holder of a token, with his roles of this moment, and nobody else."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

import pytest

from dashboard.web.api.failures import GUESSES_BEFORE_LOCK, Failures
from data.access.actor import SYSTEM
from data.audit.tags import AuditTag
from data.auditing import Wanted, count, entries
from data.people import disable_person, end_role, list_people
from data.signing_in import sign_in
from data.tokens import admission, list_tokens, revoke_token
from data.workspace import Workspace
from tests.dashboard.browser import Browser
from tests.dashboard.pages.measured import MANAGER
from tests.dashboard.web.api.conftest import NEWCOMER, Program
from tests.house import ADMIN, PASSWORD, actor, version_of

PLACES = ["", "/kpis", "/kpis/SD-01/values", "/scorecard", "/extracts", "/openapi.json", "/none"]


@pytest.mark.parametrize("path", PLACES)
def test_without_a_token_nothing_is_answered(browser: Browser, path: str) -> None:
    answer = browser.get(f"/api/v1{path}")
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["key"] == "api.refused.no_token"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "cra_" + "x" * 43,
        "Bearer cra_" + "x" * 43,
        "Bearer " + "x" * 5000,
        "Bearer ' OR '1'='1",
        "Bearer null",
    ],
)
def test_anything_but_a_token_is_turned_away(browser: Browser, header: str) -> None:
    assert browser.get("/api/v1/kpis", {"Authorization": header}).status == 401


def test_the_scheme_may_be_written_as_one_likes(browser: Browser, manager: Program) -> None:
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme}  {manager.key}"}
        assert browser.get("/api/v1/kpis", headers).status == 200


def test_the_cookie_of_the_pages_opens_nothing_here(house: Workspace, browser: Browser) -> None:
    token = sign_in(house, email=MANAGER, password=PASSWORD).token
    browser.cookies["cra_session"] = token
    try:
        assert browser.get("/account").status == 200
        assert browser.get("/api/v1/kpis").status == 401
        headers = {"Authorization": f"Bearer {token}"}
        assert browser.get("/api/v1/kpis", headers).status == 401
    finally:
        browser.cookies.clear()


def test_a_token_opens_no_page(browser: Browser, manager: Program) -> None:
    headers = {"Authorization": f"Bearer {manager.key}"}
    for path in ("/", "/account", "/scorecard", "/media/x.csv"):
        assert browser.get(path, headers).status in {303, 401}
    browser.cookies["cra_session"] = manager.key
    try:
        assert browser.get("/account").status == 303
    finally:
        browser.cookies.clear()


def test_a_token_in_the_address_is_not_looked_at(browser: Browser, manager: Program) -> None:
    for name in ("access_token", "token", "key"):
        assert browser.get("/api/v1/kpis", query={name: manager.key}).status == 401


def test_somebody_who_may_not_see_extracts_does_not_here_either(
    house: Workspace, viewer: Program, steward: Program
) -> None:
    before = count(house, by=SYSTEM, wanted=Wanted(tag=AuditTag.REFUSED))
    for path in ("/extracts", "/extracts/batches"):
        answer = viewer.ask(path)
        assert (answer.status, answer.json()["key"]) == (403, "door.denied")
        assert steward.ask(path).status == 200
    assert count(house, by=SYSTEM, wanted=Wanted(tag=AuditTag.REFUSED)) == before + 2
    assert viewer.ask("/kpis").status == 200


def test_a_role_that_ends_counts_at_the_next_request(own: Workspace, newcomer: Program) -> None:
    assert newcomer.ask("/extracts").status == 200
    person = next(one for one in list_people(own, by=SYSTEM) if one.email == NEWCOMER)
    end_role(own, by=actor(own, ADMIN), grant_id=person.roles[0].grant_id)
    assert newcomer.ask("/extracts").status == 403
    assert newcomer.ask("/kpis").status == 403
    assert newcomer.ask("/openapi.json").status == 403


def test_a_person_shut_out_is_out_at_once(own: Workspace, newcomer: Program) -> None:
    assert newcomer.ask("/kpis").status == 200
    person, version = version_of(own, NEWCOMER)
    disable_person(own, by=actor(own, ADMIN), person_id=person, version=version)
    answer = newcomer.ask("/kpis")
    assert (answer.status, answer.json()["key"]) == (401, "api.refused.token")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_revoked_token_is_refused(own: Workspace, newcomer: Program) -> None:
    by = actor(own, NEWCOMER)
    revoke_token(own, by=by, token_id=list_tokens(own, by=by)[0].id)
    assert newcomer.ask("/kpis").status == 401


def test_an_expired_token_is_refused(newcomer: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            assert tz is UTC
            return cls.fromtimestamp((datetime.now(tz) + timedelta(days=31)).timestamp(), tz)

    assert newcomer.ask("/kpis").status == 200
    monkeypatch.setattr(admission, "datetime", Clock)
    assert newcomer.ask("/kpis").status == 401


def test_who_guesses_has_to_wait_whatever_he_brings_next(
    house: Workspace, browser: Browser, manager: Program
) -> None:
    before = count(house, by=SYSTEM, wanted=Wanted(tag=AuditTag.TOKEN_REFUSED))
    for number in range(GUESSES_BEFORE_LOCK):
        guess = {"Authorization": f"Bearer guess-{number}"}
        assert browser.get("/api/v1/kpis", guess).status == 401
    answer = manager.ask("/kpis")
    assert (answer.status, answer.json()["key"]) == (429, "api.refused.too_many_tokens")
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
    refused = count(house, by=SYSTEM, wanted=Wanted(tag=AuditTag.TOKEN_REFUSED)) - before
    assert refused == GUESSES_BEFORE_LOCK


def test_a_script_left_with_a_dead_token_locks_nobody_out(
    house: Workspace, browser: Browser, manager: Program
) -> None:
    before = count(house, by=SYSTEM, wanted=Wanted(tag=AuditTag.TOKEN_REFUSED))
    dead = {"Authorization": "Bearer cra_" + "d" * 43}
    for _ in range(3 * GUESSES_BEFORE_LOCK):
        assert browser.get("/api/v1/kpis", dead).status == 401
    assert manager.ask("/kpis").status == 200
    assert count(house, by=SYSTEM, wanted=Wanted(tag=AuditTag.TOKEN_REFUSED)) == before + 1


def test_waiting_ends_and_addresses_are_counted_apart() -> None:
    failures, start = Failures(most=3, window=timedelta(minutes=15)), datetime.now(UTC)
    for number in range(3):
        assert failures.wait("192.0.2.1", start) is None
        assert failures.add("192.0.2.1", str(number), start)
    assert not failures.add("192.0.2.1", "0", start)
    assert failures.wait("192.0.2.1", start) == timedelta(minutes=15)
    assert failures.wait("192.0.2.2", start) is None
    assert failures.wait("192.0.2.1", start + timedelta(minutes=15)) is None


def test_a_subscriber_of_ipv6_is_one_address() -> None:
    failures, now = Failures(most=2), datetime.now(UTC)
    failures.add("2001:db8:1:2::1", "a", now)
    failures.add("2001:db8:1:2:ffff::9", "b", now)
    assert failures.wait("2001:db8:1:2::5", now) is not None
    assert failures.wait("2001:db8:1:3::5", now) is None


def test_the_token_is_in_no_log_and_no_audit_entry(
    house: Workspace, manager: Program, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        manager.ask("/kpis")
        manager.ask("/kpis/none/values", by="x'")
        manager.browser.get("/api/v1/kpis", {"Authorization": f"Bearer {manager.key}x"})
    assert manager.key not in caplog.text
    told = [one.model_dump(mode="json") for one in entries(house, by=SYSTEM, wanted=Wanted())]
    assert manager.key not in json.dumps(told)


def test_a_bug_gives_a_number_and_no_trace(
    manager: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from dashboard.web.api import routes

    def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(routes, "_made", broken)
    answer = manager.ask("/kpis")
    assert (answer.status, answer.json()["key"]) == (500, "shell.error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    reference = caplog.records[-1].getMessage().split()[-1]
    assert reference in answer.json()["detail"]
    assert manager.key not in caplog.text
