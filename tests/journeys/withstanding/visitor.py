"""Somebody who uses the server without a browser: with cookies where pages have them, without for papers."""

import json
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any

from factories.workplace import keys_of
from journeys.server import Server

PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The code of a refusal for scripts."""
        return str(self.json["error"]["code"])


@dataclass
class Visitor:
    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, value: Any = None, *, method: str = "") -> Answer:
        """GET, or POST of *value* as JSON."""
        headers = {"Accept": "application/json", "Cookie": self._cookies()}
        body = None
        if value is not None:
            body = json.dumps(value).encode()
            headers |= {"Content-Type": "application/json", "X-CSRFToken": self.cookies.get("csrftoken", "")}
        return self._send(method or ("GET" if body is None else "POST"), path, body, headers)

    def sign_in(self, number: int) -> Answer:
        """As the member with this entry number, whose keys the factories made."""
        self.ask("/sign-in/")
        return self.ask("/sign-in/", {"secret": keys_of(number).sign_in_secret})

    def cast(self, uuid: str, paper: str) -> Answer:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return self._send("POST", f"/board/{uuid}/cast", paper.encode(), headers)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        with closing(HTTPConnection("localhost", self.server.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return Answer(answer.status, answer.read().decode())

    def _cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
