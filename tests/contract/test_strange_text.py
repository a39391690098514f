"""What the PAC says is kept whatever it says, and the chain of events verifies over what was kept (I14)."""

from dataclasses import replace

from adapters.persistence.stores import Stores
from core.documents import Change, FiscalDocument
from core.events import Event, EventKind
from core.identifiers import PacDocumentId, TenantId
from core.timeline import first_break
from tests.builders import NOW, record_document

STRANGE = "a\x00b\ud800c\udfff"


async def test_strange_facts_and_ids_are_kept_and_break_no_chain(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)

    def step(now: FiscalDocument) -> Change:
        event = Event(at=NOW, kind=EventKind.ALARM, actor=STRANGE, facts={"reason": STRANGE, STRANGE: "x"})
        return Change(document=replace(now, hinted_ids=(PacDocumentId(STRANGE),)), events=(event,))

    await stores.documents.update(tenant_id, document.document_id, step)
    await stores.documents.update(tenant_id, document.document_id, step)
    events = await stores.journal.events(tenant_id, document.document_id)
    assert len(events) == 3
    assert first_break(events) is None
    assert len((await stores.documents.get(tenant_id, document.document_id)).hinted_ids) == 1
