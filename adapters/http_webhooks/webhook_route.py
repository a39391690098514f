"""POST /webhooks/pac/{company_id}: the PAC's door. A 200 means that the delivery is durably stored."""

from typing import Any

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from adapters.http_webhooks.answers import failure_answer, incident_answer, json_answer
from adapters.http_webhooks.raw_body import read_raw_body, refuse_announced, refuse_encoded
from core.errors import IstmoError
from core.use_cases.receive_webhook import BODY_MAX, ReceiveWebhook

BODY_SECONDS_MAX = 10.0  # for the whole body, at most 64 KiB, to arrive


def build_webhook_handlers(
    receive_webhook: ReceiveWebhook, *, body_seconds_max: float = BODY_SECONDS_MAX
) -> list[HTTPRouteHandler]:
    """The route handlers of the PAC's webhooks.

    The raw body is read before anything is parsed, since its bytes are what was signed. An unknown company and a bad
    secret are answered alike, after the same work.
    """

    @post("/webhooks/pac/{company_id:str}", status_code=200, request_max_body_size=None, include_in_schema=False)
    async def pac_webhook(request: Request[Any, Any, Any], company_id: FromPath[str]) -> Response[bytes]:
        try:
            refuse_encoded(request.headers)
            refuse_announced(request.headers, BODY_MAX)
            body = await read_raw_body(request.receive, bytes_max=BODY_MAX, seconds_max=body_seconds_max)
            await receive_webhook(
                _plain(company_id),
                signature=_signature(request),
                user_id=_plain(request.headers.get("x-user-id", "")) or None,
                body=body,
            )
        except IstmoError as error:
            return failure_answer(error)
        except Exception as error:  # noqa: BLE001 - logged under an incident; the sender learns only its number
            return incident_answer(error, route="webhooks")
        return json_answer({"received": True})

    return [pac_webhook]


def _signature(request: Request[Any, Any, Any]) -> bytes | None:
    """The one header's own bytes. Two of them are no signature: which one was meant is not ours to choose."""
    found = [value for name, value in request.scope["headers"] if name.lower() == b"x-pac-signature"]
    return found[0] if len(found) == 1 else None


def _plain(text: str) -> str:
    """What no store chokes on: a company or user with control characters in its name is nobody's anyway."""
    return "".join(character if character.isprintable() else "?" for character in text[:200])
