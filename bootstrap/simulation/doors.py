"""The two ways in: the use cases themselves, or the real Litestar app spoken to in ASGI, without a socket."""

import json
from collections.abc import MutableMapping
from typing import Any

from adapters.alanube.fake.records import DueWebhook
from adapters.http_webhooks.error_table import status_of
from bootstrap.settings import Settings
from bootstrap.simulation.plans import DocumentPlan, Door
from bootstrap.simulation.processes import NobodyAnswersError, SimulatedProcess
from bootstrap.simulation.wishes import Answered, Shop, as_invoice, as_variables
from bootstrap.web import build_app
from core.documents import DocumentMode
from core.errors import Category, IstmoError
from core.use_cases.create_invoice import CreateInvoice
from core.use_cases.receive_webhook import ReceiveWebhook

SALE = """
mutation Sale($input: CreateInvoiceInput!, $key: String!, $wait: Int!) {
  createInvoice(input: $input, idempotencyKey: $key, waitSeconds: $wait) {
    invoice { id number cufe }
    errors { code }
  }
}
"""
Message = MutableMapping[str, Any]


async def issue(
    process: SimulatedProcess, door: Door, shop: Shop, wish: DocumentPlan, key: str, cents: int
) -> Answered:
    """One call of a caller. Raises NobodyAnswersError where the caller is told to come again."""
    if door is Door.HTTP:
        return await _issue_over_http(process, shop, wish, key, cents)
    create = await process.get(CreateInvoice)
    try:
        document = await create(
            shop.tenant_id,
            as_invoice(wish, cents),
            mode=DocumentMode.DGI,
            idempotency_key=key,
            wait_seconds=wish.wait,
            actor="caller:simulation",
        )
    except IstmoError as error:
        if error.category is Category.UNAVAILABLE:
            raise NobodyAnswersError from error
        return Answered(refusal=error.code)
    return Answered(
        document_id=document.document_id, number=document.number, cufe=document.cufe or document.expected_cufe
    )


async def _issue_over_http(process: SimulatedProcess, shop: Shop, wish: DocumentPlan, key: str, cents: int) -> Answered:
    body = json.dumps({"query": SALE, "variables": as_variables(wish, cents, key)}).encode()
    headers = {"authorization": f"Bearer {shop.api_key}", "content-type": "application/json"}
    status, text = await _request(process, "/graphql", headers, body)
    if status >= 500:
        raise NobodyAnswersError
    payload = (json.loads(text).get("data") or {}).get("createInvoice")
    if payload is None:
        return Answered(refusal=f"HTTP {status}: {text[:200]!r}")
    if payload["errors"]:
        code = payload["errors"][0]["code"]
        if code in _COME_AGAIN:
            raise NobodyAnswersError
        return Answered(refusal=code)
    invoice = payload["invoice"]
    return Answered(document_id=invoice["id"], number=int(invoice["number"]), cufe=invoice["cufe"])


async def post_webhook(process: SimulatedProcess, door: Door, webhook: DueWebhook) -> int:
    """One delivery of the PAC; the status that it is answered with."""
    if door is Door.HTTP:
        path = f"/webhooks/pac/{webhook.company_id}"
        headers = {name.lower(): value for name, value in webhook.headers.items()}
        status, _ = await _request(process, path, headers, webhook.body)
        return status
    receive = await process.get(ReceiveWebhook)
    try:
        await receive(
            webhook.company_id,
            signature=webhook.headers["X-Pac-Signature"].encode(),
            user_id=webhook.headers.get("X-User-Id"),
            body=webhook.body,
        )
    except IstmoError as error:
        return status_of(error)
    return 200


async def _request(process: SimulatedProcess, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """One POST, whole, in ASGI."""
    if process.app is None:
        if process.objects is None:
            raise NobodyAnswersError
        process.app = await build_app(process.objects, await process.get(Settings))
    sent: list[Message] = []
    requests: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return requests.pop() if requests else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()]
        + [(b"content-length", str(len(body)).encode()), (b"host", b"istmo.invalid")],
        "client": ("192.0.2.1", 1),
        "server": ("istmo.invalid", 80),
    }
    await process.app(scope, receive, send)  # type: ignore[arg-type]  # Litestar's types are closed unions
    status = next(message["status"] for message in sent if message["type"] == "http.response.start")
    text = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return status, text


_COME_AGAIN = frozenset({"store_unavailable", "pac_unavailable", "internal_error", "server_error"})
