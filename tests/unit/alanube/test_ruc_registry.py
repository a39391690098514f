"""The registry behind check-digit: one question for many, and nothing made up."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from adapters.alanube.client import AlanubeClient
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.in_memory_gateway import EngineTransport
from adapters.alanube.ruc import AlanubeRucRegistry
from adapters.alanube.settings import RucTypeWords
from adapters.scheduler.manual_clock import ManualClock
from core.codes import RucType
from core.failures import PacUnavailableError, RucNotRegisteredError
from core.ports.pac_gateway import PacAccount
from core.ports.ruc_registry import ReceiverClass
from tests.unit.alanube.canned_pac import ACCOUNT, SETTINGS, CannedPac, canned_client

RUC = "155000001-2-2020"
KNOWN = {"checkDigit": "40", "receiver": "CONTRIBUYENTE", "type": "JURIDICO"}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def pac() -> CannedPac:
    made = CannedPac()
    made.answers(200, KNOWN)
    return made


@pytest.fixture
def registry(pac: CannedPac, clock: ManualClock) -> AlanubeRucRegistry:
    return AlanubeRucRegistry(SETTINGS, canned_client(pac, clock), clock)


async def test_a_known_ruc_has_its_dv_its_class_and_the_age_of_the_answer(
    registry: AlanubeRucRegistry, pac: CannedPac, clock: ManualClock
) -> None:
    known = await registry.verify(ACCOUNT, RUC, RucType.LEGAL)
    assert (known.ruc, known.ruc_type, known.dv) == (RUC, RucType.LEGAL, "40")
    assert known.receiver_class is ReceiverClass.TAXPAYER
    assert known.checked_at == clock.now()
    asked = pac.requests[0].url
    assert asked.path == "/pan/v1/check-digit"
    assert dict(asked.params) == {"idCompany": ACCOUNT.company_id, "ruc": RUC, "type": "JURIDICO"}


async def test_the_words_for_the_type_can_be_set(pac: CannedPac, clock: ManualClock) -> None:
    settings = replace(SETTINGS, ruc_type_words=RucTypeWords(natural="1", legal="2"))
    registry = AlanubeRucRegistry(settings, canned_client(pac, clock), clock)
    await registry.verify(ACCOUNT, "8-1-1", RucType.NATURAL)
    await registry.verify(ACCOUNT, RUC, RucType.LEGAL)
    assert [request.url.params["type"] for request in pac.requests] == ["1", "2"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("CONTRIBUYENTE", ReceiverClass.TAXPAYER),
        (" contribuyente ", ReceiverClass.TAXPAYER),
        ("GOBIERNO", ReceiverClass.GOVERNMENT),
        ("CONSUMIDOR_FINAL", ReceiverClass.FINAL_CONSUMER),
        ("EXTRANJERO", ReceiverClass.UNRECOGNISED),
        ("", ReceiverClass.UNRECOGNISED),
        (None, ReceiverClass.UNRECOGNISED),
        (7, ReceiverClass.UNRECOGNISED),
    ],
)
async def test_a_class_that_nobody_knows_is_not_a_final_consumer(
    registry: AlanubeRucRegistry, pac: CannedPac, told: object, expected: ReceiverClass
) -> None:
    pac.answers(200, KNOWN | {"receiver": told})
    assert (await registry.verify(ACCOUNT, RUC, RucType.LEGAL)).receiver_class is expected


@pytest.mark.parametrize(("told", "dv"), [("5", "05"), (5, "05"), ("40", "40"), (" 40 ", "40"), (0, "00")])
async def test_a_dv_has_two_digits(registry: AlanubeRucRegistry, pac: CannedPac, told: object, dv: str) -> None:
    pac.answers(200, KNOWN | {"checkDigit": told})
    assert (await registry.verify(ACCOUNT, RUC, RucType.LEGAL)).dv == dv


@pytest.mark.parametrize("body", [{}, {"checkDigit": None}, {"checkDigit": "abc"}, {"checkDigit": 123}, b"", b"<html>"])
async def test_an_answer_without_a_dv_is_no_answer(registry: AlanubeRucRegistry, pac: CannedPac, body: object) -> None:
    pac.answers(200, body)
    with pytest.raises(PacUnavailableError):
        await registry.verify(ACCOUNT, RUC, RucType.LEGAL)


async def test_a_400_means_that_the_registry_does_not_know_the_ruc(
    registry: AlanubeRucRegistry, pac: CannedPac
) -> None:
    pac.answers(400, {"code": 400, "errors": [{"code": "AP10150", "message": "RUC not found"}]})
    with pytest.raises(RucNotRegisteredError) as caught:
        await registry.verify(ACCOUNT, RUC, RucType.LEGAL)
    assert RUC in caught.value.message.english


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"code": 400, "message": ["instance.type is not one of enum values: 1,2"]}),
        (400, b""),
        (401, {"message": "Unauthorized"}),
        (403, b""),
        (404, {"code": 404, "message": "company not found"}),
        (429, {"message": "slow down"}),
        (500, {"message": "RUC not found"}),
        (302, b""),
    ],
)
async def test_other_failures_say_nothing_about_the_ruc(
    registry: AlanubeRucRegistry, pac: CannedPac, status: int, body: object
) -> None:
    pac.answers(status, body)
    with pytest.raises(PacUnavailableError):
        await registry.verify(ACCOUNT, RUC, RucType.LEGAL)


async def test_whoever_comes_later_asks_again(registry: AlanubeRucRegistry, pac: CannedPac, clock: ManualClock) -> None:
    await registry.verify(ACCOUNT, RUC, RucType.LEGAL)
    clock.advance(1)
    assert (await registry.verify(ACCOUNT, RUC, RucType.LEGAL)).checked_at == clock.now()
    assert len(pac.requests) == 2


async def test_a_refusal_is_asked_again(registry: AlanubeRucRegistry, pac: CannedPac) -> None:
    pac.answers(400, {"errors": [{"code": "AP10150", "message": "RUC not found"}]})
    with pytest.raises(RucNotRegisteredError):
        await registry.verify(ACCOUNT, RUC, RucType.LEGAL)
    pac.answers(200, KNOWN)
    assert (await registry.verify(ACCOUNT, RUC, RucType.LEGAL)).dv == "40"


async def test_many_who_wait_are_answered_by_one_question(registry: AlanubeRucRegistry, pac: CannedPac) -> None:
    pac.hold()
    waiters = [asyncio.create_task(registry.verify(ACCOUNT, RUC, RucType.LEGAL)) for _ in range(20)]
    await pac.was_asked.wait()
    waiters[0].cancel()
    await asyncio.sleep(0)
    pac.release()
    answers = await asyncio.gather(*waiters, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert all(not isinstance(answer, BaseException) and answer.dv == "40" for answer in answers[1:])
    assert len(pac.requests) == 1


async def test_a_failure_reaches_everyone_who_waits(registry: AlanubeRucRegistry, pac: CannedPac) -> None:
    pac.fails(httpx.ReadTimeout(""))
    answers = await asyncio.gather(
        *(registry.verify(ACCOUNT, RUC, RucType.LEGAL) for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(answer, PacUnavailableError) for answer in answers)
    assert len(pac.requests) == 1


async def test_the_fake_pac_is_understood(clock: ManualClock) -> None:
    engine = FakePacEngine(clock=clock.now)
    company = engine.register_company(ruc="155777777-2-2021", name="Emisor", token="secret-key")
    settings = replace(SETTINGS, base_url="http://fake-pac.invalid", plain_http_hosts=frozenset({"fake-pac.invalid"}))
    client = AlanubeClient(settings, clock, transport=EngineTransport(engine))
    registry = AlanubeRucRegistry(settings, client, clock)
    account = PacAccount(company_id=company.id)
    assert (await registry.verify(account, "8-NT-1-12345", RucType.LEGAL)).receiver_class is ReceiverClass.GOVERNMENT
    engine.registry.forget("8-1-1")
    with pytest.raises(RucNotRegisteredError):
        await registry.verify(account, "8-1-1", RucType.NATURAL)
