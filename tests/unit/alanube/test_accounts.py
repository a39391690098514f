"""Offices at the PAC: found by their code, created once, and failures that say whose they are."""

import json
from dataclasses import replace

import httpx
import pytest

from adapters.alanube.accounts import AlanubePacAccounts
from adapters.alanube.client import AlanubeClient
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.in_memory_gateway import EngineTransport
from adapters.scheduler.manual_clock import ManualClock
from core.errors import IstmoError
from core.failures import PacMisconfiguredError, PacRefusedError, PacUnavailableError
from core.ports.pac_accounts import NewPacOffice, PacOffice
from core.ports.pac_gateway import PacAccount
from tests.unit.alanube.canned_pac import ACCOUNT, SETTINGS, CannedPac, canned_client

OFFICE_ID = "01JA0B1C2D3E4F5G6H7J8K9M0N"
NEW = NewPacOffice(
    code="0003",
    address="Calle 50",
    coordinates="+8.9824,-79.5199",
    location_code="8-8-7",
    telephone="200-0000",
)


@pytest.fixture
def pac() -> CannedPac:
    return CannedPac()


@pytest.fixture
def accounts(pac: CannedPac) -> AlanubePacAccounts:
    return AlanubePacAccounts(SETTINGS, canned_client(pac, ManualClock()))


async def test_an_office_is_found_by_its_code_among_whatever_the_list_holds(
    accounts: AlanubePacAccounts, pac: CannedPac
) -> None:
    pac.answers(200, [None, 7, {}, {"id": "x y", "code": "0003"}, {"id": OFFICE_ID, "code": "0003"}])
    assert await accounts.find_office(ACCOUNT, "0003") == PacOffice(pac_office_id=OFFICE_ID, code="0003")
    assert await accounts.find_office(ACCOUNT, "0004") is None
    assert pac.requests[0].url.path == f"/pan/v1/companies/{ACCOUNT.company_id}/offices"


@pytest.mark.parametrize(("code", "kind"), [("0000", "main"), ("0003", "associated")])
async def test_an_office_is_created_with_every_field_of_the_contract(
    accounts: AlanubePacAccounts, pac: CannedPac, code: str, kind: str
) -> None:
    pac.answers(201, {"id": OFFICE_ID, "code": code})
    created = await accounts.create_office(ACCOUNT, replace(NEW, code=code))
    assert created == PacOffice(pac_office_id=OFFICE_ID, code=code)
    assert json.loads(pac.requests[0].content) == {
        "code": code,
        "type": kind,
        "coordinates": "+8.9824,-79.5199",
        "address": "Calle 50",
        "telephone": "200-0000",
        "location": "8-8-7",
    }


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"errors": [{"code": "AP10153", "message": "office code already exists"}]}, PacRefusedError),
        (404, {"code": 404, "message": "company not found"}, PacRefusedError),
        (401, {"message": "Unauthorized"}, PacMisconfiguredError),
        (403, b"", PacMisconfiguredError),
        (400, {"code": "AP1010", "message": "qr"}, PacMisconfiguredError),
        (400, b"<html>", PacUnavailableError),
        (429, {"message": "slow down"}, PacUnavailableError),
        (500, {"message": "no"}, PacUnavailableError),
        (200, b"", PacUnavailableError),
        (200, b"{}", PacUnavailableError),
        (200, {"message": "created"}, PacUnavailableError),
        (200, b"[" * 100_000, PacUnavailableError),
    ],
)
async def test_a_failure_says_whose_it_is(
    accounts: AlanubePacAccounts, pac: CannedPac, status: int, body: object, error: type[IstmoError]
) -> None:
    pac.answers(status, body)
    with pytest.raises(error) as creating:
        await accounts.create_office(ACCOUNT, NEW)
    assert "secret-key" not in str(creating.value)
    with pytest.raises(error):
        await accounts.find_office(ACCOUNT, "0003")
    assert len(pac.requests) == 2


async def test_no_answer_is_unavailable(accounts: AlanubePacAccounts, pac: CannedPac) -> None:
    pac.fails(httpx.ConnectError("down"))
    with pytest.raises(PacUnavailableError):
        await accounts.find_office(ACCOUNT, "0003")


async def test_the_fake_pac_is_understood() -> None:
    clock = ManualClock()
    engine = FakePacEngine(clock=clock.now)
    company = engine.register_company(ruc="155777777-2-2021", name="Emisor", token="secret-key")
    settings = replace(SETTINGS, base_url="http://fake-pac.invalid", plain_http_hosts=frozenset({"fake-pac.invalid"}))
    accounts = AlanubePacAccounts(settings, AlanubeClient(settings, clock, transport=EngineTransport(engine)))
    account = PacAccount(company_id=company.id)
    assert await accounts.find_office(account, "0003") is None
    created = await accounts.create_office(account, NEW)
    assert await accounts.find_office(account, "0003") == created
    with pytest.raises(PacRefusedError):
        await accounts.create_office(account, NEW)
    with pytest.raises(PacMisconfiguredError):
        await accounts.find_office(replace(account, token="wrong"), "0003")
