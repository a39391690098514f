"""HTTP to the fake, over loopback and without proxies: one request, one answer."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

PATIENCE_SECONDS = 30.0


class FakePacCallError(Exception):
    """The fake refused a scripting call; the message is its own words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``headers`` have lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is none."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class RegisteredCompany:
    """A company that the fake knows. ``office_id`` is its main office."""

    id: str
    office_id: str
    token: str
    ruc: str


@dataclass(frozen=True, slots=True)
class Wire:
    """The way to one fake at ``base_url`` (scheme, host and port)."""

    base_url: str

    def send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """One request. Raises OSError or http.client.HTTPException when no answer comes."""
        parts = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
        try:
            target = f"{path}?{urlencode(query)}" if query else path
            connection.request(method, target, body=body, headers={"Connection": "close", **(headers or {})})
            response = connection.getresponse()
            content = response.read()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, content)
        finally:
            connection.close()

    def script(self, method: str, path: str, body: object = None) -> Any:
        """One ``/_fake`` call and its JSON. Raises FakePacCallError when it is refused."""
        content = None if body is None else json.dumps(body).encode()
        answer = self.send(method, f"/_fake{path}", headers={"Content-Type": "application/json"}, body=content)
        if answer.status >= 400:
            raise FakePacCallError(f"{method} /_fake{path} answered {answer.status}: {answer.json()['error']}")
        return answer.json()
