"""A refused or rejected document gets one corrected successor, and never while it may still be valid."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from adapters.alanube.fake.progression import dgi_rejection
from adapters.persistence.in_memory_store import InMemoryDocumentRepository, InMemoryStore
from core.diagnosis import OperatorAction
from core.documents import Change, FiscalDocument, LegalStatus, Recording, Submission
from core.events import Event, EventKind
from core.failures import (
    AlreadyReplacedError,
    CreditOvertakenError,
    DocumentNotFoundError,
    IdempotencyConflictError,
    NotReissuableError,
    OrderAlreadyInvoicedError,
    ReissueTooEarlyError,
)
from core.identifiers import PacDocumentId
from core.ports.document_repository import Recorded, Reservation
from core.successors import Changes
from core.use_cases.diagnose_document import DiagnoseDocument
from tests.notes_shop import an_authorised_invoice, credit
from tests.unit.use_cases.drafting import ACTOR, converted, drafted
from tests.unit.use_cases.dying_processes import CrashedError, crash_once
from tests.unit.use_cases.reissuing import facts, refused, reissued, rejected
from tests.unit.use_cases.told_pac import Told, a_world
from tests.world import World, memory_of


async def test_a_refused_invoice_gets_a_successor_that_bills_its_order() -> None:
    world, pac = a_world()
    original = await refused(world, pac)
    successor = await reissued(world, original)
    after = await world.current(original)
    assert (successor.replaces, after.replaced_by) == (original.document_id, successor.document_id)
    assert (successor.number, successor.submission) == (original.number + 1, Submission.ACCEPTED)
    assert successor.expected_cufe != original.expected_cufe
    assert (successor.order_id, successor.client_id) == (original.order_id, original.client_id)
    assert successor.draft == replace(original.draft, information="corregida")
    assert replace(after, replaced_by=None, version=0, updated_at=original.updated_at) == replace(original, version=0)
    assert await facts(world, original, EventKind.REPLACED) == [{"successor": successor.document_id}]
    assert (await facts(world, successor, EventKind.RECORDED))[0]["replaces"] == original.document_id
    shop = await world.stores.trade_book.get_order(original.tenant_id, original.order_id)  # type: ignore[arg-type]
    assert shop.order_id == successor.order_id
    with pytest.raises(OrderAlreadyInvoicedError):
        await world.generate_invoice(
            original.tenant_id,
            shop.order_id,
            mode=original.mode,
            idempotency_key="another",
            wait_seconds=0,
            actor=ACTOR,
        )


async def test_a_document_that_the_dgi_rejected_gets_one_too() -> None:
    world, _ = a_world()
    shop = await world.open_shop()
    world.engine.set_progression(dgi_rejection("1602", "RUC no existe"))
    original = await world.invoice(shop, await world.an_order(shop))
    await world.sweep(times=5, every_seconds=60)
    original = await world.current(original)
    assert original.legal_status is LegalStatus.DGI_REJECTED
    assert (await reissued(world, original)).replaces == original.document_id


async def test_the_same_key_gives_the_successor_back_and_another_one_names_it() -> None:
    world, pac = a_world()
    original = await refused(world, pac)
    successor = await reissued(world, original)
    assert await reissued(world, original) == successor
    with pytest.raises(AlreadyReplacedError, match=successor.document_id):
        await reissued(world, original, key="once more")
    with pytest.raises(IdempotencyConflictError):
        await reissued(world, original, Changes(terms={"information": None}))


async def test_of_many_at_once_one_makes_the_successor() -> None:
    world, pac = a_world()
    original = await refused(world, pac)
    done = await asyncio.gather(
        *(reissued(world, original, key=key) for key in ("a", "b", "a", "c")), return_exceptions=True
    )
    made = {one.document_id for one in done if isinstance(one, FiscalDocument)}
    assert len(made) == 1
    lost = [one for one in done if not isinstance(one, FiscalDocument)]
    assert all(isinstance(one, AlreadyReplacedError | OrderAlreadyInvoicedError) for one in lost)
    assert all(made.copy().pop() in str(one) for one in lost), "who lost is told who won"
    page = await world.stores.numbers.numbered(original.tenant_id, original.series, first=1, last=100, limit=100)
    assert [each.number for each in page] == [1, 2]


async def test_a_watched_document_is_replaced_after_its_settling_time_and_not_before() -> None:
    world, pac = a_world()
    original = await refused(world, pac, is_recognised=False)
    with pytest.raises(ReissueTooEarlyError) as early:
        await reissued(world, original)
    assert original.settles_at is not None
    assert early.value.details["again_at"] == original.settles_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert await world.current(original) == original
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    await world.sweep(times=2)
    assert (await reissued(world, original)).submission is Submission.ACCEPTED


async def test_while_a_hint_is_looked_at_nothing_takes_the_place_of_the_document() -> None:
    world, pac = a_world()
    original = await refused(world, pac)

    def hint(document: FiscalDocument) -> Change:
        event = Event(at=world.clock.now(), kind=EventKind.EVIDENCE, actor="webhook")
        hinted = replace(document, hinted_ids=("somewhere",), next_action_at=world.clock.now())  # type: ignore[arg-type]
        return Change(document=hinted, events=(event,))

    await world.stores.documents.update(original.tenant_id, original.document_id, hint)
    with pytest.raises(ReissueTooEarlyError):
        await reissued(world, original)


@pytest.mark.parametrize("submission", [each for each in Submission if each is not Submission.REFUSED])
async def test_nothing_but_a_refused_or_rejected_document_is_replaced(submission: Submission) -> None:
    world, pac = a_world()
    original = await refused(world, pac)

    def become(document: FiscalDocument) -> Change:
        return Change(document=replace(document, submission=submission))

    await world.stores.documents.update(original.tenant_id, original.document_id, become)
    with pytest.raises(NotReissuableError) as error:
        await reissued(world, original)
    assert error.value.hint.english != error.value.hint.spanish
    assert (await world.current(original)).replaced_by is None


async def test_a_draft_is_changed_and_not_reissued() -> None:
    world, _ = a_world()
    draft = await drafted(world, await world.open_shop())
    with pytest.raises(NotReissuableError) as error:
        await reissued(world, draft)
    assert "updateInvoice" in error.value.hint.english
    issued = await converted(world, draft)
    with pytest.raises(NotReissuableError):
        await reissued(world, issued)


class Overtaken(InMemoryDocumentRepository):
    """A store in which somebody is faster: ``meanwhile`` runs once, right before the next document is recorded."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def record(self, reservation: Reservation, build: Callable[[int], Recording]) -> Recorded:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return await super().record(reservation, build)


async def test_a_state_that_changes_meanwhile_is_looked_at_again_under_the_lock() -> None:
    memory, pac = InMemoryStore(), Told()
    documents = Overtaken(memory)
    world = World(gateway=pac, stores=replace(memory_of(memory), documents=documents))
    pac.over(world)
    invoice = await an_authorised_invoice(world, await world.open_shop())
    pac.answers.append(rejected())  # type: ignore[arg-type]
    note = await credit(world, invoice)

    async def doubt() -> None:
        await documents.update(
            note.tenant_id,
            note.document_id,
            lambda current: Change(document=replace(current, submission=Submission.IN_DOUBT)),
        )

    documents.meanwhile = doubt
    with pytest.raises((NotReissuableError, CreditOvertakenError)):
        await reissued(world, note)
    assert (await world.current(note)).replaced_by is None
    assert len(await documents.notes_of(note.tenant_id, [invoice.document_id])) == 1


async def test_a_crash_after_the_successor_was_recorded_leaves_it_to_the_sweep() -> None:
    world, pac = a_world()
    original = await refused(world, pac)
    world.crashpoint = crash_once("before_claim")
    with pytest.raises(CrashedError):
        await reissued(world, original)
    assert (await world.current(original)).replaced_by is not None
    await world.sweep(times=3, every_seconds=60)
    successor = await reissued(world, original)
    assert (successor.submission, successor.attempts) == (Submission.ACCEPTED, 1)


async def test_late_evidence_for_a_replaced_document_names_its_successor_and_asks_a_person() -> None:
    """I3: two authorised documents for one sale are never silent."""
    world, pac = a_world()
    original = await refused(world, pac)
    successor = await reissued(world, original)
    held = world.engine.documents[0]
    assert held.cufe == original.expected_cufe, "the PAC had accepted what its answer refused"
    body = f'{{"id":"{held.id}","legalStatus":"DGI_AUTHORIZED","cufe":"{held.cufe}"}}'.encode()
    tenant = await world.stores.tenants.get(original.tenant_id)
    await world.receive_webhook(
        tenant.pac_company_id or "", signature=b"the secret that the PAC echoes", user_id=None, body=body
    )
    await world.queue.drain(world.run_due_work.handle)
    revived = await world.current(original)
    assert (revived.submission, revived.replaced_by) == (Submission.ACCEPTED, successor.document_id)
    alarms = await facts(world, original, EventKind.ALARM)
    assert {"about": "adopted_from_REFUSED", "successor": successor.document_id} in alarms
    diagnose = DiagnoseDocument(world.stores.circuits, world.clock, world.schedules)
    told = diagnose(revived, await diagnose.circuit(original.tenant_id))
    assert successor.document_id in told.cause.english
    assert successor.document_id in told.cause.spanish
    assert told.actions == (OperatorAction.VOID_OR_CREDIT,)
    with pytest.raises(AlreadyReplacedError):
        await reissued(world, revived, key="and again")


async def test_a_rejected_document_that_is_valid_under_another_id_is_not_replaced() -> None:
    world, _ = a_world()
    shop = await world.open_shop()
    world.engine.set_progression(dgi_rejection("1602", "RUC no existe"))
    original = await world.invoice(shop, await world.an_order(shop))
    await world.sweep(times=5, every_seconds=60)

    def tell(document: FiscalDocument) -> Change:
        return Change(document=replace(document, authorised_beside=(PacDocumentId("01OTHER"),)))

    await world.stores.documents.update(original.tenant_id, original.document_id, tell)
    with pytest.raises(NotReissuableError, match="01OTHER"):
        await reissued(world, original)


async def test_another_tenants_document_is_not_found() -> None:
    world, pac = a_world()
    original = await refused(world, pac)
    stranger = await world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")
    with pytest.raises(DocumentNotFoundError):
        await reissued(world, replace(original, tenant_id=stranger.tenant.tenant_id))
    assert await world.current(original) == original
