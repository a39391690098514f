"""The administrators' handlers, over the connection that may see every taxpayer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import AsyncContainer
from litestar.handlers import HTTPRouteHandler

from adapters.graphql.admin.context import AdminOperations
from adapters.graphql.admin.handlers import build_admin_handlers
from adapters.graphql.settings import GraphqlSettings
from bootstrap.container import make_container
from bootstrap.settings import Settings


@asynccontextmanager
async def admin_handlers(container: AsyncContainer, settings: Settings) -> AsyncIterator[list[HTTPRouteHandler]]:
    """The handlers while they may be served; none without an administrator's key.

    Where the owner of the tables has a URL of its own (PostgreSQL with row-level security), they get a wiring of
    their own on it: the application's role sees one taxpayer at a time.
    """
    if not settings.admin.administrators:
        yield []
        return
    if settings.postgres.owner_database_url is None:
        yield await _handlers(container, settings)
        return
    owners = make_container(settings.for_operators())
    try:
        yield await _handlers(owners, settings)
    finally:
        await owners.close()


async def _handlers(container: AsyncContainer, settings: Settings) -> list[HTTPRouteHandler]:
    limits = GraphqlSettings(public_url=settings.web.public_url, introspection=settings.web.introspection)
    return build_admin_handlers(await container.get(AdminOperations), limits)
