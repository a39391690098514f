"""A received document is read from its file, verified, and kept once; whatever is wrong is said and keeps nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.file_reading.process_reader import ProcessFileReader
from core.cufe import luhn_digit
from core.documents import DocumentKind, DocumentMode, FiscalDocument, LegalStatus, Submission
from core.drafts import AmountSource
from core.errors import IstmoError
from core.failures import AlreadyImportedError, OwnDocumentError, UploadNotFoundError
from core.issue_time import panama_date
from core.ports.document_repository import DocumentFilter
from core.received import ReceivedAmounts
from core.timeline import first_break
from core.use_cases.import_document import ImportDocument, ImportWish
from core.use_cases.upload_file import UploadFile, UploadTokens
from tests.unit.imports.received_files import blank_picture, issued_by, page_with, photo_of
from tests.world import Shop, World, tenant_of

TEST_ADDRESS = "https://dgi-fep-test.mef.gob.pa:40001/Consultas/FacturasPorQR"
EVERYTHING = DocumentFilter()
AMOUNTS = ReceivedAmounts(
    net=Decimal("120.00"), itbms=Decimal("8.40"), total=Decimal("128.40"), source=AmountSource.CALLER
)


class Receiving:
    """A world with a seller and a buyer."""

    def __init__(self, world: World, seller: Shop, buyer: Shop) -> None:
        self.world, self.seller, self.buyer = world, seller, buyer
        stores = world.stores
        self.tokens = UploadTokens(b"k" * 32, world.clock)
        self.upload = UploadFile(stores.files, self.tokens)
        self.run = ImportDocument(
            stores.tenants, stores.documents, stores.files, ProcessFileReader(), world.clock, world.identifiers
        )

    async def __call__(
        self, content: bytes, *, key: str = "k", shop: Shop | None = None, **said: object
    ) -> FiscalDocument:
        tenant_id = tenant_of(shop or self.buyer)
        receipt = await self.upload(tenant_id, content)
        wish = ImportWish(upload=self.tokens.read(tenant_id, receipt.token), source=DocumentKind.INVOICE)
        return await self.run(tenant_id, replace(wish, **said), idempotency_key=key, actor="caller:test")


@pytest.fixture
async def receiving() -> Receiving:
    world = World()
    return Receiving(world, await world.open_shop(), await world.open_shop("155000002-2-2020", "Compradora, S.A."))


async def taken_back(receiving: Receiving, document: FiscalDocument) -> FiscalDocument:
    return await receiving.world.withdraw(
        document.tenant_id, document.document_id, kind=DocumentKind.INVOICE, reason="otros montos", actor="caller:test"
    )


async def refusal(receiving: Receiving, content: bytes, **said: object) -> str:
    with pytest.raises(IstmoError) as refused:
        await receiving(content, **said)
    page = await receiving.world.stores.documents.page(tenant_of(receiving.buyer), EVERYTHING, limit=10, after=None)
    assert page.documents == (), "nothing is kept"
    return refused.value.code


async def test_the_pdf_of_the_pac_is_imported_with_the_amounts_of_its_text(receiving: Receiving) -> None:
    original, pdf = await issued_by(receiving.world, receiving.seller)
    document = await receiving(pdf, issuer_name="Ferretería El Istmo, S.A.")
    assert (document.mode, document.submission) == (DocumentMode.DGI_IMPORT, Submission.IMPORTED)
    assert (document.cufe, document.expected_cufe, document.legal_status) == (original.cufe, "", LegalStatus.NONE)
    assert (document.issuer.ruc, document.issuer.name) == (original.issuer.ruc, "Ferretería El Istmo, S.A.")
    assert panama_date(document.issued_at) == panama_date(original.issued_at)
    assert (document.totals.total, document.draft.amounts_source) == (original.totals.total, AmountSource.FILE)
    assert await receiving.world.stores.files.get(document.tenant_id, document.files[0].digest) == pdf
    events = await receiving.world.stores.journal.events(document.tenant_id, document.document_id)
    assert [chained.event.kind.value for chained in events] == ["RECORDED", "FILE_STORED"]
    assert first_break(events) is None


@pytest.mark.parametrize(("degrees", "form"), [(0, "PNG"), (2.5, "JPEG"), (90, "JPEG"), (180, "JPEG")])
async def test_a_photo_is_read_by_its_qr_and_its_amounts_come_from_the_caller(
    receiving: Receiving, degrees: float, form: str
) -> None:
    original, pdf = await issued_by(receiving.world, receiving.seller)
    photo = photo_of(pdf, degrees=degrees, form=form)
    document = await receiving(photo, amounts=AMOUNTS)
    assert document.cufe == original.cufe
    assert (document.files[0].kind.value, document.draft.amounts_source) == (form, AmountSource.CALLER)


async def test_the_same_key_gives_the_same_document_and_another_key_is_told_of_it(receiving: Receiving) -> None:
    _, pdf = await issued_by(receiving.world, receiving.seller)
    first = await receiving(pdf)
    assert (await receiving(pdf)).document_id == first.document_id
    with pytest.raises(AlreadyImportedError) as refused:
        await receiving(pdf, key="another")
    assert refused.value.details["document_id"] == first.document_id


async def test_what_was_withdrawn_is_imported_again_as_a_document_of_its_own(receiving: Receiving) -> None:
    _, pdf = await issued_by(receiving.world, receiving.seller)
    first = await receiving(pdf)
    gone = await taken_back(receiving, first)
    again = await receiving(pdf, key="again", amounts=AMOUNTS)
    assert again.document_id != first.document_id
    assert (again.withdrawn_at, again.cufe, again.files[0].digest) == (None, first.cufe, first.files[0].digest)
    kept = await receiving.world.current(first)
    assert kept == gone, "the withdrawn one stays as it was"
    events = await receiving.world.stores.journal.events(first.tenant_id, first.document_id)
    assert [chained.event.kind.value for chained in events] == ["RECORDED", "FILE_STORED", "WITHDRAWN"]
    with pytest.raises(AlreadyImportedError) as refused:
        await receiving(pdf, key="third")
    assert refused.value.details["document_id"] == again.document_id
    await taken_back(receiving, again)
    assert (await receiving(pdf, key="third")).withdrawn_at is None


async def test_a_repeated_call_finds_what_it_made_also_when_that_was_withdrawn(receiving: Receiving) -> None:
    _, pdf = await issued_by(receiving.world, receiving.seller)
    first = await receiving(pdf)
    await taken_back(receiving, first)
    assert (await receiving(pdf)).document_id == first.document_id
    second = await receiving(pdf, key="again")
    assert [(await receiving(pdf, key=key)).document_id for key in ("k", "again")] == [
        first.document_id,
        second.document_id,
    ]


async def test_both_sides_of_one_installation_keep_the_document(receiving: Receiving) -> None:
    original, pdf = await issued_by(receiving.world, receiving.seller)
    document = await receiving(pdf)
    assert (document.tenant_id, document.cufe) != (original.tenant_id, original.cufe)
    assert (await receiving.world.current(original)).submission is Submission.ACCEPTED
    with pytest.raises(OwnDocumentError):
        await receiving(pdf, shop=receiving.seller)


async def test_nothing_is_ever_sent_of_it(receiving: Receiving) -> None:
    _, pdf = await issued_by(receiving.world, receiving.seller)
    document = await receiving(pdf)
    held = len(receiving.world.engine.documents)
    await receiving.world.sweep(times=20, every_seconds=3600)
    assert len(receiving.world.engine.documents) == held
    assert (await receiving.world.current(document)).version == document.version


async def test_what_is_wrong_with_a_file_is_said(receiving: Receiving) -> None:
    cufe = (await issued_by(receiving.world, receiving.seller))[0].cufe or ""
    wrong_digit = cufe[:-1] + str((int(cufe[-1]) + 1) % 10)
    cases = {
        blank_picture(): "qr_missing",
        page_with(): "qr_missing",
        page_with("https://example.com/FacturasPorQR?chFE=" + cufe): "qr_not_dgi",
        page_with("WIFI:S:oficina;T:WPA;P:1234;;"): "qr_not_dgi",
        page_with(TEST_ADDRESS): "qr_not_ready",
        page_with(TEST_ADDRESS + "?chFE=&iAmb=2"): "qr_not_ready",
        page_with(f"{TEST_ADDRESS}?chFE={wrong_digit}&iAmb=2"): "imported_cufe_wrong",
        page_with(f"{TEST_ADDRESS}?chFE={cufe[:60]}&iAmb=2"): "imported_cufe_wrong",
        page_with(f"{TEST_ADDRESS}?chFE={cufe}&iAmb=2"): "amounts_needed",
        page_with(f"{TEST_ADDRESS}?chFE={cufe}&iAmb=2", text=("Total neto 1.00", "ITBMS 1.00", "TOTAL 3.00")): (
            "amounts_needed"
        ),
    }
    for place, (content, code) in enumerate(cases.items()):
        assert await refusal(receiving, content, key=str(place)) == code, code
    assert luhn_digit(cufe[2:-1]) == cufe[-1]


async def test_the_dgis_code_is_found_beside_others(receiving: Receiving) -> None:
    cufe = (await issued_by(receiving.world, receiving.seller))[0].cufe
    page = page_with("https://example.com/pague-aqui", f"{TEST_ADDRESS}?chFE={cufe}&iAmb=2")
    assert (await receiving(page, amounts=AMOUNTS)).cufe == cufe


async def test_another_kind_of_document_and_amounts_that_exceed_the_total_are_said(receiving: Receiving) -> None:
    _, pdf = await issued_by(receiving.world, receiving.seller)
    assert await refusal(receiving, pdf, source=DocumentKind.CREDIT) == "source_type_mismatch"
    assert await refusal(receiving, pdf, amounts=replace(AMOUNTS, total=Decimal("128.39"))) == "amounts_needed"
    with_isc = await receiving(pdf, amounts=replace(AMOUNTS, total=Decimal("130.00")))
    assert (with_isc.totals.other_charges, with_isc.totals.total) == (Decimal("1.60"), Decimal("130.00"))


async def test_an_upload_is_its_own_tenants_and_lives_for_an_hour(receiving: Receiving) -> None:
    receipt = await receiving.upload(tenant_of(receiving.buyer), page_with("x"))
    with pytest.raises(UploadNotFoundError):
        receiving.tokens.read(tenant_of(receiving.seller), receipt.token)
    with pytest.raises(UploadNotFoundError):
        receiving.tokens.read(tenant_of(receiving.buyer), receipt.token[:-2] + "AA")
    receiving.world.clock.advance(3600)
    with pytest.raises(UploadNotFoundError):
        receiving.tokens.read(tenant_of(receiving.buyer), receipt.token)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", b"PK\x03\x04", b"%PDF-1.4" + b"x" * (10 * 1024 * 1024)])
async def test_what_is_no_file_to_import_is_not_taken(receiving: Receiving, content: bytes) -> None:
    with pytest.raises(IstmoError) as refused:
        await receiving.upload(tenant_of(receiving.buyer), content)
    assert refused.value.code == "upload_refused"
