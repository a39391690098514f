"""Companies at the PAC: found by their RUC, made with every field, told apart when they fail."""

import json
from base64 import b64encode

import httpx
import pytest

from adapters.alanube.companies import AlanubePacCompanies
from adapters.scheduler.manual_clock import ManualClock
from core.certificates import CertificateFile, CertificateKind
from core.codes import RucType
from core.errors import IstmoError
from core.failures import PacMisconfiguredError, PacNotReachedError, PacRefusedError, PacUnavailableError
from core.ports.pac_accounts import AffiliationAnswer, AffiliationKind, NewPacCompany, PacCompany
from tests.unit.alanube.canned_pac import ACCOUNT, SETTINGS, CannedPac, canned_client

ID, RUC = "01JA0B1C2D3E4F5G6H7J8K9M0N", "155000001-2-2020"
FILE = CertificateFile(content=b"bytes of a p12", password="a password")
WIRED = {"extension": "p12", "password": "a password", "content": b64encode(b"bytes of a p12").decode()}
NEW = NewPacCompany(
    name="Ferretería Uno, S.A.",
    trade_name="Ferretería Uno",
    ruc=RUC,
    ruc_type=RucType.LEGAL,
    dv="40",
    is_main=False,
    logo=None,
    certificates=dict.fromkeys(CertificateKind, FILE),
)
SHOWN = {"id": ID, "ruc": RUC, "typeRuc": {"code": 2}, "affiliated": "REQUESTED", "isActive": True, "qr": "012345678"}


@pytest.fixture
def pac() -> CannedPac:
    return CannedPac()


@pytest.fixture
def companies(pac: CannedPac) -> AlanubePacCompanies:
    return AlanubePacCompanies(SETTINGS, canned_client(pac, ManualClock()))


async def test_a_company_is_found_by_its_ruc_among_whatever_the_list_holds(
    companies: AlanubePacCompanies, pac: CannedPac
) -> None:
    strange = [None, 7, {}, {"id": "x y", "ruc": RUC}, SHOWN | {"ruc": 5}, SHOWN | {"ruc": "nobody"}]
    pac.answers(200, [*strange, SHOWN | {"ruc": "8-442-445"}, SHOWN])
    expected = PacCompany(
        company_id=ID,
        ruc=RUC,
        ruc_type=RucType.LEGAL,
        is_active=True,
        affiliation="REQUESTED",
        security_code="012345678",
    )
    assert await companies.find_companies(RUC) == (expected,)
    assert await companies.find_companies("8-8-8") == ()
    assert pac.requests[0].url.path == "/pan/v1/companies"


@pytest.mark.parametrize(
    ("shown", "ruc_type", "code"),
    [
        ({"typeRuc": 1, "qr": None}, RucType.NATURAL, None),
        ({"typeRuc": "2", "qr": "https://etax.example/1"}, RucType.LEGAL, None),
        ({"typeRuc": [], "qr": "12345678"}, None, None),
        ({"typeRuc": {"code": {}}, "qr": 123456789}, None, None),
    ],
)
async def test_strange_values_are_read_as_unknown(
    companies: AlanubePacCompanies, pac: CannedPac, shown: dict[str, object], ruc_type: RucType | None, code: str | None
) -> None:
    pac.answers(200, SHOWN | shown)
    company = await companies.get_company(ACCOUNT)
    assert (company.ruc_type, company.security_code) == (ruc_type, code)


async def test_a_company_is_created_with_every_field_of_the_contract(
    companies: AlanubePacCompanies, pac: CannedPac
) -> None:
    pac.answers(201, SHOWN)
    assert (await companies.create_company(NEW)).company_id == ID
    assert pac.requests[0].method == "POST"
    assert json.loads(pac.requests[0].content) == {
        "name": "Ferretería Uno, S.A.",
        "tradeName": "Ferretería Uno",
        "ruc": RUC,
        "checkDigit": "40",
        "type": "associated",
        "typeRuc": {"code": 2},
        "certificates": {"signature": WIRED, "authentication": WIRED},
    }


async def test_certificates_are_replaced_alone(companies: AlanubePacCompanies, pac: CannedPac) -> None:
    pac.answers(200, SHOWN)
    await companies.replace_certificates(ACCOUNT, {CertificateKind.SIGNATURE: FILE})
    assert pac.requests[0].method == "PATCH"
    assert json.loads(pac.requests[0].content) == {"certificates": {"signature": WIRED}}


@pytest.mark.parametrize(
    ("qr", "code", "address"),
    [
        ("012345678", "012345678", None),
        ("https://etax.example/1", None, "https://etax.example/1"),
        (None, None, None),
        (7, None, None),
    ],
)
async def test_either_reply_may_carry_the_code(
    companies: AlanubePacCompanies, pac: CannedPac, qr: object, code: str | None, address: str | None
) -> None:
    pac.answers(200, {"affiliated": "REQUESTED", "qr": qr})
    answer = await companies.ask_affiliation(ACCOUNT, AffiliationKind.REQUEST)
    assert answer == AffiliationAnswer(affiliation="REQUESTED", security_code=code, address=address)
    assert pac.requests[0].url.params["affiliationType"] == "3"
    assert pac.requests[0].url.params["idCompany"] == ACCOUNT.company_id


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"errors": [{"code": "AP10152", "message": "a main company already exists"}]}, PacRefusedError),
        (401, {"message": "Unauthorized"}, PacMisconfiguredError),
        (400, b"<html>", PacUnavailableError),
        (500, {"message": "no"}, PacUnavailableError),
        (200, b"", PacUnavailableError),
        (201, {"message": "created"}, PacUnavailableError),
        (200, b"[" * 100_000, PacUnavailableError),
    ],
)
async def test_a_failure_says_whose_it_is(
    companies: AlanubePacCompanies, pac: CannedPac, status: int, body: object, error: type[IstmoError]
) -> None:
    pac.answers(status, body)
    with pytest.raises(error) as creating:
        await companies.create_company(NEW)
    assert "a password" not in str(creating.value)
    assert not isinstance(creating.value, PacNotReachedError)
    with pytest.raises(error):
        await companies.get_company(ACCOUNT)


async def test_a_request_that_never_left_is_told_apart(companies: AlanubePacCompanies, pac: CannedPac) -> None:
    pac.fails(httpx.ConnectError("down"))
    with pytest.raises(PacUnavailableError):
        await companies.create_company(NEW)


@pytest.mark.parametrize(
    ("spelt", "ruc"),
    [(" 155000001-2-2020 ", RUC), ("8av-1-196", "8-AV-1-196"), ("08-442-445", "8-442-445"), ("pe-1-1", "PE-1-1")],
)
async def test_a_ruc_in_another_spelling_is_found(
    companies: AlanubePacCompanies, pac: CannedPac, spelt: str, ruc: str
) -> None:
    pac.answers(200, [SHOWN | {"ruc": spelt, "isActive": False}])
    assert [each.is_active for each in await companies.find_companies(ruc)] == [False]
