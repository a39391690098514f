"""DocumentRepository.update: a pure step under the row's lock, everything or nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.persistence.stores import Stores
from core.claims import Claim
from core.documents import Change, FileKind, FiscalDocument, LegalStatus, Refusal, Submission
from core.events import EventKind
from core.failures import DocumentNotFoundError, PacDocumentIdTakenError
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.timeline import first_break
from tests.builders import NOW, a_draft, an_attachment, an_event, an_exchange, record_document

LATER = NOW + timedelta(minutes=5)


async def test_every_field_of_a_changed_document_comes_back_as_it_was_given(
    stores: Stores, tenant_id: TenantId
) -> None:
    document = await record_document(stores.documents, tenant_id)
    file = an_attachment(is_provisional=True)
    changed = replace(
        document,
        submission=Submission.ACCEPTED,
        legal_status=LegalStatus.UNRECOGNISED,
        raw_legal_status="EN_CAMINO",
        maybe_executed=True,
        attempts=2,
        claim=Claim(token=3, worker="w1", expires_at=LATER, doubted_before=True),
        last_token=3,
        next_action_at=LATER + timedelta(microseconds=1),
        checks=4,
        doubt_since=NOW,
        doubt_reason="duplicate",
        accepted_at=LATER,
        pac_document_id=PacDocumentId("pac-1"),
        hinted_ids=(PacDocumentId("pac-2"), PacDocumentId("pac-3")),
        refuted_ids=(PacDocumentId("pac-4"),),
        authorised_beside=(PacDocumentId("pac-5"), PacDocumentId("pac-6")),
        cufe=document.expected_cufe,
        qr="https://dgi.example/qr?a=1&b=ñ",
        public_url="https://dgi.example/1",
        authorization_protocol="0000155596713-2-2015-20260000000000000001",
        refusal=Refusal(codes=("1002",), messages=("CUFE repetido",), is_recognised=False),
        quarantine_reason="why",
        files=(file,),
        updated_at=LATER,
    )
    stored = await stores.documents.update(
        tenant_id, document.document_id, lambda _: Change(document=changed, attachments=(file,))
    )
    assert stored == replace(changed, version=2)
    assert await stores.documents.get(tenant_id, document.document_id) == stored


async def test_what_was_set_can_be_taken_away_again(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    claim = Claim(token=1, worker="w1", expires_at=LATER, doubted_before=False)
    await stores.documents.update(
        tenant_id, document.document_id, lambda now: Change(document=replace(now, claim=claim, doubt_since=NOW))
    )
    cleared = await stores.documents.update(
        tenant_id,
        document.document_id,
        lambda now: Change(document=replace(now, claim=None, doubt_since=None, next_action_at=None)),
    )
    assert cleared == replace(document, next_action_at=None, version=3)
    assert await stores.documents.get(tenant_id, document.document_id) == cleared


async def test_amounts_come_back_exactly(stores: Stores, tenant_id: TenantId) -> None:
    draft = a_draft(freight=Decimal("0.10"), other_charges=Decimal("12345678901.230"))
    document = await record_document(stores.documents, tenant_id, draft=draft)
    found = await stores.documents.get(tenant_id, document.document_id)
    assert str(found.draft.other_charges) == "12345678901.230"
    assert found.totals == document.totals


async def test_a_step_that_changes_nothing_leaves_version_and_journal_alone(
    stores: Stores, tenant_id: TenantId
) -> None:
    document = await record_document(stores.documents, tenant_id)
    seen: list[FiscalDocument] = []
    answer = await stores.documents.update(tenant_id, document.document_id, seen.append)
    assert seen[-1] == document
    assert answer == document
    assert await stores.documents.get(tenant_id, document.document_id) == document
    assert len(await stores.journal.events(tenant_id, document.document_id)) == 1


async def test_a_step_that_raises_writes_nothing_and_its_error_passes(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)

    def failing(_: FiscalDocument) -> Change:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stores.documents.update(tenant_id, document.document_id, failing)
    assert await stores.documents.get(tenant_id, document.document_id) == document


async def test_an_unknown_document_is_not_found(stores: Stores, tenant_id: TenantId) -> None:
    with pytest.raises(DocumentNotFoundError):
        await stores.documents.update(tenant_id, DocumentId("unknown"), lambda now: Change(document=now))


async def test_a_step_may_not_rewrite_what_was_sent(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    with pytest.raises(ValueError, match="may not change number"):
        await stores.documents.update(
            tenant_id, document.document_id, lambda now: Change(document=replace(now, number=now.number + 1))
        )
    with pytest.raises(ValueError, match="files"):
        await stores.documents.update(
            tenant_id, document.document_id, lambda now: Change(document=now, attachments=(an_attachment(),))
        )
    assert await stores.documents.get(tenant_id, document.document_id) == document


async def test_updated_at_is_never_before_what_happened(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    updated = await stores.documents.update(
        tenant_id, document.document_id, lambda now: Change(document=now, events=(an_event(at=LATER),))
    )
    assert updated.updated_at == LATER
    earlier = await stores.documents.update(
        tenant_id, document.document_id, lambda now: Change(document=now, events=(an_event(at=NOW),))
    )
    assert earlier.updated_at == LATER


async def test_events_are_chained_across_changes(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    facts = {"ruc": "8-1", "año": "ñandú", "empty": ""}
    for kind in (EventKind.SENDING, EventKind.ACCEPTED):
        events = (an_event(kind=kind, facts=facts), an_event(kind=EventKind.STATUS, facts={}))
        await stores.documents.update(
            tenant_id, document.document_id, lambda now, events=events: Change(document=now, events=events)
        )
    chained = await stores.journal.events(tenant_id, document.document_id)
    assert [one.sequence for one in chained] == [1, 2, 3, 4, 5]
    assert chained[1].event == an_event(kind=EventKind.SENDING, facts=facts)
    assert first_break(chained) is None


async def test_raw_answers_are_kept_whole_and_in_order(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    exchanges = [an_exchange(note="first"), an_exchange(status=None, body=b"", note=""), an_exchange(attempt=2)]
    for batch in (exchanges[:2], exchanges[2:]):
        await stores.documents.update(
            tenant_id, document.document_id, lambda now, batch=tuple(batch): Change(document=now, exchanges=batch)
        )
    assert list(await stores.journal.exchanges(tenant_id, document.document_id)) == exchanges


async def test_one_file_of_each_kind_is_current(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    provisional, xml = an_attachment(is_provisional=True), an_attachment(kind=FileKind.XML, file_name="FE01.xml")
    final = an_attachment(digest="b" * 64, size=9, stored_at=LATER)
    for files, new in (((provisional,), provisional), ((provisional, xml), xml), ((xml, final), final)):
        await stores.documents.update(
            tenant_id,
            document.document_id,
            lambda now, files=files, new=new: Change(document=replace(now, files=files), attachments=(new,)),
        )
    assert list(await stores.journal.attachments(tenant_id, document.document_id)) == [final, xml]
    assert await stores.journal.attachment(tenant_id, document.document_id, FileKind.PDF) == final
    assert (await stores.documents.get(tenant_id, document.document_id)).files == (xml, final)


async def test_concurrent_steps_on_one_document_all_count(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    await asyncio.gather(
        *(
            stores.documents.update(
                tenant_id,
                document.document_id,
                lambda now: Change(document=replace(now, checks=now.checks + 1), events=(an_event(),)),
            )
            for _ in range(20)
        )
    )
    counted = await stores.documents.get(tenant_id, document.document_id)
    assert (counted.checks, counted.version) == (20, 21)
    chained = await stores.journal.events(tenant_id, document.document_id)
    assert (len(chained), first_break(chained)) == (21, None)


async def test_an_id_of_the_pac_belongs_to_one_document_of_a_tenant(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    def adopting(now: FiscalDocument) -> Change:
        return Change(document=replace(now, pac_document_id=PacDocumentId("pac-1")), events=(an_event(),))

    first, second = [await record_document(stores.documents, tenant_id) for _ in range(2)]
    foreign = await record_document(stores.documents, stranger_id)
    await stores.documents.update(tenant_id, first.document_id, adopting)
    await stores.documents.update(stranger_id, foreign.document_id, adopting)
    with pytest.raises(PacDocumentIdTakenError):
        await stores.documents.update(tenant_id, second.document_id, adopting)
    assert await stores.documents.get(tenant_id, second.document_id) == second
    assert len(await stores.journal.events(tenant_id, second.document_id)) == 1
