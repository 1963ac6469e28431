"""Whatever is sent, the answer is a refusal in words: never an error of ours, never a row."""

from __future__ import annotations

import http.client
import string
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.web.api.index import EVERY
from dashboard.web.api.values import MOST_PERIODS
from tests.dashboard.web.api.conftest import ROOT, Program

NASTY = [
    "' OR '1'='1",
    "1; DROP TABLE person; --",
    "SD-01' UNION SELECT password_hash FROM person --",
    "../../etc/passwd",
    "..%2f..%2fcra.db",
    "%00",
    "\0",
    "9" * 30,
    "-1",
    "1e9",
    "0x10",
    "٣",
    "²",
    "NaN",
    "null",
    "{}",
    "[]",
    "=1+1",
    "<script>alert(1)</script>",
    "\r\nSet-Cookie: x=1",
    "😀",
    "x" * 5000,
    "0000",
    "9999",
    "9999-12",
    "9999-W53",
    "0001",
    "2025-13",
    "2025-W54",
    "2025-02-30",
    "0001-01-01",
    "9999-12-31",
    "office,office,office,office",
    ",,,",
    "not_stated",
    "CON",
    "",
    " ",
]
PARAMETERS = sorted({name for one in EVERY for name in one.parameters} | {"other", "limit[]"})
CODES = ["SD-01", "SD-05", "sd-06", *NASTY]
anything = st.one_of(st.sampled_from(NASTY), st.text(max_size=40), st.integers().map(str))
sensible = st.sampled_from(
    ["office", "service", "value", "2025-03", "2024-Q1", "week", "month", "O01", "1", "en", "0"]
)
asked = st.dictionaries(st.sampled_from(PARAMETERS), sensible | anything, max_size=4)


def get(program: Program, address: str) -> tuple[int, str, bytes]:
    """What comes back for exactly this address, quoted by nobody on the way."""
    connection = http.client.HTTPConnection(program.browser.host, timeout=60)
    connection.putrequest("GET", address, skip_accept_encoding=True)
    connection.putheader("Authorization", f"Bearer {program.key}")
    connection.endheaders()
    response = connection.getresponse()
    kind, body = response.headers.get("content-type", ""), response.read()
    connection.close()
    return response.status, kind, body


def check(status: int, kind: str, body: bytes) -> None:
    assert status in {200, 400, 404, 409, 422}, body
    assert kind == ("application/json" if status == 200 else "application/problem+json")
    for secret in (b"Traceback", b"argon2", b"sqlite", b'application_id"'):
        assert secret not in body


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(place=st.sampled_from(EVERY), code=st.sampled_from(CODES), asked=asked)
def test_any_question_is_answered_or_refused_in_words(
    manager: Program, place: object, code: str, asked: dict[str, str]
) -> None:
    path = getattr(place, "path", "").replace("{code}", quote(code, safe=""))
    query = urlencode(asked, errors="surrogatepass")
    check(*get(manager, f"{ROOT}{path}?{query}"))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.text(alphabet=string.ascii_letters + string.digits + "/.%-_~'\"<>;:@\\", max_size=60)
)
def test_any_address_below_is_none_of_ours(manager: Program, path: str) -> None:
    status, kind, _ = get(manager, f"{ROOT}/{quote(path, safe='/%')}")
    assert status in {200, 404}
    assert kind in {"application/json", "application/problem+json"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/../../people",
        "/api/v1/..%2f..%2fpeople",
        "/api/v1/%2e%2e/%2e%2e/healthz",
        "/api/v1/kpis/../../../cra.db",
        "/api/v1/kpis/..%5c..%5ccra.db",
        "/api/v1//kpis",
        "/api/v1/kpis/",
        "/api/v2/kpis",
        "/api/",
        "/api",
        "/API/v1/kpis/x/rows",
    ],
)
def test_tricks_with_the_path_lead_nowhere(manager: Program, path: str) -> None:
    status, _, body = get(manager, path)
    assert status in {303, 404}
    assert b"SQLite" not in body


@pytest.mark.parametrize(
    ("path", "status", "key"),
    [
        ("/kpis?nonsense=1", 400, "api.unreadable.parameter"),
        ("/kpis?limit=1&limit=2", 400, "api.unreadable.repeated"),
        ("/kpis?limit=0", 400, "api.unreadable.number"),
        ("/kpis?limit=1001", 400, "api.unreadable.number"),
        ("/kpis?offset=99999999999", 400, "api.unreadable.number"),
        ("/kpis?language=de", 400, "api.unreadable.choice"),
        ("/kpis?snapshot=old", 409, "api.refused.changed_meanwhile"),
        ("/kpis/XX-99", 404, "kpis.refused.no_kpi"),
        ("/kpis/SD-01/values?from=2025-13", 400, "period.unreadable"),
        ("/kpis/SD-01/values?from=9999", 400, "period.unreadable"),
        ("/kpis/SD-01/values?frequency=hour", 400, "api.unreadable.choice"),
        ("/kpis/SD-01/values?by=moon", 422, "kpis.refused.no_dimension"),
        ("/kpis/SD-01/values?by=office,service,channel", 422, "kpis.refused.too_many_dimensions"),
        ("/kpis/SD-01/values?from=2025-03&to=2025-01", 422, "kpis.refused.backwards"),
        (
            "/kpis/SD-01/values?from=1990&to=2100&frequency=week",
            422,
            "api.refused.too_many_periods",
        ),
        ("/kpis/SD-01/values?measure=moon", 422, "kpis.refused.no_measure"),
        ("/kpis/SD-01/values?as_of=999999", 404, "api.refused.no_event"),
        ("/kpis/SD-01/values?as_of=yesterday", 400, "api.unreadable.value"),
        ("/kpis/SD-01/values?office=O'01", 400, "api.unreadable.value"),
        ("/kpis/SD-01/lineage?period=soon", 400, "period.unreadable"),
        ("/none", 404, "api.refused.no_place"),
    ],
)
def test_each_refusal_has_its_status_its_key_and_a_sentence_in_three_languages(
    manager: Program, path: str, status: int, key: str
) -> None:
    said = set()
    for language in ("sq", "sr", "en"):
        answer = manager.ask(path, {"Accept-Language": language})
        problem = answer.json()
        assert (answer.status, problem["status"], problem["key"]) == (status, status, key)
        assert answer.headers["content-type"] == "application/problem+json"
        said.add(problem["detail"])
    assert len(said) == 3


def test_as_many_periods_as_may_be_asked_for_are_told(manager: Program) -> None:
    assert MOST_PERIODS == 300
    told = manager.every("/kpis/SD-01/values", from_="2000-01", to="2024-12", limit=50)
    assert len(told) == 300


def test_every_kpi_is_told_or_refused_in_words_in_every_frequency(manager: Program) -> None:
    for one in manager.every("/kpis"):
        for place in ("values", "targets", "lineage"):
            assert manager.follow(one["links"][place]).status in {200, 404, 422}
        asked = [
            f"values?from={each}&to={each}" for each in ("2025-W10", "2025-03", "2025-Q1", "2025")
        ]
        asked += [f"lineage?period={each}" for each in ("2025-W10", "2025-Q1")]
        for place in asked:
            answer = manager.ask(f"/kpis/{one['code']}/{place}")
            assert answer.status in {200, 404, 422}, (one["code"], place, answer.text)
