"""Webhooks on demand: where they go, what they prove, and what they bring."""

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.progression import silent
from adapters.alanube.fake.records import DueWebhook
from core.documents import Submission
from core.events import EventKind
from core.failures import (
    NoticeNotPossibleError,
    WebhookSecretMissingError,
)
from core.identifiers import DeliveryId, PacDocumentId
from core.notices import NoticeOutcome
from core.ports.pac_gateway import PacAccount, RawAnswer
from core.ports.pac_notifier import NoticeAnswer, NoticeRefused, PacNotifier, WebhookCall
from core.ports.webhook_inbox import DeliveryState, Stored
from core.tenants import SecretKind
from tests.builders import record_document
from tests.shop import WEBHOOK_SECRET
from tests.unit.use_cases.notices import PUBLIC_URL, Sale, a_sale, notices_over
from tests.world import World


@pytest.fixture
async def sale() -> Sale:
    return await a_sale()


async def test_a_webhook_is_asked_for_at_our_own_address_with_the_newest_secret(sale: Sale) -> None:
    rotate = sale.world.rotate_secret
    await rotate(sale.document.tenant_id, SecretKind.WEBHOOK, "the newest secret of all", keep_previous=True)
    sale.world.engine.take_due_webhooks()
    assert await sale.call() is NoticeOutcome.HANDED_OVER
    (webhook,) = sale.world.engine.take_due_webhooks()
    assert webhook.url == f"{PUBLIC_URL}/webhooks/pac/{sale.shop.tenant.pac_company_id}"
    assert webhook.headers["X-Pac-Signature"] == "the newest secret of all"
    asked, answered = await sale.told()
    assert webhook.headers["X-User-Id"] == asked.facts["attempt"] == answered.facts["attempt"]
    assert "secret" not in str([asked, answered])


async def test_a_secret_that_the_pac_repeats_goes_nowhere(sale: Sale) -> None:
    class Repeating(PacNotifier):
        async def send_email(self, *_: object, **__: object) -> NoticeAnswer:
            raise NotImplementedError

        async def send_webhook(
            self, account: PacAccount, pac_document_id: PacDocumentId, call: WebhookCall
        ) -> NoticeAnswer:
            words = f"webhookSecret {call.secret} of {pac_document_id} for {account.company_id} is too long"
            return NoticeRefused(raw=RawAnswer(status=400, body=words.encode()), codes=(), messages=(words,))

    sale.notices = notices_over(sale.world, Repeating())
    asked = await sale.notices.request_pac_webhook(sale.document.tenant_id, sale.document.document_id, actor="x")
    assert asked.result.reason.startswith("webhookSecret [secret] of")
    assert WEBHOOK_SECRET not in str(await sale.told())


async def test_a_webhook_on_demand_that_brings_the_same_bytes_still_brings_the_next_check_forward() -> None:
    """Between two checks that lie far apart the PAC is asked for the webhook; its bytes are those of the one before."""
    world = World()
    world.engine.set_progression(silent())
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id or "", enabled=False)
    sale = Sale(world, shop, await world.invoice(shop, await world.an_order(shop)))
    await sale.call()
    await world.deliver_webhooks()
    await world.sweep(times=12, every_seconds=600)
    before = await world.current(sale.document)
    assert before.next_action_at is not None
    assert (before.next_action_at - world.clock.now()).total_seconds() > 60
    await sale.call()
    (again,) = world.engine.take_due_webhooks()
    assert again.body == (await world.stores.inbox.get(before.tenant_id, await first_delivery(sale))).body
    await take(world, again)
    after = await world.current(sale.document)
    assert after.next_action_at is not None
    assert (after.next_action_at - world.clock.now()).total_seconds() <= world.schedules.repeat_check_min


async def test_a_repetition_rings_again_for_a_delivery_whose_ring_was_lost() -> None:
    """The queue forgets what it had; the PAC sends the same bytes once more."""
    world = World()
    world.engine.set_progression(silent())
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id or "", enabled=False)
    sale = Sale(world, shop, await world.invoice(shop, await world.an_order(shop)))
    await sale.call()
    (webhook,) = world.engine.take_due_webhooks()
    first = await at_the_door(world, webhook)
    world.queue.lose_everything()
    again = await at_the_door(world, webhook)
    assert (again.delivery.delivery_id, again.is_new) == (first.delivery.delivery_id, False)
    tenant_id = sale.document.tenant_id
    assert (await world.stores.inbox.get(tenant_id, first.delivery.delivery_id)).state is DeliveryState.RECEIVED
    await world.queue.drain(world.run_due_work.handle)
    assert (await world.stores.inbox.get(tenant_id, first.delivery.delivery_id)).state is DeliveryState.PROCESSED


async def first_delivery(sale: Sale) -> DeliveryId:
    events = await sale.world.stores.journal.events(sale.document.tenant_id, sale.document.document_id)
    return next(DeliveryId(each.event.facts["delivery_id"]) for each in events if each.event.kind is EventKind.WEBHOOK)


async def take(world: World, webhook: DueWebhook) -> None:
    """Deliver one webhook at the door and answer the doorbell."""
    await at_the_door(world, webhook)
    await world.queue.drain(world.run_due_work.handle)


async def at_the_door(world: World, webhook: DueWebhook) -> Stored:
    return await world.receive_webhook(
        webhook.company_id,
        signature=webhook.headers["X-Pac-Signature"].encode(),
        user_id=webhook.headers.get("X-User-Id"),
        body=webhook.body,
    )


@pytest.mark.parametrize("submission", [Submission.IN_DOUBT, Submission.QUEUED])
async def test_a_webhook_needs_a_document_at_the_pac(submission: Submission) -> None:
    world = World()
    shop = await world.open_shop()
    lost = FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT if submission is Submission.IN_DOUBT else FaultKind.DROP_BEFORE)
    world.engine.set_faults(FaultPlan(rules=(lost,)))
    sale = Sale(world, shop, await world.invoice(shop, await world.an_order(shop)))
    assert (await world.current(sale.document)).submission is submission
    with pytest.raises(NoticeNotPossibleError):
        await sale.call()
    assert await sale.told() == []


async def test_without_a_secret_no_webhook_is_asked_for(sale: Sale) -> None:
    company = sale.world.engine.register_company(ruc="155000003-2-2020", name="Nueva, S.A.")
    tenant = await sale.world.create_tenant(
        name="Nueva, S.A.",
        ruc=company.ruc,
        ruc_type=sale.shop.tenant.ruc_type,
        dv=company.dv,
        environment=sale.shop.tenant.environment,
        pac_company_id=company.id,
    )
    document = await record_document(
        sale.world.stores.documents,
        tenant.tenant_id,
        submission=Submission.ACCEPTED,
        pac_document_id=PacDocumentId("01JA0B1C2D3E4F5G6H7J8K9M0N"),
    )
    before = len(sale.world.engine.exchanges)
    with pytest.raises(WebhookSecretMissingError):
        await sale.notices.request_pac_webhook(tenant.tenant_id, document.document_id, actor="x")
    assert len(sale.world.engine.exchanges) == before
