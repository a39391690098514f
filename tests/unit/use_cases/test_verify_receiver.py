"""The receiver's RUC is checked before a number is taken, and a slow PAC does not stop a sale."""

from datetime import timedelta

import pytest

from adapters.persistence.in_memory_store import in_memory_stores
from adapters.scheduler.manual_clock import ManualClock
from core.codes import ReceiverType, RucType
from core.drafts import DraftReceiver
from core.events import EventKind
from core.failures import PacUnavailableError, ReceiverDvMismatchError, ReceiverTypeMismatchError
from core.identifiers import TenantId
from core.ports.pac_gateway import PacAccount
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc
from core.use_cases.ask_registry import AskRegistry, RegistryTerms
from core.use_cases.verify_receiver import VerifiedReceiver, VerifyReceiver
from tests.unit.use_cases.registries import Registry
from tests.world import World

ACCOUNT = PacAccount(company_id="01J9ZK4T7Q8R2M5N6P7S8T9V0W")


def taxpayer(**changes) -> DraftReceiver:
    fields = {
        "receiver_type": ReceiverType.TAXPAYER,
        "ruc": "155000001-2-2020",
        "ruc_type": RucType.LEGAL,
        "name": "Ferretería Uno",
    }
    return DraftReceiver(**(fields | changes))


async def verified(receiver: DraftReceiver, **said) -> VerifiedReceiver:
    clock = ManualClock()
    terms = RegistryTerms(deadline_seconds=0.05)
    ask = AskRegistry(Registry(clock, **said), in_memory_stores().reference_book, clock, terms)
    return await VerifyReceiver(ask)(TenantId("01MINE"), ACCOUNT, receiver)


async def test_the_registrys_dv_completes_the_receiver():
    told = await verified(taxpayer())
    assert (told.receiver.dv, told.source, told.disagreement) == ("40", "registry", "")


@pytest.mark.parametrize("said", [{"is_away": True}, {"hangs": True}])
async def test_a_registry_that_is_away_or_slow_does_not_stop_a_sale_whose_dv_is_undisputed(said):
    told = await verified(taxpayer(), **said)
    assert (told.receiver.dv, told.source) == ("40", "offline")


async def test_only_the_registry_can_tell_a_disputed_dv():
    with pytest.raises(PacUnavailableError):
        await verified(taxpayer(ruc="PE-1234-5678", ruc_type=RucType.NATURAL), is_away=True)


async def test_a_dv_that_is_not_the_registrys_is_refused():
    with pytest.raises(ReceiverDvMismatchError) as refused:
        await verified(taxpayer(dv="41"))
    assert refused.value.path == ("receiver", "dv")


@pytest.mark.parametrize("registered", [ReceiverClass.GOVERNMENT, ReceiverClass.FINAL_CONSUMER])
async def test_another_class_than_the_document_says_is_refused(registered):
    with pytest.raises(ReceiverTypeMismatchError):
        await verified(taxpayer(), receiver_class=registered)


async def test_a_class_that_the_registry_does_not_name_leaves_the_callers_own():
    told = await verified(taxpayer(), receiver_class=ReceiverClass.UNRECOGNISED)
    assert told.receiver.receiver_type is ReceiverType.TAXPAYER


async def test_who_needs_no_registry_is_not_asked_about():
    consumer = DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER, name="CONSUMIDOR FINAL")
    told = await verified(consumer, is_away=True)
    assert (told.receiver, told.source) == (consumer, "none")


async def test_a_disagreement_is_told():
    assert "41" in (await verified(taxpayer(), dv="41")).disagreement


async def test_a_disagreement_about_a_ruc_is_an_event_of_the_document():
    world = World()
    shop = await world.open_shop()
    ruc = shop.client.ruc
    last_year = RegisteredRuc(
        ruc=ruc,
        ruc_type=RucType.LEGAL,
        dv="00",
        receiver_class=ReceiverClass.TAXPAYER,
        checked_at=world.clock.now() - timedelta(days=365),
    )
    await world.stores.reference_book.keep_ruc(shop.tenant.tenant_id, last_year)
    document = await world.invoice(shop, await world.an_order(shop))
    events = await world.stores.journal.events(shop.tenant.tenant_id, document.document_id)
    alarms = [chained.event for chained in events if chained.event.kind is EventKind.ALARM]
    assert [alarm.facts["about"] for alarm in alarms] == ["ruc_disagreement"]
    assert "CONTRIBUYENTE DV 00 before" in alarms[0].facts["said"]
