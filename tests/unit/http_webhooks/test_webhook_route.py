"""The PAC's door."""

import asyncio
from typing import Any

import pytest

from adapters.http_webhooks.webhook_route import build_webhook_handlers
from core.failures import StoreUnavailableError
from tests.shop import WEBHOOK_SECRET
from tests.unit.http_webhooks.door import Door, open_door


async def test_an_authentic_delivery_is_stored_before_it_is_answered(door: Door) -> None:
    answer = await door.deliver()
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    assert await door.waiting() == 1


async def test_a_webhook_brings_a_document_to_its_end(door: Door) -> None:
    order = await door.world.an_order(door.shop)
    document = await door.world.invoice(door.shop, order)
    door.world.wait(minutes=5)
    for webhook in door.world.engine.take_due_webhooks():
        answer = await door.deliver(webhook.body)
        assert answer.status_code == 200
    await door.world.queue.drain(door.world.run_due_work.handle)
    assert (await door.world.current(document)).is_settled


async def test_the_user_id_is_kept_as_a_claim(door: Door) -> None:
    await door.deliver(headers={"X-User-Id": "somebody"})
    delivery = (await door.world.stores.inbox.waiting(door.shop.tenant.tenant_id, limit=1))[0]
    assert delivery.claimed_user_id == "somebody"


async def test_an_unknown_company_and_a_bad_secret_are_answered_alike(door: Door) -> None:
    unknown = await door.deliver(company_id="nobodys-company")
    wrong = await door.deliver(secret="wrong")
    assert unknown.status_code == wrong.status_code == 403
    assert unknown.content == wrong.content
    assert dict(unknown.headers) == dict(wrong.headers)
    assert await door.waiting() == 0


async def test_a_store_that_is_away_is_a_503_so_that_the_sender_repeats(door: Door) -> None:
    class AwayInbox:
        async def store(self, _delivery: object) -> None:
            raise StoreUnavailableError

    door.world.receive_webhook._inbox = AwayInbox()  # type: ignore[assignment]
    answer = await door.deliver()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert answer.json()["error"]["code"] == "store_unavailable"


async def test_an_unforeseen_failure_tells_its_incident_and_nothing_else(door: Door) -> None:
    class BrokenInbox:
        async def store(self, _delivery: object) -> None:
            raise ValueError("SELECT secret FROM tenants")

    door.world.receive_webhook._inbox = BrokenInbox()  # type: ignore[assignment]
    answer = await door.deliver()
    assert answer.status_code == 500
    assert "SELECT" not in answer.text
    assert "Traceback" not in answer.text
    assert "incident" in answer.json()["error"]["message"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_post_is_served(door: Door, method: str) -> None:
    answer = await door.http.request(method, f"/webhooks/pac/{door.company_id}")
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "method_not_allowed"


async def test_a_body_that_stops_half_way_is_given_up(door: Door) -> None:
    slow = await open_door(body_seconds_max=0.01)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not sent:
            sent.append(1)
            return {"type": "http.request", "body": b'{"id": ', "more_body": True}
        message: dict[str, Any] = await asyncio.get_running_loop().create_future()
        return message

    answer = await _post_raw(slow, receive)
    assert answer["status"] == 408


async def test_a_sender_that_disconnects_half_way_leaves_nothing(door: Door) -> None:
    messages = iter([{"type": "http.request", "body": b'{"id": ', "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(messages)

    assert (await _post_raw(door, receive))["status"] == 408
    assert await door.waiting() == 0


async def test_two_signature_headers_are_none(door: Door) -> None:
    answer = await door.http.post(
        f"/webhooks/pac/{door.company_id}",
        content=b"{}",
        headers=[("X-Pac-Signature", WEBHOOK_SECRET), ("X-Pac-Signature", "other")],
    )
    assert answer.status_code == 403


def test_the_limit_of_frameworks_does_not_stand_before_ours(door: Door) -> None:
    assert build_webhook_handlers(door.world.receive_webhook)[0].request_max_body_size is None


async def _post_raw(door: Door, receive: Any) -> dict[str, Any]:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": f"/webhooks/pac/{door.company_id}",
        "raw_path": b"",
        "query_string": b"",
        "headers": [(b"x-pac-signature", WEBHOOK_SECRET.encode())],
        "client": None,
        "server": ("istmo.test", 80),
        "state": {},
    }
    answered: dict[str, Any] = {}

    async def send(message: Any) -> None:
        answered.update(message)

    await door.app(scope, receive, send)  # type: ignore[arg-type]
    return answered
