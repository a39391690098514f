"""When a database cannot serve, every port says so in one way, and nothing of a driver shows."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from adapters.persistence.database_url import database_settings
from adapters.persistence.postgres_session import PostgresSettings
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.stores import Stores, open_stores
from core.codes import PaymentForm
from core.documents import Change, FileKind
from core.failures import StoreUnavailableError
from core.identifiers import (
    ApiKeyId,
    ClientId,
    DeliveryId,
    DocumentId,
    OfficeId,
    OrderId,
    PaymentId,
    ReversalId,
    TenantId,
)
from core.intents import Intent
from core.payments import RecordedPayment, Reversal
from core.ports.document_repository import DocumentFilter
from core.ports.series_ledger import SeriesMove
from core.ports.webhook_inbox import DeliveryState
from core.tenants import SecretKind
from tests.builders import (
    INVOICES,
    NOW,
    a_client,
    a_delivery,
    a_reservation,
    a_tenant,
    an_api_key,
    an_event,
    an_office,
    an_order,
    building,
    record_document,
)
from tests.contract.conftest import KEY

T, D = TenantId("01TENANT"), DocumentId("01DOCUMENT")
ONCE = Intent(key="k", fingerprint="f" * 64, operation="x")
MOVE = SeriesMove(at=NOW, actor="a", series=INVOICES, from_number=0, to_number=5, reason="r")
RESERVATION = a_reservation(T)
PAYMENT = RecordedPayment(
    tenant_id=T,
    payment_id=PaymentId("01PAYMENT"),
    document_id=D,
    amount=Decimal("1.00"),
    method=PaymentForm.CASH,
    paid_at=NOW,
    recorded_at=NOW,
    recorded_by="caller:key",
)
REVERSAL = Reversal(reversal_id=ReversalId("01REVERSAL"), reversed_at=NOW, reversed_by="caller:key", reason="reason")

EVERY_CALL: dict[str, Callable[[Stores], Awaitable[object]]] = {
    "prove_writable": lambda stores: stores.prove_writable(),
    "record": lambda stores: stores.documents.record(RESERVATION, building(RESERVATION)),
    "find_by_key": lambda stores: stores.documents.find_by_key(T, "key", "fingerprint"),
    "update": lambda stores: stores.documents.update(T, D, lambda now: Change(document=now)),
    "get": lambda stores: stores.documents.get(T, D),
    "find_by_reference": lambda stores: stores.documents.find_by_reference(T, pac_document_id=None, cufe="c"),
    "page": lambda stores: stores.documents.page(T, DocumentFilter(), limit=1, after=None),
    "body": lambda stores: stores.journal.body(T, D),
    "events": lambda stores: stores.journal.events(T, D),
    "exchanges": lambda stores: stores.journal.exchanges(T, D),
    "attachments": lambda stores: stores.journal.attachments(T, D),
    "attachment": lambda stores: stores.journal.attachment(T, D, FileKind.PDF),
    "due_tenants": lambda stores: stores.due_work.due_tenants(NOW, limit=1),
    "due_documents": lambda stores: stores.due_work.due_documents(T, NOW, limit=1),
    "store": lambda stores: stores.inbox.store(a_delivery(T)),
    "delivery": lambda stores: stores.inbox.get(T, DeliveryId("d")),
    "settle": lambda stores: stores.inbox.settle(T, DeliveryId("d"), DeliveryState.PROCESSED, None),
    "waiting": lambda stores: stores.inbox.waiting(T, limit=1),
    "unmatched": lambda stores: stores.inbox.unmatched(T, pac_document_id=None, cufe="c"),
    "waiting_tenants": lambda stores: stores.inbox.waiting_tenants(limit=1),
    "tenant": lambda stores: stores.tenants.get(T),
    "find_by_company": lambda stores: stores.tenants.find_by_company("c"),
    "find_caller": lambda stores: stores.tenants.find_caller("d"),
    "add_tenant": lambda stores: stores.directory.add_tenant(a_tenant()),
    "tenants": lambda stores: stores.directory.tenants(limit=1),
    "add_office": lambda stores: stores.directory.add_office(an_office(T)),
    "get_office": lambda stores: stores.directory.get_office(T, OfficeId("o")),
    "offices": lambda stores: stores.directory.offices(T),
    "add_api_key": lambda stores: stores.directory.add_api_key(an_api_key(T)),
    "revoke_api_key": lambda stores: stores.directory.revoke_api_key(T, ApiKeyId("k"), NOW),
    "api_keys": lambda stores: stores.directory.api_keys(T),
    "secrets": lambda stores: stores.secrets.current(T, SecretKind.WEBHOOK),
    "put_secret": lambda stores: stores.secrets.put(T, SecretKind.WEBHOOK, "s", NOW, keep_previous=True),
    "payments_of": lambda stores: stores.payments.payments_of(T, [D]),
    "record_payment": lambda stores: stores.payments.record(PAYMENT, intent=ONCE, judge=lambda _, __: an_event()),
    "reverse_payment": lambda stores: stores.payments.reverse(
        T, PAYMENT.payment_id, REVERSAL, intent=ONCE, judge=lambda _, __: an_event()
    ),
    "add_client": lambda stores: stores.trade_book.add_client(a_client(T)),
    "get_client": lambda stores: stores.trade_book.get_client(T, ClientId("c")),
    "update_client": lambda stores: stores.trade_book.update_client(T, ClientId("c"), lambda _: None),
    "update_order": lambda stores: stores.trade_book.update_order(T, OrderId("o"), lambda _, __: None),
    "orders": lambda stores: stores.trade_book.orders(T, limit=1, after=None),
    "clients": lambda stores: stores.trade_book.clients(T, limit=1, after=None),
    "add_order": lambda stores: stores.trade_book.add_order(an_order(T)),
    "get_order": lambda stores: stores.trade_book.get_order(T, OrderId("o")),
    "series": lambda stores: stores.series.find(T, INVOICES),
    "advance": lambda stores: stores.series.advance(T, MOVE),
    "moves": lambda stores: stores.series.moves(T, INVOICES),
    "numbered": lambda stores: stores.numbers.numbered(T, INVOICES, first=1, last=9, limit=9),
    "add_client_once": lambda stores: stores.trade_book.add_client(a_client(T), intent=ONCE),
    "find_made_client": lambda stores: stores.trade_book.find_made_client(T, ONCE),
    "add_order_once": lambda stores: stores.trade_book.add_order(an_order(T), intent=ONCE),
    "find_made_order": lambda stores: stores.trade_book.find_made_order(T, ONCE),
    "add_office_once": lambda stores: stores.directory.add_office(an_office(T), intent=ONCE),
    "find_made_office": lambda stores: stores.directory.find_made_office(T, ONCE),
}


@pytest.fixture
async def opened(empty_database_url: str, tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(impatient(empty_database_url), secrets_key=KEY, **folders(tmp_path))
    yield stores
    await stores.close()


def holding_what_writes_need(database_url: str) -> Callable[[], None]:
    """Take SQLite's write lock, or PostgreSQL's tables; call what comes back to let go."""
    if database_url.startswith("sqlite"):
        file = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        file.execute("BEGIN IMMEDIATE")
        return file.close
    server = psycopg.connect(database_url)
    server.execute("LOCK TABLE documents, series IN ACCESS EXCLUSIVE MODE")
    return server.close


def folders(tmp_path: Path) -> dict[str, Path]:
    return {"files_folder": tmp_path / "files", "marks_folder": tmp_path / "marks"}


def impatient(database_url: str) -> SqliteSettings | PostgresSettings:
    settings = database_settings(database_url)
    if isinstance(settings, SqliteSettings):
        return SqliteSettings(path=settings.path, busy_timeout=0.1)
    return PostgresSettings(url=settings.url, lock_timeout=0.1)


@pytest.mark.parametrize("call", EVERY_CALL)
async def test_a_closed_store_says_unavailable_whatever_is_asked(opened: Stores, call: str) -> None:
    await opened.close()
    with pytest.raises(StoreUnavailableError) as refused:
        await EVERY_CALL[call](opened)
    assert "sql" not in str(refused.value).lower()


async def test_a_blocked_intent_leaves_nothing_and_succeeds_with_the_same_key_later(
    opened: Stores, empty_database_url: str
) -> None:
    let_go = holding_what_writes_need(empty_database_url)
    try:
        with pytest.raises(StoreUnavailableError):
            await opened.documents.record(RESERVATION, building(RESERVATION))
    finally:
        let_go()
    recorded = await opened.documents.record(RESERVATION, building(RESERVATION))
    assert (recorded.is_replay, recorded.document.number) == (False, 1)


async def test_a_cancelled_caller_does_not_undo_what_was_accepted(opened: Stores) -> None:
    recording = asyncio.ensure_future(opened.documents.record(RESERVATION, building(RESERVATION)))
    await asyncio.sleep(0)
    recording.cancel()
    with pytest.raises(asyncio.CancelledError):
        await recording
    again = await opened.documents.record(RESERVATION, building(RESERVATION))
    assert again.document.number == 1
    assert (await record_document(opened.documents, T)).number == 2


async def test_a_database_that_is_away_is_told_at_opening(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/no/such/folder/istmo.db", "postgresql://nobody@127.0.0.1:1/none"):
        with pytest.raises(StoreUnavailableError):
            await open_stores(url, secrets_key=KEY, **folders(tmp_path))
