"""The attack list's webhook part: each gets a defined 4xx or is ignored; no 5xx, no effect, no leak."""

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.documents import FiscalDocument, LegalStatus
from core.tenants import SecretKind
from core.use_cases.receive_webhook import BODY_MAX
from tests.shop import WEBHOOK_SECRET
from tests.unit.http_webhooks.door import Door, open_door
from tests.world import tenant_of


@pytest.fixture
async def door() -> Door:
    return await open_door()


@pytest.mark.parametrize(
    "secret",
    [
        None,
        b"",
        b"wrong",
        WEBHOOK_SECRET.encode() + b" ",
        b" " + WEBHOOK_SECRET.encode(),
        WEBHOOK_SECRET.encode() + b"\n",
        WEBHOOK_SECRET.encode() + b"\x00",
        WEBHOOK_SECRET.upper().encode(),
        WEBHOOK_SECRET.encode()[:-1],
        WEBHOOK_SECRET.encode() * 2,
        b"x" * 65_536,
        b"\xff\xfe\x00",
        b"Bearer " + WEBHOOK_SECRET.encode(),
    ],
    ids=[
        "missing",
        "empty",
        "wrong",
        "trailing space",
        "leading space",
        "trailing newline",
        "trailing NUL",
        "other case",
        "one short",
        "twice",
        "64 KiB",
        "no text",
        "with a scheme",
    ],
)
async def test_a_signature_that_is_not_the_secret_is_refused(door: Door, secret: bytes | None) -> None:
    answer = await door.deliver(secret=secret)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "webhook_refused"
    assert await door.waiting() == 0


async def test_the_previous_secret_works_during_a_rotation_and_not_after(door: Door) -> None:
    tenant_id = tenant_of(door.shop)
    await door.world.rotate_secret(tenant_id, SecretKind.WEBHOOK, "the second secret", keep_previous=True)
    assert (await door.deliver(b'{"id": "a"}', secret=WEBHOOK_SECRET)).status_code == 200
    assert (await door.deliver(b'{"id": "b"}', secret="the second secret")).status_code == 200
    await door.world.rotate_secret(tenant_id, SecretKind.WEBHOOK, "the third secret of all", keep_previous=False)
    assert (await door.deliver(b'{"id": "c"}', secret=WEBHOOK_SECRET)).status_code == 403
    assert (await door.deliver(b'{"id": "d"}', secret="the second secret")).status_code == 403


async def test_another_tenants_secret_opens_nothing(door: Door) -> None:
    other = await door.world.open_shop(ruc="155000002-2-2020", name="Otra, S.A.")
    await door.world.rotate_secret(tenant_of(other), SecretKind.WEBHOOK, "the other's secret", keep_previous=False)
    answer = await door.deliver(secret="the other's secret")
    assert answer.status_code == 403
    assert await door.waiting() == 0


async def test_a_tenant_without_a_secret_refuses_everything(door: Door) -> None:
    company = door.world.engine.register_company(ruc="155000003-2-2020", name="Sin secreto, S.A.", main_office=False)
    for secret in (None, "", WEBHOOK_SECRET):
        assert (await door.deliver(secret=secret, company_id=company.id)).status_code == 403


@pytest.mark.parametrize(
    "company_id",
    ["nobody", "0", "%00", "%0d%0aSet-Cookie:x", "..%2f..", "' OR 1=1 --", "x" * 5000, "%ff%fe", "ñ", "*"],
)
async def test_a_company_that_nobody_has_is_refused_like_a_bad_secret(door: Door, company_id: str) -> None:
    answer = await door.deliver(company_id=company_id)
    assert answer.status_code in (403, 404)
    assert answer.json()["error"]["code"] in ("webhook_refused", "not_found")
    assert "set-cookie" not in answer.headers


async def test_enumerating_companies_tells_nothing(door: Door) -> None:
    answers = {(await door.deliver(secret="guess", company_id=f"c{place}")).content for place in range(200)}
    assert answers == {(await door.deliver(secret="guess")).content}


async def test_an_exact_replay_is_counted_and_changes_nothing(door: Door) -> None:
    for _ in range(3):
        assert (await door.deliver()).status_code == 200
    assert await door.waiting() == 1


async def test_a_replay_under_another_path_is_refused(door: Door) -> None:
    other = await door.world.open_shop(ruc="155000002-2-2020", name="Otra, S.A.")
    await door.world.rotate_secret(tenant_of(other), SecretKind.WEBHOOK, "the other's secret", keep_previous=False)
    answer = await door.deliver(company_id=other.tenant.pac_company_id)
    assert answer.status_code == 403


@pytest.mark.parametrize(("size", "status"), [(BODY_MAX, 200), (BODY_MAX + 1, 413), (8 * BODY_MAX, 413)])
async def test_a_body_over_the_limit_is_refused(door: Door, size: int, status: int) -> None:
    body = b'{"id": "a", "x": "' + b"x" * (size - 20) + b'"}'
    assert len(body) == size
    assert (await door.deliver(body)).status_code == status


async def test_an_endless_chunked_body_is_cut_at_the_limit(door: Door) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * BODY_MAX:
            sent += 4096
            yield b"x" * 4096

    answer = await door.deliver(endless())
    assert answer.status_code == 413
    assert sent <= 2 * BODY_MAX
    assert await door.waiting() == 0


@pytest.mark.parametrize("length", ["1000000000", "99999999999999999999999", "65537"])
async def test_an_announced_length_over_the_limit_is_refused_unread(door: Door, length: str) -> None:
    assert (await door.deliver(b"{}", headers={"Content-Length": length})).status_code == 413


@pytest.mark.parametrize("length", ["-1", "abc", "0x10", "", "1"])
async def test_a_length_that_lies_changes_nothing(door: Door, length: str) -> None:
    answer = await door.deliver(b'{"id": "a"}', headers={"Content-Length": length})
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "GZIP", "gzip, gzip", "x"])
async def test_a_compressed_body_is_refused_unread(door: Door, encoding: str) -> None:
    bomb = gzip.compress(b"0" * 1_000_000)
    answer = await door.deliver(bomb, headers={"Content-Encoding": encoding})
    assert answer.status_code == 415
    assert await door.waiting() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'{"id": "a"',
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        "{}".encode("utf-32-be")[1:],
        b'{"id": "\xff\xfe"}',
        b"[]",
        b'"id"',
        b"null",
        b"17",
        b"[" * 50_000,
        b'{"a":' * 10_000,
    ],
    ids=[
        "empty",
        "words",
        "cut",
        "two BOMs",
        "broken UTF-32",
        "not UTF-8",
        "list",
        "text",
        "null",
        "number",
        "deep list",
        "deep object",
    ],
)
async def test_a_body_that_is_no_object_is_told_so_and_harms_nothing(door: Door, body: bytes) -> None:
    answer = await door.deliver(body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "webhook_unreadable"
    assert await door.waiting() == 0


@pytest.mark.parametrize(
    "identifier", [{}, [], 17, "", "x" * 10_000, None, True, "a b", "../x", "\u0000", "ñ"], ids=repr
)
async def test_an_id_of_another_shape_counts_as_missing(door: Door, identifier: Any) -> None:
    answer = await door.deliver(json.dumps({"id": identifier, "legalStatus": "DGI_AUTHORIZED"}).encode())
    assert answer.status_code == 200
    assert await door.waiting() == 0


async def test_duplicate_keys_are_read_one_way_and_harm_nothing(door: Door) -> None:
    assert (await door.deliver(b'{"id": "a", "id": "b"}')).status_code == 200
    delivery = (await door.world.stores.inbox.waiting(tenant_of(door.shop), limit=1))[0]
    assert delivery.pac_document_id == "b"


async def a_document(door: Door) -> FiscalDocument:
    return await door.world.invoice(door.shop, await door.world.an_order(door.shop))


async def settle(door: Door) -> None:
    await door.world.queue.drain(door.world.run_due_work.handle)


@pytest.mark.parametrize("status", ["DGI_AUTHORIZED", "dgi_authorized", "WHATEVER", None, 5, "DGI_REJECTED"])
async def test_a_forged_status_authorises_and_rejects_nothing(door: Door, status: Any) -> None:
    document = await a_document(door)
    before = document.legal_status
    body = json.dumps({"id": document.pac_document_id, "legalStatus": status}).encode()
    assert (await door.deliver(body)).status_code == 200
    await settle(door)
    assert (await door.world.current(document)).legal_status is before


async def test_a_forged_rejection_of_an_authorised_document_is_ignored(door: Door) -> None:
    document = await a_document(door)
    door.world.wait(minutes=10)
    await door.world.deliver_webhooks()
    body = json.dumps({"id": document.pac_document_id, "legalStatus": "DGI_REJECTED"}).encode()
    assert (await door.deliver(body)).status_code == 200
    await settle(door)
    assert (await door.world.current(document)).legal_status is LegalStatus.DGI_AUTHORIZED


async def test_addresses_in_the_body_are_never_called(door: Door) -> None:
    document = await a_document(door)
    body = {"id": document.pac_document_id, "pdf": "http://169.254.169.254/", "webhook": {"url": "http://127.0.0.1/"}}
    assert (await door.deliver(json.dumps(body).encode())).status_code == 200
    await settle(door)
    current = await door.world.current(document)
    assert "169.254" not in repr(current)


async def test_another_tenants_document_in_the_body_is_not_touched(door: Door) -> None:
    document = await a_document(door)
    other = await door.world.open_shop(ruc="155000002-2-2020", name="Otra, S.A.")
    body = json.dumps({"id": document.pac_document_id, "cufe": document.cufe}).encode()
    answer = await door.deliver(body, company_id=other.tenant.pac_company_id)
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    await settle(door)
    assert await door.world.current(document) == document


@pytest.mark.parametrize(
    "user_id", ["admin", "root", "x" * 10_000, "\x01\x02", "ñ".encode("latin-1").decode("latin-1")]
)
async def test_a_claimed_user_changes_nothing(door: Door, user_id: str) -> None:
    document = await a_document(door)
    body = json.dumps({"id": document.pac_document_id, "legalStatus": "DGI_AUTHORIZED"}).encode()
    answer = await door.deliver(body, headers={"X-User-Id": user_id.encode("latin-1")})
    assert answer.status_code == 200
    await settle(door)
    assert (await door.world.current(document)).legal_status is document.legal_status
