"""RecoverAfterRestore: every tenant's unsettled documents, and every series past its mark."""

from dataclasses import replace

import pytest

from adapters.persistence.in_memory_store import in_memory_stores
from adapters.scheduler.manual_clock import ManualClock
from bootstrap.recovering import recovery_on
from core.codes import DocumentType
from core.documents import Change, FiscalDocument, LegalStatus, SeriesKey, Submission
from core.failures import MalformedSeriesError, SeriesExhaustedError, TenantNotFoundError
from core.identifiers import TenantId
from core.schedules import Schedules
from core.use_cases.recover_after_restore import LostTenant, Recovery, SeriesMoved, TenantSeries
from tests.builders import INVOICES, a_reservation, a_tenant, building, record_document

EXPORTS = SeriesKey(billing_point="002", document_type=DocumentType.EXPORT_INVOICE)


class Restored:
    """Memory that plays the restored database, and the recovery on it."""

    def __init__(self) -> None:
        self.stores = in_memory_stores()
        self.clock = ManualClock()

    async def a_tenant(self) -> TenantId:
        tenant = a_tenant()
        await self.stores.directory.add_tenant(tenant)
        return tenant.tenant_id

    async def a_document_that_is(self, tenant_id: TenantId, **state: object) -> FiscalDocument:
        document = await record_document(self.stores.documents, tenant_id)
        return await self.stores.documents.update(
            tenant_id,
            document.document_id,
            lambda current: Change(document=replace(current, **state)),  # type: ignore[arg-type]
        )

    async def recover(self, *marked: TenantSeries, past: dict[TenantSeries, int] | None = None) -> Recovery:
        stores = self.stores
        recovery = recovery_on(stores, self.clock, Schedules())
        return await recovery(marked, past or {})


@pytest.fixture
def restored() -> Restored:
    return Restored()


async def test_more_unsettled_documents_than_a_page_holds_are_all_doubted(restored: Restored) -> None:
    first, second = await restored.a_tenant(), await restored.a_tenant()
    for _ in range(130):
        await record_document(restored.stores.documents, first)
    await restored.a_document_that_is(second, submission=Submission.SENDING)
    followed = await restored.a_document_that_is(
        second, submission=Submission.ACCEPTED, legal_status=LegalStatus.PAC_AUTHORIZED
    )
    settled = await restored.a_document_that_is(
        second, submission=Submission.ACCEPTED, legal_status=LegalStatus.DGI_AUTHORIZED
    )
    told = await restored.recover()
    assert (told.changed, told.in_doubt) == (132, 131)
    assert (await restored.stores.documents.get(second, followed.document_id)).maybe_executed
    assert await restored.stores.documents.get(second, settled.document_id) == settled


async def test_no_number_up_to_the_mark_is_given_again(restored: Restored) -> None:
    tenant_id = await restored.a_tenant()
    await record_document(restored.stores.documents, tenant_id)
    await restored.stores.marks.raise_to(tenant_id, INVOICES, 7)
    await restored.stores.marks.raise_to(tenant_id, EXPORTS, 3)
    invoices, exports = (TenantSeries(tenant_id=tenant_id, series=series) for series in (INVOICES, EXPORTS))
    told = await restored.recover(invoices, exports)
    assert told.moved == (
        SeriesMoved(of=invoices, from_number=2, to_number=8),
        SeriesMoved(of=exports, from_number=1, to_number=4),
    )
    assert (await record_document(restored.stores.documents, tenant_id)).number == 8
    moves = await restored.stores.series.moves(tenant_id, INVOICES)
    assert [(move.actor, move.reason, move.from_number, move.to_number) for move in moves] == [
        ("restore", "restore", 2, 8)
    ]


async def test_a_series_that_is_past_its_mark_stays(restored: Restored) -> None:
    tenant_id = await restored.a_tenant()
    await record_document(restored.stores.documents, tenant_id)
    await restored.stores.marks.raise_to(tenant_id, INVOICES, 1)
    told = await restored.recover(TenantSeries(tenant_id=tenant_id, series=INVOICES))
    assert told.moved == ()
    assert await restored.stores.series.moves(tenant_id, INVOICES) == ()


async def test_a_series_with_unsettled_documents_is_looked_at_though_nobody_named_it(restored: Restored) -> None:
    tenant_id = await restored.a_tenant()
    await record_document(restored.stores.documents, tenant_id)
    await restored.stores.marks.raise_to(tenant_id, INVOICES, 4)
    assert [move.to_number for move in (await restored.recover()).moved] == [5]


async def test_a_person_may_know_better_than_the_mark(restored: Restored) -> None:
    tenant_id = await restored.a_tenant()
    await restored.stores.marks.raise_to(tenant_id, INVOICES, 4)
    one = TenantSeries(tenant_id=tenant_id, series=INVOICES)
    told = await restored.recover(one, past={one: 451})
    assert [move.to_number for move in told.moved] == [452]
    assert await restored.stores.marks.read(tenant_id, INVOICES) == 451


async def test_a_smaller_number_than_the_mark_does_not_hold_the_series_back(restored: Restored) -> None:
    tenant_id = await restored.a_tenant()
    await restored.stores.marks.raise_to(tenant_id, INVOICES, 9)
    one = TenantSeries(tenant_id=tenant_id, series=INVOICES)
    assert [move.to_number for move in (await restored.recover(past={one: 5})).moved] == [10]


async def test_running_it_again_moves_nothing(restored: Restored) -> None:
    tenant_id = await restored.a_tenant()
    await record_document(restored.stores.documents, tenant_id)
    await restored.stores.marks.raise_to(tenant_id, INVOICES, 4)
    await restored.recover()
    assert (await restored.recover()).moved == ()


async def test_a_mark_of_a_tenant_who_was_lost_is_told(restored: Restored) -> None:
    await restored.a_tenant()
    gone = TenantSeries(tenant_id=TenantId("01GONE"), series=INVOICES)
    await restored.stores.marks.raise_to(gone.tenant_id, INVOICES, 12)
    assert (await restored.recover(gone)).lost_tenants == (LostTenant(of=gone, mark=12),)


@pytest.mark.parametrize("number", [0, -1, 10_000_000_000])
async def test_a_number_that_is_none_changes_nothing(restored: Restored, number: int) -> None:
    tenant_id = await restored.a_tenant()
    document = await record_document(restored.stores.documents, tenant_id)
    with pytest.raises(MalformedSeriesError):
        await restored.recover(past={TenantSeries(tenant_id=tenant_id, series=INVOICES): number})
    assert await restored.stores.documents.get(tenant_id, document.document_id) == document


async def test_an_unknown_tenant_in_the_operators_numbers_changes_nothing(restored: Restored) -> None:
    tenant_id = await restored.a_tenant()
    document = await record_document(restored.stores.documents, tenant_id)
    with pytest.raises(TenantNotFoundError):
        await restored.recover(past={TenantSeries(tenant_id=TenantId("01GONE"), series=INVOICES): 5})
    assert await restored.stores.documents.get(tenant_id, document.document_id) == document


async def test_the_last_number_of_all_leaves_an_exhausted_series(restored: Restored) -> None:
    tenant_id = await restored.a_tenant()
    one = TenantSeries(tenant_id=tenant_id, series=INVOICES)
    await restored.recover(past={one: 9_999_999_999})
    reservation = a_reservation(tenant_id)
    with pytest.raises(SeriesExhaustedError):
        await restored.stores.documents.record(reservation, building(reservation))
