"""POST /graphql. The caller is authenticated before a byte of the body is read."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from graphql import GraphQLSchema
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from adapters.graphql.error_presentation import internal_error, note_unavailable, request_error
from adapters.graphql.error_table import headers_of, status_of
from adapters.graphql.execution import Answer, GraphqlExecutor
from adapters.graphql.language import Language, preferred_language
from adapters.graphql.operations import GraphqlOperations
from adapters.graphql.prepared_queries import PreparedQueries
from adapters.graphql.request_body import read_body, read_request, refuse_headers
from adapters.graphql.request_context import Asking, RequestContext
from adapters.graphql.schema_building import build_schema
from adapters.graphql.settings import GraphqlSettings
from core.errors import IstmoError

Entrance = Callable[[str | None, Language], Awaitable[Asking]]

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def build_graphql_handlers(operations: GraphqlOperations, settings: GraphqlSettings) -> list[HTTPRouteHandler]:
    """The route handlers of the GraphQL endpoint, to be given to a Litestar app.

    Only POST with plain JSON is served, at /graphql and /graphql/; every other method is answered with 405.
    """

    async def enter(authorization: str | None, language: Language) -> RequestContext:
        caller = await operations.authenticate(authorization)
        return RequestContext(caller=caller, language=language, operations=operations, settings=settings)

    endpoint = GraphqlEndpoint(build_schema(), enter, settings)

    @post("/graphql", status_code=200, request_max_body_size=None, include_in_schema=False)
    async def graphql(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await endpoint(request)

    return [graphql]


class GraphqlEndpoint:
    """From an HTTP request to an HTTP response; it never raises for anything that a caller or a store does."""

    def __init__(self, schema: GraphQLSchema, enter: Entrance, settings: GraphqlSettings) -> None:
        """``enter`` authenticates by the Authorization header and makes what the request's resolvers share."""
        self._enter = enter
        self._settings = settings
        self._execute = GraphqlExecutor(schema, PreparedQueries(schema, settings))

    async def __call__(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """The answer, with security headers."""
        language = preferred_language(request.headers.get("accept-language"))
        try:
            answer = await self._answer(request, language)
        except IstmoError as error:
            note_unavailable(error)
            answer = _refusal(error, language)
        except Exception as error:  # noqa: BLE001 - logged under an incident; the caller learns only its number
            answer = _refusal(internal_error(error, facts={"field": ""}), language)
        headers = SECURITY_HEADERS | {"Content-Language": language.value} | headers_of(answer.status)
        return Response(
            content=msgspec.json.encode(answer.content),
            status_code=answer.status,
            media_type="application/json",
            headers=headers,
        )

    async def _answer(self, request: Request[Any, Any, Any], language: Language) -> Answer:
        context = await self._enter(request.headers.get("authorization"), language)
        refuse_headers(request.headers, self._settings)
        body = await read_body(request.receive, self._settings)
        return await self._execute(read_request(body, self._settings), context)


def _refusal(error: IstmoError, language: Language) -> Answer:
    return Answer(status=status_of(error), content={"errors": [request_error(error, language)]})
