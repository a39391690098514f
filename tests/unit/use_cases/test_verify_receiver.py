"""The receiver's RUC is checked before a number is taken, and a slow PAC does not stop a sale."""

import asyncio
from datetime import UTC, datetime

import pytest

from core.codes import ReceiverType, RucType
from core.drafts import DraftReceiver
from core.failures import PacUnavailableError, ReceiverDvMismatchError, ReceiverTypeMismatchError
from core.ports.pac_gateway import PacAccount
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc, RucRegistry
from core.use_cases.verify_receiver import VerifyReceiver

ACCOUNT = PacAccount(company_id="01J9ZK4T7Q8R2M5N6P7S8T9V0W")


class Registry(RucRegistry):
    """Answers one class for every RUC, never, or not in time."""

    def __init__(self, receiver_class: ReceiverClass | None = ReceiverClass.TAXPAYER, *, hangs: bool = False) -> None:
        self.receiver_class = receiver_class
        self.hangs = hangs
        self.asked = 0

    async def verify(self, account: PacAccount, ruc: str, ruc_type: RucType) -> RegisteredRuc:
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.receiver_class is None:
            raise PacUnavailableError(reason="down")
        return RegisteredRuc(
            ruc=ruc, ruc_type=ruc_type, dv="40", receiver_class=self.receiver_class, checked_at=datetime.now(UTC)
        )


def taxpayer(**changes) -> DraftReceiver:
    fields = {
        "receiver_type": ReceiverType.TAXPAYER,
        "ruc": "155000001-2-2020",
        "ruc_type": RucType.LEGAL,
        "name": "Ferretería Uno",
    }
    return DraftReceiver(**(fields | changes))


async def test_the_registrys_dv_completes_the_receiver():
    verified = await VerifyReceiver(Registry())(ACCOUNT, taxpayer())
    assert (verified.receiver.dv, verified.source) == ("40", "registry")


@pytest.mark.parametrize("registry", [Registry(None), Registry(hangs=True)])
async def test_a_registry_that_is_away_or_slow_does_not_stop_a_sale_whose_dv_is_undisputed(registry):
    verified = await VerifyReceiver(registry, deadline_seconds=0.05)(ACCOUNT, taxpayer())
    assert (verified.receiver.dv, verified.source) == ("40", "offline")


async def test_only_the_registry_can_tell_a_disputed_dv():
    disputed = taxpayer(ruc="PE-1234-5678", ruc_type=RucType.NATURAL)
    with pytest.raises(PacUnavailableError):
        await VerifyReceiver(Registry(None))(ACCOUNT, disputed)


async def test_a_dv_that_is_not_the_registrys_is_refused():
    with pytest.raises(ReceiverDvMismatchError) as refused:
        await VerifyReceiver(Registry())(ACCOUNT, taxpayer(dv="41"))
    assert refused.value.path == ("receiver", "dv")


@pytest.mark.parametrize("registered", [ReceiverClass.GOVERNMENT, ReceiverClass.FINAL_CONSUMER])
async def test_another_class_than_the_document_says_is_refused(registered):
    with pytest.raises(ReceiverTypeMismatchError):
        await VerifyReceiver(Registry(registered))(ACCOUNT, taxpayer())


async def test_a_class_that_the_registry_does_not_name_leaves_the_callers_own():
    verified = await VerifyReceiver(Registry(ReceiverClass.UNRECOGNISED))(ACCOUNT, taxpayer())
    assert verified.receiver.receiver_type is ReceiverType.TAXPAYER


async def test_a_final_consumer_is_not_asked_about():
    registry = Registry()
    await VerifyReceiver(registry)(ACCOUNT, DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER))
    assert registry.asked == 0
