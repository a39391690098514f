"""POST /admin/graphql: the same endpoint as the API's, with another schema and other keys."""

from dataclasses import replace
from typing import Any

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from adapters.graphql.admin.context import AdminContext, AdminOperations
from adapters.graphql.admin.schema_building import build_admin_schema
from adapters.graphql.handlers import GraphqlEndpoint
from adapters.graphql.language import Language
from adapters.graphql.settings import GraphqlSettings

FILE_CHARACTERS_MAX = 300_000  # of a certificate in base64, two of which fit the body; a .p12 has a few thousand bytes


def build_admin_handlers(operations: AdminOperations, settings: GraphqlSettings) -> list[HTTPRouteHandler]:
    """The route handlers of the administrators' endpoint, to be given to a Litestar app."""

    async def enter(authorization: str | None, language: Language) -> AdminContext:
        administrator = operations.authenticate(authorization)
        return AdminContext(administrator=administrator, language=language, operations=operations, settings=settings)

    endpoint = GraphqlEndpoint(build_admin_schema(), enter, replace(settings, file_characters_max=FILE_CHARACTERS_MAX))

    @post("/admin/graphql", status_code=200, request_max_body_size=None, include_in_schema=False)
    async def admin_graphql(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await endpoint(request)

    return [admin_graphql]
