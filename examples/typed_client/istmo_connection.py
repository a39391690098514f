"""How the generated client speaks to Istmo: the key, the language, and the same call again after a lost answer."""

import asyncio
from typing import Any, Self

import httpx
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

ATTEMPTS = 4
WAIT_SECONDS = 0.5  # before the second attempt; doubled before each further one
_NOT_SAID = "UnsetType"  # of an argument that was left out; the generator writes this type into each package anew
ANSWER_SECONDS = 60.0  # longer than the longest waitSeconds


class IstmoError(Exception):
    """What is no business failure: a missing key, a limit, a query that does not fit. ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        """``message`` is for people."""
        super().__init__(f"{code}: {message}")
        self.code = code


class IstmoConnection:
    """One connection pool with one key. ``http`` may be given to tests and proxies; otherwise it is made here."""

    def __init__(self, url: str, key: str, *, language: str = "en", http: httpx.AsyncClient | None = None) -> None:
        """``url`` is the whole address, such as http://127.0.0.1:8080/graphql."""
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self._http = http or httpx.AsyncClient(timeout=ANSWER_SECONDS)

    async def __aenter__(self) -> Self:
        """Nothing is opened before the first call."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def execute(
        self, query: str, operation_name: str | None = None, variables: dict[str, Any] | None = None, **_: Any
    ) -> httpx.Response:
        """Send a call, and exactly the same call again where its answer was lost or the store was away.

        That is safe: queries change nothing, and each mutation of this client carries an idempotency key. Raises
        httpx.TransportError when the last attempt brings no answer either.
        """
        body = {"query": query, "operationName": operation_name, "variables": _written(variables or {})}
        for attempt in range(1, ATTEMPTS):
            try:
                answer = await self._http.post(self._url, json=body, headers=self._headers)
            except httpx.TransportError:
                pass  # the answer was lost: what became of the call is found out by repeating it
            else:
                if answer.status_code < 500:
                    return answer
            await asyncio.sleep(WAIT_SECONDS * 2 ** (attempt - 1))
        return await self._http.post(self._url, json=body, headers=self._headers)

    def get_data(self, answer: httpx.Response) -> dict[str, Any]:
        """The data of an answer. Raises IstmoError with the first of its GraphQL errors."""
        content = answer.json()
        for error in content.get("errors") or ():
            raise IstmoError(error["extensions"]["code"], error["message"])
        data: dict[str, Any] = content["data"]
        return data


def _written(variables: dict[str, Any]) -> Any:
    """As JSON: amounts as strings, moments with their offset, and nothing for what was not said."""
    said = {
        name: value.model_dump(by_alias=True, exclude_unset=True) if isinstance(value, BaseModel) else value
        for name, value in variables.items()
        if type(value).__name__ != _NOT_SAID
    }
    return to_jsonable_python(said)
