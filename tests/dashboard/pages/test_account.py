"""The page of one's own: tokens for programs are made, shown once, and taken back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import shell
from dashboard.components.messages import plain
from data.access.roles import Role
from data.signing_in import sign_in
from data.tokens import create_token, holder_of, list_tokens
from data.workspace import Workspace
from tests.house import PASSWORD, actor, inhabit, join

BESA = "besa@example.org"
SCRIPT = "from dashboard.shell import run; run()"


@pytest.fixture
def house(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CRA_HOME", str(workspace.settings.home))
    inhabit(workspace)
    join(workspace, BESA, Role.VIEWER)
    token = sign_in(workspace, email=BESA, password=PASSWORD).token
    monkeypatch.setattr(shell, "session_token", lambda *_: token)
    return workspace


def account(language: str = "en") -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=30)
    page.query_params["language"] = language
    page._page_hash = calc_hash("account")
    return page.run()


def make(page: AppTest, name: str) -> AppTest:
    page.text_input(key="account.token.name").set_value(name)
    (button,) = [one for one in page.button if one.label == "Make a token"]
    return button.click().run()


def test_a_token_is_shown_when_it_is_made_and_never_again(house: Workspace) -> None:
    page = make(account(), "Power BI")
    (shown,) = page.code
    assert holder_of(house, shown.value) == actor(house, BESA)
    assert "shown this once" in page.success[0].value
    key = shown.value
    page = page.run()
    assert not page.code
    assert key not in str(page)
    assert any("Power BI" in one.value for one in page.markdown)
    assert any(f"ends in …{plain(key[-4:])}" in one.value for one in page.caption)


def test_a_token_taken_back_on_the_page_opens_nothing(house: Workspace) -> None:
    token = create_token(house, by=actor(house, BESA), name="Script", days=30)
    page = account()
    opener = f"account.token.revoke.{token.id}"
    page.button(key=opener).click().run()
    assert holder_of(house, token.key) is not None  # asked first
    page.button(key=opener).click()  # a dialog is drawn again only where its opener is pressed
    page.button(key="confirm.yes").click().run()
    assert holder_of(house, token.key) is None
    assert list_tokens(house, by=actor(house, BESA)) == ()


def test_a_token_without_a_name_is_refused_in_words(house: Workspace) -> None:
    page = make(account(), "  ")
    assert "Give the token a name" in page.warning[0].value
    assert list_tokens(house, by=actor(house, BESA)) == ()


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Tokens for programs"), ("sq", "Tokenë për programe"), ("sr", "Tokeni za programe")],
)
def test_the_section_speaks_the_persons_language(
    house: Workspace, language: str, title: str
) -> None:
    assert title in [one.value for one in account(language).subheader]
