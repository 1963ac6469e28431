"""The frame around every page: who sees what, in which language, and how a refusal is said."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import navigation, shell
from dashboard.context import Link, language_spoken, newest_period, periods_offered
from data.access.actor import SYSTEM
from data.access.roles import PERMISSIONS, Role
from data.audit.tags import AuditTag
from data.auditing import Wanted, count
from data.errors import Invalid, PermissionDenied
from data.language.languages import Language
from data.language.texts import Texts
from data.people import disable_person, list_people, set_language
from data.period import Frequency, Period
from data.settings import Settings
from data.signing_in import actor_of, sign_in
from data.workspace import Workspace
from tests.house import ADMIN, PASSWORD, actor, inhabit, join, version_of

SCRIPT = "from dashboard.shell import run; run()"


class Visitor:
    """A browser tab on the real shell, with the cookie of somebody."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workspace = workspace
        self.token: str | None = None
        monkeypatch.setenv("CRA_HOME", str(workspace.settings.home))
        monkeypatch.setattr(shell, "session_token", lambda *_: self.token)

    def sign_in(self, email: str) -> None:
        self.token = sign_in(self.workspace, email=email, password=PASSWORD).token

    def open(self, path: str = "", **query: str) -> AppTest:
        page = AppTest.from_string(SCRIPT, default_timeout=30)
        page.query_params.update(query)
        page._page_hash = calc_hash(path) if path else ""
        return page.run()


@pytest.fixture
def visitor(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    inhabit(workspace, demo=True)
    return Visitor(workspace, monkeypatch)


def said(page: AppTest) -> str:
    """Everything the page says, as one text."""
    assert not page.exception
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "error", "success")
    words = [element.value for kind in kinds for element in getattr(page, kind)]
    words += [element.proto.body for element in page.html]
    return "\n".join(words)


def test_somebody_not_signed_in_sees_the_way_to_the_sign_in_page_and_nothing_else(
    visitor: Visitor,
) -> None:
    for path in ("", "people", "audit", "account", "no-such-page"):
        for visitor.token in (None, "made-up"):
            page = visitor.open(path, kpi="SD-01")
            assert 'href="/sign-in?next=' in page.html[0].proto.body
            assert not [*page.button, *page.selectbox, *page.dataframe, *page.text_input]
            assert "Administratore" not in said(page)
            assert "Civil Registration Agency" not in said(page)


def test_the_top_line_says_where_who_and_that_it_is_a_demo(visitor: Visitor) -> None:
    visitor.sign_in(ADMIN)
    page = visitor.open("people")
    assert page.title[0].value == "People"
    assert "Civil Registration Agency" in said(page)
    assert "Demo data" in said(page)
    assert "Arta Administratore" in said(page)
    assert 'action="/sign-out"' in said(page)


def test_a_page_the_actor_may_not_see_refuses_when_called_by_link(visitor: Visitor) -> None:
    join(visitor.workspace, "vera@example.org", Role.VIEWER, "O01")
    visitor.sign_in("vera@example.org")
    page = visitor.open("audit")
    assert "Your roles do not allow this" in page.warning[0].value
    assert not page.dataframe
    wanted = Wanted(actor="vera@example.org", tag=AuditTag.REFUSED)
    assert count(visitor.workspace, by=actor(visitor.workspace, ADMIN), wanted=wanted) == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INTERNAL_AUDITOR])
def test_a_role_is_shown_the_pages_it_may_see_and_refused_the_others(
    visitor: Visitor, role: Role
) -> None:
    email = f"{role}@example.org"
    join(visitor.workspace, email, role)
    visitor.sign_in(email)
    for entry in navigation.PAGES:
        page = visitor.open(entry.path)
        refused = any("do not allow this" in one.value for one in page.warning)
        assert refused is (entry.permission not in PERMISSIONS[role]), entry.path


@pytest.mark.parametrize("role", list(Role))
def test_the_door_of_each_page_opens_to_the_roles_that_may(visitor: Visitor, role: Role) -> None:
    somebody = join(visitor.workspace, f"{role}@example.org", role)
    for entry in navigation.PAGES:
        may = entry.permission in PERMISSIONS[role]
        with nullcontext() if may else pytest.raises(PermissionDenied):
            navigation.admit(visitor.workspace, somebody, entry)


def test_somebody_shut_out_is_thrown_out_at_the_next_click(visitor: Visitor) -> None:
    join(visitor.workspace, "besa@example.org", Role.MANAGER)
    visitor.sign_in("besa@example.org")
    page = visitor.open("account")
    assert "Besa" in said(page)
    person, version = version_of(visitor.workspace, "besa@example.org")
    admin = actor(visitor.workspace, ADMIN)
    disable_person(visitor.workspace, by=admin, person_id=person, version=version)
    page.run()
    assert "Besa" not in said(page)
    assert "/sign-in" in page.html[0].proto.body


@pytest.mark.parametrize(
    ("language", "title"), [("sq", "Personat"), ("sr", "Osobe"), ("en", "People")]
)
def test_the_page_speaks_the_persons_language_or_that_of_the_link(
    visitor: Visitor, language: str, title: str
) -> None:
    visitor.sign_in(ADMIN)
    assert visitor.open("people", language=language).title[0].value == title
    admin = actor(visitor.workspace, ADMIN)
    set_language(visitor.workspace, by=admin, language=language)
    assert visitor.open("people").title[0].value == title


def test_the_language_chosen_in_the_top_line_stays_with_the_person(visitor: Visitor) -> None:
    visitor.sign_in(ADMIN)
    page = visitor.open("people", language="en")
    page.selectbox(key="top.language").set_value(Language.SQ).run()
    assert page.title[0].value == "Personat"
    assert actor(visitor.workspace, ADMIN).language == "sq"
    assert "language" not in page.query_params


def test_a_link_that_cannot_be_read_is_said_and_not_followed(visitor: Visitor) -> None:
    visitor.sign_in(ADMIN)
    page = visitor.open("people", period="2025-13")
    assert "is not a period" in page.warning[0].value
    assert not page.dataframe


def test_a_person_is_added_on_the_page(visitor: Visitor) -> None:
    visitor.sign_in(ADMIN)
    page = visitor.open("people")
    page.text_input(key="people.add.name").set_value("Besa <b>Berisha</b>")
    page.text_input(key="people.add.email").set_value("besa@example.org")
    page.text_input(key="people.add.password").set_value(PASSWORD)
    page.selectbox(key="people.add.role").set_value(Role.MANAGER)
    page.selectbox(key="people.add.unit").set_value("O02")
    button(page, "Add a person").click().run()
    assert "was added and may sign in" in page.success[0].value
    added = actor(visitor.workspace, "besa@example.org")
    assert [(grant.role, grant.unit_code) for grant in added.grants] == [(Role.MANAGER, "O02")]
    assert "besa@example.org" in page.dataframe[0].value["E-mail address"].tolist()


def test_a_refused_form_says_why_and_keeps_what_was_typed(visitor: Visitor) -> None:
    visitor.sign_in(ADMIN)
    page = visitor.open("people")
    page.text_input(key="people.add.name").set_value("Besa")
    page.text_input(key="people.add.email").set_value("besa@example.org")
    page.text_input(key="people.add.password").set_value("short")
    button(page, "Add a person").click().run()
    assert "between 12 and 256 characters" in page.warning[0].value
    assert page.text_input(key="people.add.email").value == "besa@example.org"
    assert len(list_people(visitor.workspace, by=actor(visitor.workspace, ADMIN))) == 1


def test_an_auditor_sees_people_and_can_change_none(visitor: Visitor) -> None:
    join(visitor.workspace, "zoran@example.org", Role.INTERNAL_AUDITOR)
    visitor.sign_in("zoran@example.org")
    page = visitor.open("people")
    assert page.dataframe
    assert not page.text_input
    assert not page.tabs


def test_the_trail_is_shown_in_sentences_filtered_and_verified(visitor: Visitor) -> None:
    join(visitor.workspace, "besa@example.org", Role.MANAGER)
    visitor.sign_in(ADMIN)
    page = visitor.open("audit")
    page.selectbox(key="audit.what").set_value("access.role_granted").run()
    sentences = page.dataframe[0].value["What"].tolist()
    assert sentences == [
        "admin@example.org gave besa@example.org the role Manager in CRA.",
        "The system gave admin@example.org the role Administrator in CRA.",
    ]
    button(page, "Verify the trail").click().run()
    assert "The trail is whole" in page.success[0].value


def test_the_password_is_changed_on_the_account_page(visitor: Visitor) -> None:
    visitor.sign_in(ADMIN)
    page = visitor.open("account")
    for name, typed in (("current", PASSWORD), ("new", "another long one"), ("again", "typo")):
        page.text_input(key=f"account.password.{name}").set_value(typed)
    button(page, "Change password").click().run()
    assert "two different ways" in page.warning[0].value
    page.text_input(key="account.password.again").set_value("another long one")
    button(page, "Change password").click().run()
    assert "/sign-in" in page.html[0].proto.body
    assert actor_of(visitor.workspace, visitor.token) is None
    assert sign_in(visitor.workspace, email=ADMIN, password="another long one").token


def test_everybody_has_a_page_to_land_on() -> None:
    for role in Role:
        assert any(entry.permission in PERMISSIONS[role] for entry in navigation.PAGES)
    assert len({entry.path for entry in navigation.PAGES}) == len(navigation.PAGES)


@pytest.mark.parametrize("language", list(Language))
def test_every_tag_has_a_name_and_a_sentence(language: Language) -> None:
    texts = Texts(language)
    given = dict.fromkeys(
        ("actor", "id", "person", "role", "unit", "language", "kind", "outcome"), "…"
    )
    for tag in AuditTag:
        assert texts.text(f"audit_tag.{tag}")
        assert texts.text(f"audit_sentence.{tag}", **given)
    for role in Role:
        assert texts.word(role)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"kpi": "SD-01"},
        {"period": "2025-W03", "office": "O19"},
        {"period": "2025-Q1", "service": "PASSPORT", "language": "sq"},
        {"period": "2025-03", "office": "O01", "service": "ID_CARD", "kpi": "SD-08"},
    ],
)
def test_a_link_says_again_what_was_read_from_it(parameters: dict[str, str]) -> None:
    assert Link.read(parameters | {"other": "ignored"}).parameters() == parameters


@pytest.mark.parametrize(
    "parameters",
    [
        {"period": "yesterday"},
        {"language": "de"},
        {"kpi": "<script>"},
        {"office": "x" * 41},
        {"service": "a b"},
    ],
)
def test_nonsense_in_a_link_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        Link.read(parameters)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("sq-XK,sq;q=0.9,en;q=0.5", "sq"),
        ("hr,en", "sr"),
        ("sr-Cyrl-RS", "sr"),
        ("de-DE,de;q=0.9", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_browser_is_answered_in_a_language_it_reads(accepted: str | None, language: str) -> None:
    assert language_spoken(accepted, "en") == language


def test_the_periods_offered_end_with_the_newest_that_is_over(workspace: Workspace) -> None:
    for frequency in Frequency:
        newest = newest_period(workspace, SYSTEM, frequency)
        assert newest.shift(1) == Period.covering(_today(workspace.settings), frequency)
        offered = periods_offered(newest, newest.shift(-400))
        assert offered[0] == newest.shift(-400)
        assert offered[1] == newest
        assert offered[1:] == sorted(offered[1:], reverse=True)


def _today(settings: Settings) -> Any:
    from datetime import datetime

    return datetime.now(settings.zone).date()


def button(page: AppTest, label: str) -> Any:
    return next(one for one in page.button if one.label == label)
