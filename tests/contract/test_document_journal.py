"""DocumentJournal: a document's bytes, events, raw answers and files, for its own tenant alone."""

import pytest

from adapters.persistence.stores import Stores
from core.documents import FileKind
from core.failures import DocumentNotFoundError
from core.identifiers import DocumentId, TenantId
from tests.builders import record_document


async def test_a_new_document_has_a_body_one_event_no_answers_and_no_files(stores: Stores, tenant_id: TenantId) -> None:
    body = bytes(range(256))
    document = await record_document(stores.documents, tenant_id, body=body)
    journal, name = stores.journal, document.document_id
    assert await journal.body(tenant_id, name) == body
    assert len(await journal.events(tenant_id, name)) == 1
    assert list(await journal.exchanges(tenant_id, name)) == []
    assert list(await journal.attachments(tenant_id, name)) == []
    assert await journal.attachment(tenant_id, name, FileKind.XML) is None


async def test_another_tenants_history_and_an_unknown_one_are_not_found(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    document = await record_document(stores.documents, tenant_id)
    journal = stores.journal
    for owner, name in (
        (stranger_id, document.document_id),
        (tenant_id, DocumentId("unknown")),
        (tenant_id, DocumentId("\x00\ud800")),
    ):
        for reading in (
            journal.body(owner, name),
            journal.events(owner, name),
            journal.exchanges(owner, name),
            journal.attachments(owner, name),
            journal.attachment(owner, name, FileKind.PDF),
        ):
            with pytest.raises(DocumentNotFoundError):
                await reading
