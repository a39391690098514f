"""The main job over the fake PAC, without a network."""

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.documents import DocumentMode, FileKind, LegalStatus, Submission
from core.events import EventKind
from core.failures import IdempotencyConflictError, OrderAlreadyInvoicedError, PacCompanyNotConfiguredError
from core.timeline import first_break
from core.use_cases.refresh_document import PdfOutcome
from tests.world import World, tenant_of


async def kinds(world: World, document) -> list[EventKind]:
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    assert first_break(events) is None
    return [chained.event.kind for chained in events]


async def test_an_order_becomes_an_authorised_invoice_through_webhooks():
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop))
    assert document.submission is Submission.ACCEPTED
    assert document.legal_status is LegalStatus.PAC_AUTHORIZED
    assert document.cufe == document.expected_cufe
    assert document.number == 1
    await world.deliver_webhooks()
    provisional = await world.current(document)
    assert {file.kind for file in provisional.files} == {FileKind.PDF, FileKind.XML}
    assert all(file.is_provisional for file in provisional.files)
    world.wait(seconds=3)
    assert await world.deliver_webhooks() == 1
    done = await world.current(document)
    assert done.legal_status is LegalStatus.DGI_AUTHORIZED
    assert done.authorization_protocol
    assert done.next_action_at is None
    assert not any(file.is_provisional for file in done.files)
    assert len(done.files) == 2
    pdf = next(file for file in done.files if file.kind is FileKind.PDF)
    assert (await world.stores.files.get(tenant_of(shop), pdf.digest)).startswith(b"%PDF-")
    assert pdf.file_name == f"{done.cufe}.pdf"


async def test_the_sweep_brings_the_status_when_no_webhook_comes():
    world = World()
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=False)
    document = await world.invoice(shop, await world.an_order(shop))
    await world.sweep(times=12)
    done = await world.current(document)
    assert done.legal_status is LegalStatus.DGI_AUTHORIZED
    assert {file.kind for file in done.files} == {FileKind.PDF, FileKind.XML}


async def test_the_bytes_sent_are_the_bytes_recorded():
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop))
    body = await world.stores.journal.body(document.tenant_id, document.document_id)
    assert world.engine.documents[0].raw == body


async def test_the_same_key_and_input_give_the_same_document_and_another_input_is_refused():
    world = World()
    shop = await world.open_shop()
    order, other = await world.an_order(shop), await world.an_order(shop, price="1.00")
    first = await world.invoice(shop, order, "sale-1")
    again = await world.invoice(shop, order, "sale-1")
    assert again.document_id == first.document_id
    with pytest.raises(IdempotencyConflictError):
        await world.invoice(shop, other, "sale-1")
    assert len(world.engine.documents) == 1


async def test_one_order_has_one_live_invoice_whatever_the_key():
    world = World()
    shop = await world.open_shop()
    order = await world.an_order(shop)
    first = await world.invoice(shop, order, "sale-1")
    with pytest.raises(OrderAlreadyInvoicedError) as refused:
        await world.invoice(shop, order, "sale-2")
    assert first.document_id in refused.value.message.english
    assert len(world.engine.documents) == 1


async def test_without_waiting_the_doorbell_rings_and_the_document_is_queued():
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    assert document.submission is Submission.QUEUED
    assert world.engine.documents == ()
    await world.queue.drain(world.run_due_work.handle)
    assert (await world.current(document)).submission is Submission.ACCEPTED


async def test_a_lost_ring_is_mended_by_the_sweep():
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    world.queue.lose_everything()
    await world.sweep(times=1, every_seconds=world.schedules.record_grace)
    assert (await world.current(document)).submission is Submission.ACCEPTED


async def test_a_lost_answer_leaves_doubt_and_the_webhook_with_the_cufe_resolves_it():
    world = World()
    shop = await world.open_shop()
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})),)))
    document = await world.invoice(shop, await world.an_order(shop))
    assert document.submission is Submission.IN_DOUBT
    assert document.legal_status is LegalStatus.NONE
    await world.deliver_webhooks()
    resolved = await world.current(document)
    assert resolved.submission is Submission.ACCEPTED
    assert EventKind.ADOPTED in await kinds(world, document)
    assert len(world.engine.documents) == 1


async def test_doubt_without_evidence_waits_visibly_and_is_quarantined_at_the_deadline():
    world = World()
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=False)
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})),)))
    document = await world.invoice(shop, await world.an_order(shop))
    await world.sweep(times=5, every_seconds=600)
    assert (await world.current(document)).submission is Submission.IN_DOUBT
    world.wait(hours=24)
    await world.sweep()
    parked = await world.current(document)
    assert parked.submission is Submission.QUARANTINED
    assert "answer was lost" in parked.quarantine_reason
    assert len(world.engine.documents) == 1


async def test_a_refused_connection_is_sent_again_with_the_same_number_and_bytes():
    world = World()
    shop = await world.open_shop()
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_BEFORE, nth=frozenset({1, 2})),)))
    document = await world.invoice(shop, await world.an_order(shop))
    assert document.submission is Submission.QUEUED
    assert not document.maybe_executed
    await world.sweep(times=10)
    sent = await world.current(document)
    assert sent.submission is Submission.ACCEPTED
    assert sent.attempts == 3
    assert sent.number == document.number == 1
    assert len(world.engine.documents) == 1


async def test_a_worker_that_was_fenced_off_writes_nothing_but_its_answer_is_evidence():
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    paused = world.make_submit("slow worker", _PausingGateway(world))
    await paused(document.tenant_id, document.document_id)
    after = await world.current(document)
    assert after.submission is Submission.IN_DOUBT, "the lease ran out while the worker slept"
    assert after.hinted_ids
    await world.sweep()
    assert (await world.current(document)).submission is Submission.ACCEPTED
    assert len(world.engine.documents) == 1


class _PausingGateway:
    """Answers only after the lease is long over and the sweep has seen it."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def submit(self, account, document_type, body):
        answer = await self._world.pac.submit(account, document_type, body)
        self._world.wait(seconds=self._world.schedules.lease + 1)
        await self._world.run_due_work()
        return answer


async def test_an_operator_gets_the_pdf_and_is_told_when_it_is_not_ready():
    world = World()
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=False)
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.PDF_MISSING, nth=frozenset({1})),)))
    document = await world.invoice(shop, await world.an_order(shop))
    first = await world.refresh(document.tenant_id, document.document_id, actor="operator:key")
    assert first.pdf is PdfOutcome.NOT_READY
    assert first.reason
    second = await world.refresh(document.tenant_id, document.document_id, actor="operator:key")
    assert second.pdf is PdfOutcome.STORED
    third = await world.refresh(document.tenant_id, document.document_id, actor="operator:key")
    assert third.pdf is PdfOutcome.HELD


async def test_a_tenant_without_a_company_takes_no_number():
    world = World()
    shop = await world.open_shop()
    from core.codes import Environment, RucType

    bare = await world.create_tenant(
        name="Sin empresa",
        ruc="8-888-8888",
        ruc_type=RucType.NATURAL,
        dv="35",
        environment=Environment.TEST,
        pac_company_id=None,
    )
    with pytest.raises(PacCompanyNotConfiguredError) as refused:
        await world.find_account(bare.tenant_id)
    assert str(refused.value) == "PAC company ID is not configured for this tenant"
    assert shop.tenant.tenant_id != bare.tenant_id
    assert DocumentMode.DGI
