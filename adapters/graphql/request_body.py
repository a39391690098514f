"""The HTTP body: read with a limit while it arrives, then as the JSON object that GraphQL agreed on."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.types import Receive

from adapters.graphql.plain_text import refuse_values
from adapters.graphql.request_failures import (
    BatchRefusedError,
    ContentTypeRefusedError,
    MalformedRequestError,
    RequestTooLargeError,
    RequestTooSlowError,
)
from adapters.graphql.settings import GraphqlSettings
from core.errors import Wording

_NOT_JSON = Wording("the body is not JSON in UTF-8", "el cuerpo no es JSON en UTF-8")
_NOT_AN_OBJECT = Wording("the body is not a JSON object", "el cuerpo no es un objeto JSON")
_CUT = Wording("the body ended too early", "el cuerpo terminó antes de tiempo")
_NO_QUERY = Wording("query is a text that is not empty", "query es un texto no vacío")
_BAD_NAME = Wording("operationName is a text", "operationName es un texto")
_BAD_VARIABLES = Wording("variables is an object", "variables es un objeto")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphqlRequest:
    """One request as its caller means it. Nothing of it is validated against the schema yet."""

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None


def refuse_headers(headers: Mapping[str, str], settings: GraphqlSettings) -> None:
    """Raises ContentTypeRefusedError for what a browser's form can send, and RequestTooLargeError by its length."""
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise ContentTypeRefusedError
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise ContentTypeRefusedError
    announced = headers.get("content-length", "").strip()
    if announced.isascii() and announced.isdigit() and len(announced.lstrip("0")) > 0:
        is_longer = len(announced.lstrip("0")) > 18 or int(announced) > settings.body_bytes_max
        if is_longer:
            raise RequestTooLargeError(limit=settings.body_bytes_max)


async def read_body(receive: Receive, settings: GraphqlSettings) -> bytes:
    """The body, whatever length it announced.

    Raises RequestTooLargeError, RequestTooSlowError and, when it was cut, MalformedRequestError.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(settings.body_seconds_max):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise MalformedRequestError(problem=_CUT)
                body += message["body"]
                if len(body) > settings.body_bytes_max:
                    raise RequestTooLargeError(limit=settings.body_bytes_max)
                if not message["more_body"]:
                    return bytes(body)
    except TimeoutError:
        raise RequestTooSlowError(limit=settings.body_seconds_max) from None


def read_request(body: bytes, settings: GraphqlSettings) -> GraphqlRequest:
    """Raises MalformedRequestError, BatchRefusedError and MalformedInputError."""
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedRequestError(problem=_NOT_JSON) from None
    if isinstance(data, list):
        raise BatchRefusedError
    if not isinstance(data, dict):
        raise MalformedRequestError(problem=_NOT_AN_OBJECT)
    query, variables, name = data.get("query"), data.get("variables"), data.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise MalformedRequestError(path=("query",), problem=_NO_QUERY)
    if name is not None and not isinstance(name, str):
        raise MalformedRequestError(path=("operationName",), problem=_BAD_NAME)
    if variables is not None and not isinstance(variables, dict):
        raise MalformedRequestError(path=("variables",), problem=_BAD_VARIABLES)
    # whether a long text is a file, its type says: see ``refuse_long_texts``
    longest = max(settings.text_characters_max, settings.file_characters_max)
    refuse_values(variables or {}, characters_max=longest, entries_max=settings.list_entries_max)
    return GraphqlRequest(query=query, variables=variables or {}, operation_name=name)
