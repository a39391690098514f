"""An installation after a busy day, made once per engine and copied for each test that damages it."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.progression import dgi_rejection, immediate
from adapters.persistence.inspections import open_inspection
from adapters.persistence.local_blob_inspection import LocalBlobInspection
from adapters.persistence.migration import migrate
from adapters.persistence.stores import open_stores
from adapters.persistence.tables import metadata
from adapters.scheduler.manual_clock import ManualClock
from core.codes import DocumentType
from core.documents import DocumentKind, DocumentMode, FiscalDocument, LegalStatus, Submission
from core.invariants.examination import Examination
from core.ports.webhook_inbox import DeliveryState
from core.successors import Changes
from core.use_cases.examine_documents import ExamineDocuments
from core.use_cases.examine_installation import ExamineInstallation, Request
from core.use_cases.examine_series import ExamineSeries
from core.use_cases.mend_installation import MendInstallation
from core.use_cases.set_series import SetSeries
from core.use_cases.settle_lost import ShowLost
from tests.builders import a_delivery
from tests.services import postgres_url_for_tests
from tests.world import Shop, World

KEY = bytes(range(32))
_KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where everything lies, when it is, and what to damage."""

    database_url: str
    folder: Path
    clock: ManualClock
    names: Mapping[str, str]  # what statements may name: :tenant, :stranger, :settled, :doubted, :queued ...

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def marks(self) -> Path:
        return self.folder / "marks"

    def run(self, *statements: str, **more: Any) -> None:
        """Raw SQL behind Istmo's back, foreign keys and policies aside."""
        if self.database_url.startswith("sqlite"):
            path = self.database_url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, isolation_level=None)) as raw:
                raw.execute("PRAGMA foreign_keys = OFF")
                for statement in statements:
                    raw.execute(statement, {**self.names, **more})
            return
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(re.sub(r":(\w+)", r"%(\1)s", statement).encode(), {**self.names, **more})

    def copy_without_keys(self, table: str) -> None:
        """The table as it would be without any unique index."""
        self.run(
            f"ALTER TABLE {table} RENAME TO {table}_{_KEPT}",
            f"CREATE TABLE {table} AS SELECT * FROM {table}_{_KEPT}",  # noqa: S608 - a table's name from the test
        )

    def blob(self, digest: str) -> Path:
        """Where the file store of the first tenant has a file."""
        return self.files / self.names["tenant"] / digest[:2] / digest

    async def examined(self, **request: Any) -> Examination:
        """What the doctor finds."""
        async with self.doctor() as examine:
            return await examine(Request(**request))

    @asynccontextmanager
    async def doctor(self) -> AsyncIterator[ExamineInstallation]:
        """As ``bootstrap.examining`` wires it, under the clock of the world."""
        async with self.world() as world:
            opened = await open_inspection(self.database_url)
            stores, blobs = world.stores, LocalBlobInspection(self.files)
            try:
                yield ExamineInstallation(
                    opened.store,
                    blobs,
                    stores.secrets,
                    ExamineDocuments(opened.store, stores.files, self.clock, world.pac.encode),
                    ExamineSeries(opened.store, stores.series, stores.marks),
                    MendInstallation(stores.documents, stores.marks, opened.store, blobs, self.clock),
                    self.clock,
                    stores.onboardings,
                    show_lost=ShowLost(stores.lost, stores.documents, stores.inbox),
                )
            finally:
                await opened.close()

    @asynccontextmanager
    async def world(self) -> AsyncIterator[World]:
        """The service on this installation."""
        stores = await open_stores(self.database_url, secrets_key=KEY, files_folder=self.files, marks_folder=self.marks)
        try:
            yield World(stores=stores, clock=self.clock)
        finally:
            await stores.close()


@contextmanager
def busy_installation(engine: str, folder: Path) -> Iterator[Installation]:
    """Two shops after a busy day: authorised, in doubt, queued, drafts; a moved series; a webhook without document."""
    if engine == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        yield _lived_in(f"sqlite:///{folder / 'istmo.db'}", folder)
        return
    with postgres_url_for_tests() as url:
        yield _lived_in(url, folder)


@contextmanager
def copy_of(busy: Installation, folder: Path) -> Iterator[Installation]:
    """The same installation, for one test to damage. A file is copied; a database on a server is repaired afterwards,
    because making and dropping one takes seconds."""
    for part in ("files", "marks"):
        shutil.copytree(busy.folder / part, folder / part)
    if busy.database_url.startswith("sqlite"):
        shutil.copyfile(busy.folder / "istmo.db", folder / "istmo.db")
        yield replace(busy, database_url=f"sqlite:///{folder / 'istmo.db'}", folder=folder)
        return
    try:
        yield replace(busy, folder=folder)
    finally:
        _repair(busy.database_url)


def _save(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE SCHEMA saved")
        for table in metadata.tables:
            one = sql.Identifier(table)
            connection.execute(sql.SQL("CREATE TABLE saved.{0} AS TABLE public.{0}").format(one))


def _repair(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in metadata.tables:
            one, kept = sql.Identifier(table), sql.Identifier(f"{table}_{_KEPT}")
            found = connection.execute("SELECT to_regclass(%s)", [f"public.{table}_{_KEPT}"]).fetchone()
            if found != (None,):
                connection.execute(sql.SQL("DROP TABLE {}").format(one))
                connection.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(kept, one))
            connection.execute(sql.SQL("DELETE FROM {}").format(one))
            connection.execute(sql.SQL("INSERT INTO {0} SELECT * FROM saved.{0}").format(one))


def _lived_in(database_url: str, folder: Path) -> Installation:
    migrate(database_url)
    fresh = Installation(database_url=database_url, folder=folder, clock=ManualClock(), names={})
    names = asyncio.run(_live(fresh))
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(folder / "istmo.db")) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        _save(database_url)
    return replace(fresh, names=names)


async def _live(installation: Installation) -> dict[str, str]:
    async with installation.world() as world:
        shop = await world.open_shop()
        other = await world.open_shop("155000002-2-2020", "Panadería La Otra, S.A.")
        sold = [await _sell(world, each) for each in (shop, shop, other, shop, other)]
        await _authorise(world, sold)
        await SetSeries(world.stores.tenants, world.stores.series, world.clock)(
            shop.tenant.tenant_id,
            billing_point=shop.office.billing_points[0],
            document_type=DocumentType.DOMESTIC_INVOICE,
            next_number=20,
            reason="another system issued these",
            actor="cli:test",
        )
        after_move = await _sell(world, shop)
        by_webhook = await _sell_under(world, shop, FaultKind.DROP_AFTER_ACCEPT)
        drafts = [await _draft(world, shop, key) for key in ("kept", "taken back", "issued")]
        issued = await world.convert_draft(
            shop.tenant.tenant_id,
            drafts[2].document_id,
            kind=DocumentKind.INVOICE,
            wait_seconds=10,
            actor="caller:test",
        )
        await world.withdraw(
            shop.tenant.tenant_id, drafts[1].document_id, kind=DocumentKind.INVOICE, reason="", actor="caller:test"
        )
        corrected = await _corrected(world, shop)
        await _authorise(world, [after_move, by_webhook, issued, corrected])
        doubted = await _sell_under(world, shop, FaultKind.DROP_AFTER_ACCEPT, FaultKind.LOSE_WEBHOOK)
        queued = await _sell_under(world, shop, FaultKind.DROP_BEFORE)
        world.engine.set_faults(FaultPlan())
        stray = a_delivery(shop.tenant.tenant_id, pac_document_id="01PACUNKNOWN", received_at=world.clock.now())
        await world.stores.inbox.store(stray)
        assert await world.process_webhook(shop.tenant.tenant_id, stray.delivery_id) is DeliveryState.UNMATCHED
        assert doubted.submission is Submission.IN_DOUBT
        assert queued.submission is Submission.QUEUED
        settled, strange = await world.current(sold[0]), await world.current(sold[2])
        return {
            "tenant": shop.tenant.tenant_id,
            "stranger": other.tenant.tenant_id,
            "settled": settled.document_id,
            "settled_order": settled.order_id or "",
            "second": sold[1].document_id,
            "strange": strange.document_id,
            "doubted": doubted.document_id,
            "draft": drafts[0].document_id,
            "queued": queued.document_id,
            "unmatched": stray.delivery_id,
            "office": shop.office.office_id,
            "pdf": next(file.digest for file in settled.files if file.kind.value == "PDF"),
        }


async def _sell(world: World, shop: Shop) -> FiscalDocument:
    return await world.invoice(shop, await world.an_order(shop))


async def _corrected(world: World, shop: Shop) -> FiscalDocument:
    """The successor of an invoice that the DGI rejected."""
    world.engine.set_progression(dgi_rejection("1602", "El RUC del receptor no existe"))
    rejected = await _sell(world, shop)
    for _ in range(40):
        await world.deliver_webhooks()
        await world.sweep(every_seconds=10)
    world.engine.set_progression(immediate())
    return await world.reissue(
        shop.tenant.tenant_id,
        rejected.document_id,
        Changes(terms={"information": "corregida"}),
        idempotency_key="corrected",
        wait_seconds=10,
        actor="caller:test",
    )


async def _draft(world: World, shop: Shop, key: str) -> FiscalDocument:
    order = await world.an_order(shop)
    return await world.generate_invoice(
        shop.tenant.tenant_id,
        order.order_id,
        mode=DocumentMode.PROFORM,
        idempotency_key=key,
        wait_seconds=0,
        actor="caller:test",
    )


async def _sell_under(world: World, shop: Shop, *kinds: FaultKind) -> FiscalDocument:
    world.engine.set_faults(FaultPlan(rules=tuple(FaultRule(kind=kind) for kind in kinds)))
    return await _sell(world, shop)


async def _authorise(world: World, documents: list[FiscalDocument]) -> None:
    for _ in range(40):
        await world.deliver_webhooks()
        await world.sweep(every_seconds=10)
        current = [await world.current(document) for document in documents]
        if all(each.legal_status is LegalStatus.DGI_AUTHORIZED and len(each.files) == 2 for each in current):
            return
    raise AssertionError([(each.submission, each.legal_status, each.files) for each in current])
