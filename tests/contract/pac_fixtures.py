"""The three PAC gateways over one fake engine each, and documents that its company may issue."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.alanube.client import AlanubeClient
from adapters.alanube.downloads import FileDownloader
from adapters.alanube.fake.clocks import ManualClock
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.http_server import running_fake_pac
from adapters.alanube.fake.in_memory_gateway import EngineTransport, InMemoryPacGateway
from adapters.alanube.fake.records import Company
from adapters.alanube.gateway import AlanubePacGateway
from adapters.alanube.settings import AlanubeSettings
from adapters.scheduler.system_clock import SystemClock
from core.codes import DocumentType, Environment, RucType
from core.documents import FiscalDocument, Issuer, SeriesKey
from core.identifiers import PacDocumentId, TenantId
from core.ports.pac_gateway import (
    Accepted,
    Duplicate,
    Found,
    LookUpAnswer,
    PacAccount,
    PacGateway,
    SubmitAnswer,
)
from tests.builders import a_document, a_draft

GATEWAYS = ("in_memory", "in_process", "http")
TOKEN = "token-of-the-installation"
START = datetime(2026, 3, 4, 15, 15, tzinfo=UTC)
TENANT = TenantId("01TENANT000000000000000000")


@dataclass
class PacWorld:
    """A gateway, the engine behind it, and the company whose documents are meant."""

    kind: str
    gateway: PacGateway
    engine: FakePacEngine
    clock: ManualClock
    company: Company

    @property
    def account(self) -> PacAccount:
        return PacAccount(company_id=self.company.id)

    def document(self, number: int = 1, company: Company | None = None, **changes: Any) -> FiscalDocument:
        """A document of the company's main office; ``changes`` are of the draft."""
        issuing = company or self.company
        office = next(iter(issuing.offices.values()))
        draft = replace(a_draft(), payments=(), **changes)
        return a_document(
            TENANT,
            draft=draft,
            issuer=Issuer(
                ruc=issuing.ruc,
                ruc_type=RucType(issuing.ruc_type),
                dv=issuing.dv,
                name=issuing.name,
                environment=Environment(issuing.environment),
                branch=office.code,
                pac_office_id=office.id,
            ),
            series=SeriesKey(billing_point="001", document_type=draft.document_type),
            number=number,
            security_code=f"{number:09d}",
            issued_at=self.clock(),
        )

    async def submit(self, document: FiscalDocument, account: PacAccount | None = None) -> SubmitAnswer:
        body = self.gateway.encode(document)
        return await self.gateway.submit(account or self.account, document.document_type, body)

    async def look_up(
        self,
        pac_document_id: PacDocumentId | str | None,
        document_type: DocumentType = DocumentType.DOMESTIC_INVOICE,
        account: PacAccount | None = None,
    ) -> LookUpAnswer:
        assert pac_document_id is not None
        return await self.gateway.look_up(account or self.account, document_type, PacDocumentId(pac_document_id))

    async def accepted(self, document: FiscalDocument) -> Accepted:
        answer = await self.submit(document)
        assert isinstance(answer, Accepted), answer
        return answer

    async def found(
        self, pac_document_id: PacDocumentId | None, document_type: DocumentType = DocumentType.DOMESTIC_INVOICE
    ) -> Found:
        answer = await self.look_up(pac_document_id, document_type)
        assert isinstance(answer, Found), answer
        return answer

    @property
    def posts(self) -> list[bytes]:
        """The body of every POST that reached the engine."""
        return [exchange.request.body for exchange in self.engine.exchanges if exchange.request.method == "POST"]


def is_duplicate_of(answer: SubmitAnswer, pac_document_id: PacDocumentId | None) -> bool:
    return isinstance(answer, Duplicate) and answer.pac_document_id == pac_document_id


@asynccontextmanager
async def pac_world(kind: str) -> AsyncIterator[PacWorld]:
    """One of ``GATEWAYS`` with an affiliated company that has its main office."""
    clock = ManualClock(START)
    engine = FakePacEngine(clock=clock, seed=7)
    company = engine.register_company(ruc="155777777-2-2021", name="Emisor de Ejemplo, S.A.", token=TOKEN)
    if kind == "in_memory":
        gateway = InMemoryPacGateway(engine, token=TOKEN)
        yield PacWorld(kind=kind, gateway=gateway, engine=engine, clock=clock, company=company)
    elif kind == "in_process":
        transport = EngineTransport(engine)
        settings = _settings(engine.base_url, "fake-pac.invalid")
        client = AlanubeClient(settings, SystemClock(), transport=transport)
        downloader = FileDownloader(settings, transport=transport, resolver=_loopback)
        production = AlanubePacGateway(settings, client, downloader)
        yield PacWorld(kind=kind, gateway=production, engine=engine, clock=clock, company=company)
    else:
        async with running_fake_pac(engine, clock) as base_url:
            settings = _settings(base_url, "127.0.0.1")
            client, downloader = AlanubeClient(settings, SystemClock()), FileDownloader(settings)
            production = AlanubePacGateway(settings, client, downloader)
            yield PacWorld(kind=kind, gateway=production, engine=engine, clock=clock, company=company)
            await client.aclose()
            await downloader.aclose()


def _settings(base_url: str, host: str) -> AlanubeSettings:
    return AlanubeSettings(
        base_url=base_url,
        token=TOKEN,
        connect_seconds=2.0,
        read_seconds=1.5,
        total_seconds=2.0,
        download_seconds=10.0,
        plain_http_hosts=frozenset({host}),
    )


async def _loopback(_host: str, _port: int) -> tuple[str, ...]:
    return ("127.0.0.1",)
