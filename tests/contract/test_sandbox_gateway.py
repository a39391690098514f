"""The PAC port on the production gateway, at the fake and at a sandbox that the environment names: our own bodies."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.alanube.accounts import AlanubePacAccounts
from adapters.alanube.downloads import FileDownloader
from adapters.alanube.gateway import AlanubePacGateway
from adapters.alanube.settings import AlanubeSettings
from core.codes import DocumentType, PaymentForm, ReceiverType
from core.documents import FiscalDocument, SeriesKey
from core.drafts import DraftPayment, DraftReceiver
from core.identifiers import PacDocumentId, TenantId
from core.ports.pac_gateway import Accepted, Duplicate, Found, Misconfigured, NotFound, PacAccount
from tests.builders import a_document, a_draft, a_line, an_issuer
from tests.contract.sandbox_doors import Door, fake_door, has_sandbox, sandbox_door

DOORS = {"fake": fake_door, "sandbox": sandbox_door}
INVOICE = DocumentType.DOMESTIC_INVOICE


@pytest.fixture(params=["fake", "sandbox"] if has_sandbox() else ["fake"])
async def door(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    async with DOORS[request.param]() as opened:
        yield opened


@pytest.fixture
async def gateway(door: Door) -> AsyncIterator[AlanubePacGateway]:
    settings = AlanubeSettings(base_url="https://files.invalid", token=door.token)
    downloader = FileDownloader(settings)
    yield AlanubePacGateway(settings, door.client, downloader)
    await downloader.aclose()


async def document_for(door: Door, number: int) -> FiscalDocument:
    """An invoice to a final consumer from the company's main office, dated now."""
    settings = AlanubeSettings(base_url="https://files.invalid", token=door.token)
    accounts = AlanubePacAccounts(settings, door.client)
    office = await accounts.find_office(PacAccount(company_id=door.company_id), "0000")
    line = a_line(unit_price=Decimal("1.00"), quantity=Decimal(1))
    draft = replace(
        a_draft(),
        receiver=DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER),
        lines=(line,),
        payments=(DraftPayment(form=PaymentForm.CASH, amount=Decimal("1.07")),),
    )
    return a_document(
        TenantId("01TENANT000000000000000000"),
        draft=draft,
        issuer=an_issuer(branch="0000", pac_office_id=None if office is None else office.pac_office_id),
        series=SeriesKey(billing_point="903", document_type=INVOICE),
        number=number,
        issued_at=door.now(),
    )


async def test_our_own_body_is_accepted_once_and_shown(door: Door, gateway: AlanubePacGateway) -> None:
    account = PacAccount(company_id=door.company_id)
    body = gateway.encode(await document_for(door, door.first_number))
    accepted = await gateway.submit(account, INVOICE, body)
    assert isinstance(accepted, Accepted), accepted
    shown_id = accepted.document.pac_document_id
    assert shown_id is not None
    found = await gateway.look_up(account, INVOICE, shown_id)
    assert isinstance(found, Found), found
    assert found.document.pac_document_id == shown_id
    assert found.document.cufe == accepted.document.cufe
    assert isinstance(await gateway.submit(account, INVOICE, body), Duplicate)


async def test_what_does_not_exist_is_not_found(door: Door, gateway: AlanubePacGateway) -> None:
    account = PacAccount(company_id=door.company_id)
    missing = await gateway.look_up(account, INVOICE, PacDocumentId("01JA0B1C2D3E4F5G6H7J8K9M0N"))
    assert isinstance(missing, NotFound), missing


async def test_a_wrong_key_is_no_rejection(door: Door, gateway: AlanubePacGateway) -> None:
    account = PacAccount(company_id=door.company_id, token="not-a-token")
    body = gateway.encode(await document_for(door, door.first_number + 1))
    assert isinstance(await gateway.submit(account, INVOICE, body), Misconfigured)
