"""Changing clients and orders, putting clients away and calling orders off."""

from typing import Any

from adapters.graphql.inputs import Input, read_client, read_order
from adapters.graphql.request_context import Info
from core.identifiers import ClientId, OrderId


async def update_client(
    _root: object,
    info: Info,
    *,
    id: str,  # noqa: A002
    input: Input,  # noqa: A002
    expected_version: int | None = None,
) -> dict[str, Any]:
    """See the schema."""
    context = info.context
    client = await context.operations.update_client(
        context.caller.tenant_id,
        ClientId(id),
        read_client(input, context.caller.tenant_id),
        receiver_type=input.get("receiver_type"),
        expected_version=expected_version,
    )
    return {"client": client}


async def archive_client(_root: object, info: Info, *, id: str) -> dict[str, Any]:  # noqa: A002
    """See the schema."""
    return await _put_away(info, id, archived=True)


async def restore_client(_root: object, info: Info, *, id: str) -> dict[str, Any]:  # noqa: A002
    """See the schema."""
    return await _put_away(info, id, archived=False)


async def update_order(
    _root: object,
    info: Info,
    *,
    id: str,  # noqa: A002
    input: Input,  # noqa: A002
    expected_version: int | None = None,
) -> dict[str, Any]:
    """See the schema."""
    context = info.context
    order = await context.operations.update_order(
        OrderId(id), read_order(input, context.caller.tenant_id), expected_version=expected_version
    )
    return {"order": order}


async def cancel_order(_root: object, info: Info, *, id: str) -> dict[str, Any]:  # noqa: A002
    """See the schema."""
    context = info.context
    return {"order": await context.operations.cancel_order(context.caller.tenant_id, OrderId(id))}


async def _put_away(info: Info, client_id: str, *, archived: bool) -> dict[str, Any]:
    context = info.context
    client = await context.operations.archive_client(context.caller.tenant_id, ClientId(client_id), archived=archived)
    return {"client": client}
