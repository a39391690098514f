"""How a void is sent: once per claim, behind the circuit, and what a late answer may still say."""

import asyncio
from datetime import timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind
from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from core.codes import DocumentType
from core.documents import LegalStatus, Submission
from core.events import EventKind
from core.identifiers import ApiKeyId, PacDocumentId
from core.ports.pac_gateway import PacAccount, VoidAnswer
from core.voids import VoidState
from tests.unit.voids.voidable import Voidable, a_voidable, void_of
from tests.world import World


class SlowPac(InMemoryPacGateway):
    """Executes a DELETE at once and holds its answer back until it is let go."""

    let_go: asyncio.Event

    async def void(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId, body: bytes
    ) -> VoidAnswer:
        """The engine's answer, late."""
        answer = await super().void(account, document_type, pac_document_id, body)
        await self.let_go.wait()
        return answer


async def with_a_slow_pac() -> tuple[Voidable, SlowPac]:
    shop = await a_voidable()
    slow = SlowPac(shop.world.engine)
    slow.let_go = asyncio.Event()
    return shop, slow


async def alarms(shop: Voidable, document_id: str) -> list[str]:
    events = await shop.world.stores.journal.events(shop.shop.tenant.tenant_id, document_id)  # type: ignore[arg-type]
    return [one.event.facts["about"] for one in events if one.event.kind is EventKind.ALARM]


async def test_of_many_workers_one_sends_the_delete() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    await shop.ask(invoice, wait=0)
    workers = [shop.world.make_execute_void(f"worker-{number}") for number in range(5)]
    await asyncio.gather(*(worker(invoice.tenant_id, invoice.document_id) for worker in workers))
    assert (await shop.world.current(invoice)).is_void
    assert len(shop.deletes) == 1


async def test_a_late_answer_that_proves_the_void_settles_it_in_doubt() -> None:
    shop, slow = await with_a_slow_pac()
    invoice = await shop.invoice()
    await shop.ask(invoice, wait=0)
    late = asyncio.ensure_future(shop.world.make_execute_void("slow", slow)(invoice.tenant_id, invoice.document_id))
    for _ in range(20):
        await asyncio.sleep(0)
    await shop.world.sweep(every_seconds=120)  # the lease is over
    assert void_of(await shop.world.current(invoice)).state is VoidState.IN_DOUBT
    slow.let_go.set()
    await late
    settled = await shop.world.current(invoice)
    assert settled.is_void
    assert EventKind.ANSWERED in await shop.kinds(settled)


async def test_a_late_answer_after_the_void_was_given_up_is_an_alarm() -> None:
    shop, slow = await with_a_slow_pac()
    invoice = await shop.invoice()
    await shop.ask(invoice, wait=0)
    late = asyncio.ensure_future(shop.world.make_execute_void("slow", slow)(invoice.tenant_id, invoice.document_id))
    for _ in range(20):
        await asyncio.sleep(0)
    await shop.world.sweep(every_seconds=120)
    shop.world.wait(minutes=20)
    await shop.world.give_up_void(invoice.tenant_id, invoice.document_id, "El PAC dice que no", ApiKeyId("o"))
    slow.let_go.set()
    await late
    assert (await shop.world.current(invoice)).is_void
    assert "void_shown_after_failure" in await alarms(shop, invoice.document_id)


@pytest.mark.parametrize("kind", [FaultKind.UNAUTHORIZED_401, FaultKind.MISCONFIGURED_AP1010])
async def test_credentials_that_the_pac_refuses_open_the_circuit_and_the_void_waits(kind: FaultKind) -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    shop.break_deletes(kind)
    waiting = await shop.ask(invoice)
    assert void_of(waiting).state is VoidState.REQUESTED
    assert not void_of(waiting).maybe_executed
    assert (await shop.world.stores.circuits.circuit_of(invoice.tenant_id)).is_open
    assert "pac_misconfigured" in await alarms(shop, invoice.document_id)
    await shop.world.sweep(times=12, every_seconds=60)
    assert (await shop.world.current(invoice)).is_void
    assert not (await shop.world.stores.circuits.circuit_of(invoice.tenant_id)).is_open


async def test_an_open_circuit_holds_a_void_back() -> None:
    shop = await a_voidable()
    first, second = await shop.invoice("one"), await shop.invoice("two")
    shop.break_deletes(FaultKind.UNAUTHORIZED_401)
    await shop.ask(first)
    held = await shop.ask(second)
    assert void_of(held).attempts == 0
    assert len(shop.deletes) == 1
    await shop.world.sweep(times=20, every_seconds=60)
    assert (await shop.world.current(second)).is_void


async def test_a_void_that_is_throttled_or_not_sent_leaves_no_doubt_behind() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    shop.break_deletes(FaultKind.THROTTLED_429, FaultKind.DROP_BEFORE)
    await shop.ask(invoice)
    await shop.world.sweep(every_seconds=601)
    assert void_of(await shop.world.current(invoice)).attempts == 2
    shop.world.engine.behave(void_window=timedelta(0))
    await shop.world.sweep(every_seconds=601)
    refused = await shop.world.current(invoice)
    assert void_of(refused).state is VoidState.FAILED, "a clean refusal, for nothing was ever in doubt"
    assert (await shop.kinds(refused)).count(EventKind.VOID_POSTPONED) == 2
    assert EventKind.VOID_IN_DOUBT not in await shop.kinds(refused)


async def test_a_void_asked_for_before_the_dgi_decided_waits_for_it() -> None:
    shop = await a_voidable()
    world = shop.world
    accepted = await world.invoice(shop.shop, await world.an_order(shop.shop), "sale")
    assert accepted.legal_status is not LegalStatus.DGI_AUTHORIZED
    waiting = void_of(await shop.ask(accepted))
    assert waiting.waits
    for _ in range(6):
        await world.sweep(every_seconds=10)
    done = await world.current(accepted)
    assert done.is_void
    assert len(done.files) == 2, "its files are kept as of any other document"


async def test_a_void_fails_when_the_dgi_rejects_its_document() -> None:
    shop = await a_voidable()
    world = shop.world
    accepted = await world.invoice(shop.shop, await world.an_order(shop.shop), "sale", wait=0)
    world.engine.behave(late_rules=frozenset({"1602"}), strict_registry=True)  # the RUC is unknown now
    await shop.ask(accepted)
    for _ in range(8):
        await world.sweep(every_seconds=10)
    rejected = await world.current(accepted)
    assert rejected.legal_status is LegalStatus.DGI_REJECTED
    assert void_of(rejected).codes == ("document_never_issued",)


async def test_a_void_fails_when_a_person_sees_the_document_under_an_unknown_id() -> None:
    shop = await a_voidable()
    world = shop.world
    shop.break_posts(FaultKind.DROP_AFTER_ACCEPT)
    lost = await world.invoice(shop.shop, await world.an_order(shop.shop), "sale")
    await shop.ask(lost)
    await world.confirm_at_dgi(lost.tenant_id, lost.document_id, "Visto en la página de la DGI", ApiKeyId("o"))
    confirmed = await world.current(lost)
    assert confirmed.submission is Submission.ISSUED_ID_UNKNOWN
    assert void_of(confirmed).codes == ("document_id_unknown",)


async def test_a_void_that_somebody_made_at_the_pac_is_noticed() -> None:
    shop = await a_voidable(World())
    invoice = await shop.invoice()
    shop.world.engine.behave(void_in_view=True)
    shop.at_pac(invoice).voided_at = shop.world.clock.now()
    await shop.world.refresh(invoice.tenant_id, invoice.document_id, actor="operator:o")
    seen = await shop.world.current(invoice)
    assert seen.is_void
    assert void_of(seen).requested_by == "pac"
    assert "voided_elsewhere" in await alarms(shop, invoice.document_id)
