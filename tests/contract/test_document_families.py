"""DocumentRepository: documents that belong to one another, and drafts that become DGI documents."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.persistence.stores import Stores
from core.codes import DocumentType
from core.documents import INTERNAL_POINT, Change, DocumentMode, FiscalDocument, SeriesKey, Submission
from core.failures import DocumentNotFoundError, DraftChangedError
from core.identifiers import DocumentId, TenantId
from core.ports.document_repository import DocumentFilter, DraftVersion, FamilyStep, Relative, Reservation
from core.timeline import first_break
from core.voids import Void, VoidState
from tests.builders import NOW, a_draft, a_reservation, an_event, an_id, building, record_document

CREDIT_NOTES = SeriesKey(billing_point="001", document_type=DocumentType.REFERRING_CREDIT_NOTE)
DRAFTS = SeriesKey(billing_point=INTERNAL_POINT, document_type=DocumentType.DOMESTIC_INVOICE)
INVOICES = SeriesKey(billing_point="001", document_type=DocumentType.DOMESTIC_INVOICE)


class RefusedError(Exception):
    """What a relative answers that does not agree."""


async def record_note(stores: Stores, tenant_id: TenantId, parent: DocumentId, agree: FamilyStep) -> FiscalDocument:
    relative = Relative(document_id=parent, agree=agree)
    reservation = a_reservation(tenant_id, series=CREDIT_NOTES, relative=relative)
    recorded = await stores.documents.record(reservation, building(reservation, parent_id=parent))
    return recorded.document


def agreeing(_: FiscalDocument, __: Sequence[FiscalDocument]) -> None:
    return None


async def test_a_relative_sees_its_notes_and_its_change_is_written_with_the_new_one(
    stores: Stores, tenant_id: TenantId
) -> None:
    invoice = await record_document(stores.documents, tenant_id)
    first = await record_note(stores, tenant_id, invoice.document_id, agreeing)
    seen: list[Sequence[FiscalDocument]] = []

    def link(relative: FiscalDocument, notes: Sequence[FiscalDocument]) -> Change:
        seen.append(notes)
        return Change(document=replace(relative, replaced_by=DocumentId("next")), events=(an_event(),))

    second = await record_note(stores, tenant_id, invoice.document_id, link)
    assert [tuple(notes) for notes in seen] == [(first,)]
    assert (await stores.documents.get(tenant_id, invoice.document_id)).replaced_by == "next"
    assert first_break(await stores.journal.events(tenant_id, invoice.document_id)) is None
    found = await stores.documents.notes_of(tenant_id, [invoice.document_id])
    assert [note.document_id for note in found] == sorted([first.document_id, second.document_id])
    assert {note.parent_id for note in found} == {invoice.document_id}


async def test_a_relative_that_refuses_leaves_nothing_behind(stores: Stores, tenant_id: TenantId) -> None:
    invoice = await record_document(stores.documents, tenant_id)

    def refuse(_: FiscalDocument, __: Sequence[FiscalDocument]) -> None:
        raise RefusedError

    with pytest.raises(RefusedError):
        await record_note(stores, tenant_id, invoice.document_id, refuse)
    assert await stores.documents.notes_of(tenant_id, [invoice.document_id]) == ()
    assert (await record_note(stores, tenant_id, invoice.document_id, agreeing)).number == 1


async def test_of_two_notes_at_once_the_later_one_sees_the_earlier(stores: Stores, tenant_id: TenantId) -> None:
    invoice = await record_document(stores.documents, tenant_id)

    def only_one(_: FiscalDocument, notes: Sequence[FiscalDocument]) -> None:
        if notes:
            raise RefusedError

    ended = await asyncio.gather(
        *(record_note(stores, tenant_id, invoice.document_id, only_one) for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(end, FiscalDocument) for end in ended) == 1
    assert sum(isinstance(end, RefusedError) for end in ended) == 5


async def test_a_change_of_the_family_sees_every_note_that_was_recorded_before_it(
    stores: Stores, tenant_id: TenantId
) -> None:
    invoice = await record_document(stores.documents, tenant_id)
    void = Void(
        state=VoidState.REQUESTED, reason="x" * 15, requested_at=NOW, requested_by="caller:1", idempotency_key="v"
    )

    def ask(document: FiscalDocument, notes: Sequence[FiscalDocument]) -> Change:
        if notes:
            raise RefusedError
        return Change(document=replace(document, void=void))

    def unless_void(document: FiscalDocument, _: Sequence[FiscalDocument]) -> None:
        if document.void is not None:
            raise RefusedError

    ended = await asyncio.gather(
        stores.documents.update_family(tenant_id, invoice.document_id, ask),
        record_note(stores, tenant_id, invoice.document_id, unless_void),
        return_exceptions=True,
    )
    assert sum(isinstance(end, RefusedError) for end in ended) == 1, "exactly one of the two succeeds (A25)"
    voided = await stores.documents.get(tenant_id, invoice.document_id)
    assert (voided.void == void) is (await stores.documents.notes_of(tenant_id, [invoice.document_id]) == ())


async def test_another_tenants_document_is_no_relative_and_has_no_notes(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    invoice = await record_document(stores.documents, tenant_id)
    await record_note(stores, tenant_id, invoice.document_id, agreeing)
    with pytest.raises(DocumentNotFoundError):
        await record_note(stores, stranger_id, invoice.document_id, agreeing)
    with pytest.raises(DocumentNotFoundError):
        await stores.documents.update_family(stranger_id, invoice.document_id, lambda *_: None)
    assert await stores.documents.notes_of(stranger_id, [invoice.document_id]) == ()


async def record_draft(stores: Stores, tenant_id: TenantId) -> FiscalDocument:
    return await record_document(
        stores.documents,
        tenant_id,
        body=b"",
        series=DRAFTS,
        mode=DocumentMode.PROFORM,
        submission=Submission.DRAFT,
        next_action_at=None,
    )


def becoming(draft: FiscalDocument) -> Reservation:
    return a_reservation(
        draft.tenant_id,
        idempotency_key=draft.idempotency_key,
        series=INVOICES,
        draft=DraftVersion(document_id=draft.document_id, version=draft.version),
    )


async def test_a_draft_has_no_cufe_and_is_numbered_apart(stores: Stores, tenant_id: TenantId) -> None:
    drafts = [await record_draft(stores, tenant_id) for _ in range(2)]
    assert [draft.number for draft in drafts] == [1, 2]
    assert (await record_document(stores.documents, tenant_id)).number == 1
    kept = await stores.documents.get(tenant_id, drafts[1].document_id)
    assert kept == drafts[1]
    assert kept.expected_cufe == ""


async def test_a_draft_may_be_rewritten_and_a_dgi_document_may_not(stores: Stores, tenant_id: TenantId) -> None:
    draft = await record_draft(stores, tenant_id)
    other = replace(a_draft(), information="said anew")

    def rewrite(document: FiscalDocument) -> Change:
        return Change(document=replace(document, draft=other, external_id="mine"), events=(an_event(),))

    await stores.documents.update(tenant_id, draft.document_id, rewrite)
    kept = await stores.documents.get(tenant_id, draft.document_id)
    assert (kept.draft, kept.external_id, kept.version) == (other, "mine", 2)
    invoice = await record_document(stores.documents, tenant_id)
    with pytest.raises(ValueError, match="draft"):
        await stores.documents.update(tenant_id, invoice.document_id, rewrite)


async def test_a_draft_becomes_a_dgi_document_under_its_own_id(stores: Stores, tenant_id: TenantId) -> None:
    draft = await record_draft(stores, tenant_id)
    reservation = becoming(draft)
    build = building(reservation, document_id=draft.document_id, body=b"exact", created_at=draft.created_at)
    recorded = await stores.documents.record(reservation, build)
    document = recorded.document
    assert (document.document_id, document.mode, document.number) == (draft.document_id, DocumentMode.DGI, 1)
    assert document.submission is Submission.QUEUED
    assert document.expected_cufe
    assert await stores.documents.get(tenant_id, draft.document_id) == document
    assert await stores.journal.body(tenant_id, draft.document_id) == b"exact"
    events = await stores.journal.events(tenant_id, draft.document_id)
    assert (len(events), first_break(events)) == (2, None)
    again = await stores.documents.record(reservation, build)
    assert (again.is_replay, again.document) == (True, document)
    assert (await record_document(stores.documents, tenant_id)).number == 2


async def test_a_draft_that_was_edited_meanwhile_is_not_issued(stores: Stores, tenant_id: TenantId) -> None:
    draft = await record_draft(stores, tenant_id)
    reservation = becoming(draft)
    await stores.documents.update(
        tenant_id, draft.document_id, lambda now: Change(document=replace(now, external_id=an_id()))
    )
    with pytest.raises(DraftChangedError):
        await stores.documents.record(reservation, building(reservation, document_id=draft.document_id))
    assert (await record_document(stores.documents, tenant_id)).number == 1


async def test_nothing_is_sent_of_a_draft(stores: Stores, tenant_id: TenantId) -> None:
    draft = await record_document(
        stores.documents,
        tenant_id,
        body=b"",
        series=DRAFTS,
        mode=DocumentMode.PROFORM,
        submission=Submission.DRAFT,
        next_action_at=None,
    )
    with pytest.raises(DocumentNotFoundError):
        await stores.journal.body(tenant_id, draft.document_id)
    reservation = becoming(draft)
    build = building(reservation, document_id=draft.document_id, body=b"exact")
    await stores.documents.record(reservation, build)
    assert await stores.journal.body(tenant_id, draft.document_id) == b"exact"


async def test_how_long_a_document_waits_counts_from_when_it_stopped_being_a_draft(
    stores: Stores, tenant_id: TenantId
) -> None:
    draft = await record_draft(stores, tenant_id)
    later = NOW + timedelta(days=7)
    reservation = becoming(draft)
    build = building(reservation, document_id=draft.document_id, body=b"exact", created_at=later)
    recorded = await stores.documents.record(reservation, build)
    kept = await stores.documents.get(tenant_id, draft.document_id)
    assert (kept, kept.created_at) == (recorded.document, later)


async def test_both_the_parent_and_what_is_replaced_agree_and_each_writes_its_change(
    stores: Stores, tenant_id: TenantId
) -> None:
    invoice = await record_document(stores.documents, tenant_id)
    refused = await record_note(stores, tenant_id, invoice.document_id, agreeing)
    seen: list[Sequence[FiscalDocument]] = []

    def look(_: FiscalDocument, notes: Sequence[FiscalDocument]) -> None:
        seen.append(notes)

    def link(document: FiscalDocument, _: Sequence[FiscalDocument]) -> Change:
        if document.replaced_by is not None:
            raise RefusedError
        return Change(document=replace(document, replaced_by=DocumentId("next")), events=(an_event(),))

    async def correct() -> FiscalDocument:
        reservation = a_reservation(
            tenant_id,
            series=CREDIT_NOTES,
            relative=Relative(document_id=invoice.document_id, agree=look),
            replaced=Relative(document_id=refused.document_id, agree=link),
        )
        build = building(reservation, parent_id=invoice.document_id, replaces=refused.document_id)
        return (await stores.documents.record(reservation, build)).document

    ended = await asyncio.gather(*(correct() for _ in range(4)), return_exceptions=True)
    made = [end for end in ended if isinstance(end, FiscalDocument)]
    assert len(made) == 1
    assert sum(isinstance(end, RefusedError) for end in ended) == 3
    assert [note.document_id for note in seen[0]] == [refused.document_id]
    assert (await stores.documents.get(tenant_id, refused.document_id)).replaced_by == "next"
    assert (await record_note(stores, tenant_id, invoice.document_id, agreeing)).number == made[0].number + 1


async def test_pages_show_what_was_taken_back_or_leave_it_out(stores: Stores, tenant_id: TenantId) -> None:
    kept, gone = [await record_draft(stores, tenant_id) for _ in range(2)]

    def take_back(document: FiscalDocument) -> Change:
        return Change(document=replace(document, withdrawn_at=NOW), events=(an_event(),))

    gone = await stores.documents.update(tenant_id, gone.document_id, take_back)
    for withdrawn, expected in ((None, [gone, kept]), (True, [gone]), (False, [kept])):
        wanted = DocumentFilter(withdrawn=withdrawn)
        page = await stores.documents.page(tenant_id, wanted, limit=10, after=None)
        assert list(page.documents) == expected


async def test_no_empty_cufe_finds_a_draft(stores: Stores, tenant_id: TenantId) -> None:
    await record_draft(stores, tenant_id)
    assert await stores.documents.find_by_reference(tenant_id, pac_document_id=None, cufe="") is None
    page = await stores.documents.page(tenant_id, DocumentFilter(cufe=""), limit=10, after=None)
    assert list(page.documents) == []
