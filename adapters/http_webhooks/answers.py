"""How these routes answer: small JSON, and nothing of an exception that we did not write ourselves."""

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from litestar import Response

from adapters.http_webhooks.error_table import headers_of, status_of
from adapters.http_webhooks.request_failures import ServerError
from core.errors import Category, IstmoError

log = structlog.get_logger(__name__)

SECURITY_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def json_answer(
    content: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """A JSON object with security headers."""
    return Response(
        content=msgspec.json.encode(content),
        status_code=status,
        media_type="application/json",
        headers=dict(SECURITY_HEADERS) | dict(headers or {}),
    )


def failure_answer(error: IstmoError) -> Response[bytes]:
    """The failure as ``{"error": {"code", "message", "hint"}}``; the sender is a program, so in English.

    What only an operator can mend is logged: its own text may say more than the sender is told.
    """
    if error.category is Category.UNAVAILABLE and not isinstance(error, ServerError):
        log.warning("http_unavailable", code=error.code, reason=str(error))
    told = {"code": error.code, "message": error.message.english, "hint": error.hint.english}
    return json_answer({"error": told}, status=status_of(error), headers=headers_of(error))


def incident_answer(cause: BaseException, *, route: str) -> Response[bytes]:
    """Log the cause with its traceback; the sender is told the number of the log entry and nothing else."""
    incident = secrets.token_hex(8)
    log.error("http_request_failed", incident=incident, route=route, exc_info=cause)
    return failure_answer(ServerError(incident=incident))
