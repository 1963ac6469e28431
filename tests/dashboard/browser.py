"""A small browser for plain routes: real sockets, a cookie jar, no redirects followed."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp


@dataclass(frozen=True)
class Answer:
    """What came back: `headers` by lower-case name, every cookie line on its own."""

    status: int
    headers: dict[str, str]
    cookie_lines: tuple[str, ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Browser:
    """Keeps cookies, names its origin with every post, as browsers do."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}

    def get(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path, headers=headers)

    def post(
        self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        given = {"Origin": f"http://{self.host}"} | form | dict(headers or {})
        return self.ask("POST", path, headers=given, body=urlencode(fields).encode())

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        said = {"Accept-Encoding": "identity"} | dict(headers or {})
        if self.cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, quote(path, safe="/?&=%:;,+.-_~"), body=body, headers=said)
        response = connection.getresponse()
        lines = tuple(response.headers.get_all("set-cookie") or ())
        answer = Answer(
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            lines,
            response.read(),
        )
        connection.close()
        self._keep(lines)
        return answer

    def _keep(self, lines: tuple[str, ...]) -> None:
        for line in lines:
            for name, cookie in SimpleCookie(line).items():
                if cookie["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = cookie.value


@contextmanager
def serving(app: ASGIApp | Starlette) -> Iterator[Browser]:
    """A browser on the application, served on a free port while this lasts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config = uvicorn.Config(app, log_level="error", ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Browser(port)
        finally:
            server.should_exit = True
            thread.join()
