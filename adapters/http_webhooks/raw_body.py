"""Raw bodies, as they were signed: read with a limit while they arrive."""

import asyncio
from collections.abc import Mapping

from litestar.types import Receive

from adapters.http_webhooks.request_failures import BodyCutError, BodyEncodedError
from core.failures import WebhookTooLargeError


def refuse_encoded(headers: Mapping[str, str]) -> None:
    """Raises BodyEncodedError."""
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise BodyEncodedError


def refuse_announced(headers: Mapping[str, str], bytes_max: int) -> None:
    """Raises WebhookTooLargeError for a Content-Length above the limit; what it promises is not believed otherwise."""
    announced = headers.get("content-length", "").strip().lstrip("0")
    if announced.isascii() and announced.isdigit() and (len(announced) > 18 or int(announced) > bytes_max):
        raise WebhookTooLargeError(limit=bytes_max)


async def read_raw_body(receive: Receive, *, bytes_max: int, seconds_max: float) -> bytes:
    """The body, whatever length it announced. Raises WebhookTooLargeError and BodyCutError."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds_max):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise BodyCutError
                body += message["body"]
                if len(body) > bytes_max:
                    raise WebhookTooLargeError(limit=bytes_max)
                if not message["more_body"]:
                    return bytes(body)
    except TimeoutError:
        raise BodyCutError from None
