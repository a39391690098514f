"""DocumentRepository: a void invoice frees its order, and only a void one does."""

from dataclasses import replace

import pytest

from adapters.persistence.stores import Stores
from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.failures import OrderAlreadyInvoicedError
from core.identifiers import OrderId, PacDocumentId, TenantId
from core.ports.document_repository import DueDocument
from core.voids import Void, VoidState
from tests.builders import NOW, a_reservation, an_id, building, record_document


def authorised(document: FiscalDocument, state: VoidState | None) -> Change:
    void = Void(
        state=state or VoidState.FAILED,
        reason="El cliente desistió",
        requested_at=NOW,
        requested_by="caller:test",
        idempotency_key="void",
        codes=("0622",),
        past_keys=("an older one",),
        due_at=NOW,
    )
    return Change(
        document=replace(
            document,
            submission=Submission.ACCEPTED,
            legal_status=LegalStatus.DGI_AUTHORIZED,
            raw_legal_status="DGI_AUTHORIZED",
            pac_document_id=PacDocumentId(an_id()),
            cufe=document.expected_cufe,
            accepted_at=NOW,
            next_action_at=NOW,
            void=void if state else None,
        )
    )


@pytest.mark.parametrize("state", [None, VoidState.REQUESTED, VoidState.IN_DOUBT, VoidState.FAILED])
async def test_an_order_stays_billed_until_its_invoice_is_void(
    stores: Stores, tenant_id: TenantId, state: VoidState | None
) -> None:
    order_id = OrderId(an_id())
    invoice = await record_document(stores.documents, tenant_id, order_id=order_id)
    await stores.documents.update(tenant_id, invoice.document_id, lambda current: authorised(current, state))
    again = a_reservation(tenant_id, order_id=order_id)
    with pytest.raises(OrderAlreadyInvoicedError):
        await stores.documents.record(again, building(again, order_id=order_id))


async def test_the_order_of_a_void_invoice_is_billed_again_and_the_void_comes_back_whole(
    stores: Stores, tenant_id: TenantId
) -> None:
    order_id = OrderId(an_id())
    invoice = await record_document(stores.documents, tenant_id, order_id=order_id)
    voided = await stores.documents.update(
        tenant_id, invoice.document_id, lambda current: authorised(current, VoidState.VOIDED)
    )
    assert (await stores.documents.get(tenant_id, invoice.document_id)).void == voided.void
    again = a_reservation(tenant_id, order_id=order_id)
    second = (await stores.documents.record(again, building(again, order_id=order_id))).document
    third = a_reservation(tenant_id, order_id=order_id)
    with pytest.raises(OrderAlreadyInvoicedError) as refused:
        await stores.documents.record(third, building(third, order_id=order_id))
    assert refused.value.details["document_id"] == second.document_id


async def test_due_work_says_whether_a_void_was_asked_for(stores: Stores, tenant_id: TenantId) -> None:
    plain = await record_document(stores.documents, tenant_id)
    voided = await record_document(stores.documents, tenant_id)
    await stores.documents.update(tenant_id, plain.document_id, lambda current: authorised(current, None))
    await stores.documents.update(
        tenant_id, voided.document_id, lambda current: authorised(current, VoidState.REQUESTED)
    )
    due = await stores.due_work.due_documents(tenant_id, NOW, limit=10)
    assert set(due) == {
        DueDocument(
            tenant_id=tenant_id, document_id=one.document_id, submission=Submission.ACCEPTED, has_void=one is voided
        )
        for one in (plain, voided)
    }
