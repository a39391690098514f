"""What an operator decides, what a restore does to voids, what the doctor and the diagnosis say of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind
from adapters.persistence.in_memory_inspection import InMemoryStoreInspection
from adapters.persistence.in_memory_state import InMemoryStore
from adapters.persistence.in_memory_store import in_memory_stores
from bootstrap.recovering import recovery_on
from core.circuits import Circuit
from core.codes import DocumentType
from core.diagnosis import Diagnosis, OperatorAction, diagnose
from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.events import EventKind
from core.failures import DocumentNotFoundError, MalformedInputError, VoidDecisionRefusedError
from core.identifiers import ApiKeyId, TenantId
from core.invariants.faults import Fault
from core.invariants.findings import Finding
from core.invariants.voids import check_void
from core.schedules import Schedules
from core.use_cases.mend_installation import MendInstallation
from core.voids import Void, VoidState
from tests.builders import NOW, a_document
from tests.unit.voids.voidable import Voidable, a_voidable, void_of
from tests.world import World

OPERATOR = ApiKeyId("operator")
NOTE = "El portal del PAC la muestra anulada"


async def in_doubt(
    kind: FaultKind = FaultKind.ERROR_503_BEFORE, world: World | None = None
) -> tuple[Voidable, FiscalDocument]:
    """A void whose DELETE got no answer. By default it never reached the PAC."""
    shop = await a_voidable(world)
    invoice = await shop.invoice()
    shop.break_deletes(kind)
    return shop, await shop.ask(invoice)


async def confirm(shop: Voidable, document: FiscalDocument) -> FiscalDocument:
    return await shop.world.confirm_voided(document.tenant_id, document.document_id, NOTE, OPERATOR)


async def give_up(shop: Voidable, document: FiscalDocument) -> FiscalDocument:
    return await shop.world.give_up_void(document.tenant_id, document.document_id, NOTE, OPERATOR)


def diagnosis(shop: Voidable, document: FiscalDocument) -> Diagnosis:
    circuit = Circuit(tenant_id=document.tenant_id)
    return diagnose(document, circuit, now=shop.world.clock.now(), schedules=shop.world.schedules)


async def found(shop: Voidable, document: FiscalDocument) -> list[Finding]:
    events = await shop.world.stores.journal.events(document.tenant_id, document.document_id)
    return list(check_void(document, events, now=shop.world.clock.now()))


async def test_an_operator_confirms_a_void_that_nobody_answered_for() -> None:
    shop, document = await in_doubt(FaultKind.DROP_AFTER_ACCEPT)
    decided = await confirm(shop, document)
    assert decided.is_void
    assert void_of(decided).message == NOTE
    assert EventKind.VOIDED in await shop.kinds(decided)
    await shop.world.sweep(times=4, every_seconds=3600)
    assert len(shop.deletes) == 1, "nothing is sent any more"
    with pytest.raises(VoidDecisionRefusedError):
        await confirm(shop, decided)


async def test_an_operator_confirms_a_void_that_was_made_at_the_pac() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    assert (await confirm(shop, invoice)).is_void


async def test_a_void_in_doubt_is_given_up_once_it_settled_and_asked_for_anew() -> None:
    shop, document = await in_doubt()
    with pytest.raises(VoidDecisionRefusedError):
        await give_up(shop, document)
    shop.world.wait(hours=1)
    given_up = await give_up(shop, document)
    assert void_of(given_up).state is VoidState.FAILED
    shop.world.engine.behave(void_window=timedelta(0))
    again = await shop.ask(given_up, "again")
    assert void_of(again).state is VoidState.IN_DOUBT, "the first DELETE may have been executed after all"


async def test_a_void_that_was_never_sent_is_taken_back() -> None:
    shop = await a_voidable()
    world = shop.world
    queued = await world.invoice(shop.shop, await world.an_order(shop.shop), "sale", wait=0)
    waiting = await shop.ask(queued)
    assert OperatorAction.GIVE_UP_VOID in diagnosis(shop, waiting).actions
    assert void_of(await give_up(shop, waiting)).state is VoidState.FAILED
    await world.sweep(times=10, every_seconds=5)
    current = await world.current(queued)
    assert current.legal_status is LegalStatus.DGI_AUTHORIZED
    assert not current.is_void
    assert shop.deletes == []


async def test_a_decision_needs_a_note_and_the_tenants_own_document() -> None:
    shop, document = await in_doubt()
    with pytest.raises(MalformedInputError):
        await shop.world.confirm_voided(document.tenant_id, document.document_id, " ", OPERATOR)
    other = await shop.world.open_shop(ruc="155000099-2-2020", name="Otra, S.A.")
    for decide in (shop.world.confirm_voided, shop.world.give_up_void):
        with pytest.raises(DocumentNotFoundError):
            await decide(other.tenant.tenant_id, document.document_id, NOTE, OPERATOR)


def test_a_failed_void_that_may_have_happened_sends_nobody_to_credit_it() -> None:
    """docs/voids.md: ask the PAC before you credit such a document."""
    void = Void(
        state=VoidState.FAILED,
        reason="r" * 20,
        requested_at=NOW,
        requested_by="caller:test",
        idempotency_key="void",
        settled_at=NOW,
        codes=("not_found",),
    )
    document = replace(
        a_document(TenantId("01TEST")),
        submission=Submission.ACCEPTED,
        legal_status=LegalStatus.DGI_AUTHORIZED,
        next_action_at=None,
    )

    def told(document: FiscalDocument, void: Void) -> str:
        failed = replace(document, void=void)
        return diagnose(failed, Circuit(tenant_id=TenantId("01TEST")), now=NOW, schedules=Schedules()).cause.english

    assert "A credit note takes it back as well." in told(document, void)
    strange = told(document, replace(void, is_recognised=False, maybe_executed=True))
    assert "ask the PAC before you credit it" in strange
    assert "takes it back" not in strange
    note = replace(document.series, document_type=DocumentType.REFERRING_CREDIT_NOTE)
    assert "credit note takes it back" not in told(replace(document, series=note), void)


async def test_the_diagnosis_says_how_the_void_stands_and_what_a_person_may_do() -> None:
    shop, doubted = await in_doubt()
    told = diagnosis(shop, doubted)
    assert "may be void" in told.cause.english
    assert OperatorAction.CONFIRM_VOIDED in told.actions
    shop.world.wait(hours=30)
    await shop.world.run_due_work()
    done = await shop.world.current(doubted)
    assert diagnosis(shop, done).cause.spanish.startswith("Está anulado.")


async def test_after_a_restore_a_void_that_was_asked_for_counts_as_sent() -> None:
    shop = await a_voidable()
    world = shop.world
    invoice = await shop.invoice()
    asked = await shop.ask(invoice, wait=0)
    recover = recovery_on(world.stores, world.clock, world.schedules)
    recovery = await recover((), {})
    after = void_of(await world.current(invoice))
    assert recovery.in_doubt == 1
    assert (after.state, after.doubt_reason, after.maybe_executed) == (VoidState.IN_DOUBT, "restored", True)
    assert after.last_token > void_of(asked).last_token
    world.engine.behave(void_window=timedelta(0))
    await world.sweep(times=2, every_seconds=3600)
    assert void_of(await world.current(invoice)).state is VoidState.IN_DOUBT, "a refusal proves nothing any more"
    world.engine.behave(void_window=timedelta(hours=182))
    await world.sweep(times=3, every_seconds=7200)
    assert (await world.current(invoice)).is_void


async def test_after_a_restore_a_void_that_waits_goes_on_waiting() -> None:
    shop = await a_voidable()
    world = shop.world
    queued = await world.invoice(shop.shop, await world.an_order(shop.shop), "sale", wait=0)
    await shop.ask(queued)
    recover = recovery_on(world.stores, world.clock, world.schedules)
    await recover((), {})
    restored = await world.current(queued)
    assert restored.submission is Submission.IN_DOUBT
    assert void_of(restored).waits
    assert void_of(restored).maybe_executed


async def test_the_doctor_finds_a_void_that_nobody_would_go_on_with_and_mends_it() -> None:
    memory = InMemoryStore()
    world = World(stores=in_memory_stores(memory))
    shop, document = await in_doubt(FaultKind.DROP_AFTER_ACCEPT, world)

    def forget(current: FiscalDocument) -> Change:
        return Change(document=replace(current, void=replace(void_of(current), due_at=None), next_action_at=None))

    forgotten = await world.stores.documents.update(document.tenant_id, document.document_id, forget)
    (finding,) = [one for one in await found(shop, forgotten) if one.fault is Fault.VOID_FORGOTTEN]
    assert finding.remedy is not None
    mend = MendInstallation(
        world.stores.documents, world.stores.marks, InMemoryStoreInspection(memory), None, world.clock
    )
    assert await mend(finding.remedy) is not None
    assert await mend(finding.remedy) is None, "once"
    world.wait(hours=1)
    await world.run_due_work()
    assert (await world.current(document)).is_void


async def test_the_doctor_shows_a_void_that_stays_in_doubt() -> None:
    shop, document = await in_doubt()
    shop.world.engine.behave(void_window=timedelta(0))
    assert await found(shop, document) == []
    await shop.world.sweep(times=6, every_seconds=6 * 3600)
    stuck = await shop.world.current(document)
    assert [one.fault for one in await found(shop, stuck)] == [Fault.VOID_IN_DOUBT]
    assert diagnosis(shop, stuck).is_overdue


@pytest.mark.parametrize(
    "changes",
    [
        {"state": VoidState.VOIDED},
        {"state": VoidState.REQUESTED},
        {"settled_at": None, "state": VoidState.FAILED},
        {"attempts": 7},
        {"due_at": "now"},
    ],
)
async def test_the_doctor_notices_a_void_that_says_something_else_than_its_events(changes: dict[str, object]) -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    shop.world.engine.behave(void_window=timedelta(0))
    failed = await shop.ask(invoice)
    assert await found(shop, failed) == []
    if "due_at" in changes:
        changes = {"due_at": shop.world.clock.now()}
    void: Void = replace(void_of(failed), **changes)  # type: ignore[arg-type]
    assert Fault.VOID_CONTRADICTS in [one.fault for one in await found(shop, replace(failed, void=void))]


async def test_the_doctor_notices_a_void_of_what_was_never_authorised() -> None:
    shop = await a_voidable()
    voided = await shop.ask(await shop.invoice())
    broken = replace(voided, legal_status=LegalStatus.DGI_REJECTED)
    assert Fault.VOID_CONTRADICTS in [one.fault for one in await found(shop, broken)]
