"""GET /metrics: numbers for Prometheus, never names. Closed to whoever has not its token."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from adapters.http_webhooks.answers import SECURITY_HEADERS, failure_answer, incident_answer, json_answer
from core.failures import NotAuthenticatedError

Render = Callable[[], Awaitable[bytes]]

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def build_metrics_handlers(
    render: Render, *, media_type: str, token: str | None, path: str = "/metrics"
) -> list[HTTPRouteHandler]:
    """``token`` None is for loopback alone: then a request that a proxy forwarded finds nothing here."""
    expected = None if token is None else f"Bearer {token}".encode()

    @get(path, include_in_schema=False)
    async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        if expected is None and any(name in request.headers for name in _FORWARDED):
            told = {"code": "not_found", "message": "There is nothing at this address."}
            return json_answer({"error": told}, status=404)
        given = request.headers.get("authorization", "").encode("latin-1", "replace")
        if expected is not None and not hmac.compare_digest(given, expected):
            return failure_answer(NotAuthenticatedError())
        try:
            content = await render()
        except Exception as error:  # noqa: BLE001 - logged under an incident; the caller learns only its number
            return incident_answer(error, route="metrics")
        return Response(content=content, media_type=media_type, headers=dict(SECURITY_HEADERS))

    return [metrics]
