"""Drafts, payments, conversions, reissues, imports and kept reference data, end to end on every store.

On PostgreSQL everything runs as the application role, bound by row-level security.
"""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.persistence.stores import Stores
from core.catalogues import CatalogueKind
from core.codes import PaymentForm
from core.documents import DocumentKind, DocumentMode, FiscalDocument, Submission
from core.failures import AlreadyImportedError, DocumentNotFoundError
from core.months import Month
from core.ports.document_repository import DocumentFilter
from core.ports.file_reader import FileReader, ReadFile
from core.use_cases.archive_month import ArchiveMonth
from core.use_cases.import_document import ImportDocument, ImportWish
from core.use_cases.read_sales_book import ReadSalesBook
from core.use_cases.record_payment import NewPayment
from core.use_cases.upload_file import UploadFile, UploadTokens
from core.voids import VoidWindow
from tests.notes_shop import until_authorised
from tests.shop import Shop
from tests.unit.use_cases.drafting import ACTOR, converted, drafted, selling, updated, withdrawn
from tests.unit.use_cases.reissuing import refused, reissued
from tests.unit.use_cases.told_pac import Told
from tests.world import World, tenant_of


class OneCode(FileReader):
    """Sees one QR code on every file, and amounts that add up."""

    def __init__(self, code: str) -> None:
        self._code = code

    async def read(self, content: bytes) -> ReadFile:
        assert content.startswith(b"%PDF-")
        return ReadFile(qr_texts=(self._code,), text="Subtotal 100.00 ITBMS 7.00 Total 107.00")


async def pay(world: World, document: FiscalDocument, key: str) -> None:
    new = NewPayment(amount=Decimal("1.00"), method=PaymentForm.CASH, paid_at=world.clock.now())
    entered = await world.record_payment(
        document.tenant_id, document.document_id, new, idempotency_key=key, actor=ACTOR
    )
    again = await world.reverse_payment(
        document.tenant_id, entered.payment.payment_id, "se devolvió", idempotency_key=f"{key}-back", actor=ACTOR
    )
    assert again.payment.reversal is not None


async def test_a_draft_is_changed_paid_and_converted(stores: Stores) -> None:
    world = World(stores=stores)
    shop = await world.open_shop()
    draft = await drafted(world, shop)
    await updated(world, draft, selling())
    await pay(world, draft, "before")
    issued = await until_authorised(world, await converted(world, draft))
    await pay(world, issued, "after")
    await withdrawn(world, await drafted(world, shop, key="other"))
    assert (issued.document_id, issued.mode) == (draft.document_id, DocumentMode.DGI)
    month = Month(issued.issued_at.year, issued.issued_at.month)
    book = await ReadSalesBook(stores.documents, world.clock, VoidWindow())(tenant_of(shop), month)
    assert [line.document.document_id for line in book.lines] == [issued.document_id]
    names = [file.name async for file in ArchiveMonth(stores.documents, stores.files)(tenant_of(shop), month)]
    assert f"pdf/{issued.cufe}.pdf" in names


async def test_a_refused_document_is_reissued_and_its_successor_held_back(stores: Stores) -> None:
    pac = Told()
    world = World(gateway=pac, stores=stores)
    pac.over(world)
    original = await refused(world, pac)
    successor = await reissued(world, original, wait=0)
    await world.sweep(times=2, every_seconds=60)
    assert (await world.current(successor)).submission is Submission.ACCEPTED
    assert (await world.current(original)).replaced_by == successor.document_id


async def receiving(world: World, seller: Shop, buyer: Shop, key: str) -> tuple[ImportDocument, ImportWish]:
    original = await until_authorised(world, await world.invoice(seller, await world.an_order(seller), key))
    assert original.qr is not None
    tokens = UploadTokens(b"k" * 32, world.clock)
    receipt = await UploadFile(world.stores.files, tokens)(tenant_of(buyer), b"%PDF-1.4 received")
    run = ImportDocument(
        world.stores.tenants,
        world.stores.documents,
        world.stores.files,
        OneCode(original.qr),
        world.clock,
        world.identifiers,
    )
    return run, ImportWish(upload=tokens.read(tenant_of(buyer), receipt.token), source=DocumentKind.INVOICE)


async def received(world: World, seller: Shop, buyer: Shop, key: str) -> FiscalDocument:
    run, wish = await receiving(world, seller, buyer, key)
    document = await run(tenant_of(buyer), wish, idempotency_key=key, actor=ACTOR)
    assert await run(tenant_of(buyer), wish, idempotency_key=key, actor=ACTOR) == document
    with pytest.raises(AlreadyImportedError):
        await run(tenant_of(buyer), replace(wish, external_id="x"), idempotency_key="other", actor=ACTOR)
    return document


async def test_of_imports_at_once_one_is_live_also_after_one_that_was_withdrawn(stores: Stores) -> None:
    world = World(stores=stores)
    seller, buyer = await world.open_shop(), await world.open_shop("155000002-2-2020", "Compradora, S.A.")
    run, wish = await receiving(world, seller, buyer, "sale")
    tenant_id = tenant_of(buyer)
    for life in range(3):
        calls = [run(tenant_id, wish, idempotency_key=f"{life}-{at}", actor=ACTOR) for at in range(4)]
        ended = await asyncio.gather(*calls, return_exceptions=True)
        (live,) = [end for end in ended if isinstance(end, FiscalDocument)]
        lost = [end for end in ended if isinstance(end, AlreadyImportedError)]
        assert [error.details["document_id"] for error in lost] == [live.document_id] * 3
        page = await stores.documents.page(tenant_id, DocumentFilter(withdrawn=False), limit=10, after=None)
        assert [each.document_id for each in page.documents] == [live.document_id]
        await withdrawn(world, live)
    everything = await stores.documents.page(tenant_id, DocumentFilter(cufe=live.cufe), limit=10, after=None)
    assert len(everything.documents) == 3, "the withdrawn ones stay readable"


async def test_an_import_is_kept_with_its_file_and_disturbs_nothing(stores: Stores) -> None:
    world = World(stores=stores)
    seller, buyer = await world.open_shop(), await world.open_shop("155000002-2-2020", "Compradora, S.A.")
    document = await received(world, seller, buyer, "sale")
    assert [file.file_name for file in document.files] == [f"{document.cufe}.pdf"]
    await world.sweep(times=3, every_seconds=3600)
    assert await world.current(document) == document
    with pytest.raises(DocumentNotFoundError):
        await stores.documents.get(tenant_of(seller), document.document_id)
    invoice = await until_authorised(world, await world.invoice(buyer, await world.an_order(buyer)))
    assert invoice.number == 1, "an import takes no number of the buyer's own series"


async def test_a_catalogue_and_a_ruc_are_kept(stores: Stores) -> None:
    world = World(stores=stores)
    shop = await world.open_shop()
    first = await world.read_catalogue(tenant_of(shop), CatalogueKind.UNITS)
    assert await world.read_catalogue(tenant_of(shop), CatalogueKind.UNITS) == first
    assert first.catalogue.entries
