"""From a draft to the strict fake's answer: preflight, figures, the exact payload, and what the fake makes of it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from adapters.alanube.fake.clocks import ManualClock
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from adapters.alanube.fake.records import FakeDocument
from adapters.alanube.settings import WireOptions
from core.cufe import CufeParts, build_cufe
from core.documents import FiscalDocument
from core.drafts import Draft
from core.issue_time import panama_date
from core.ports.pac_gateway import Accepted, Downloaded, Found, PacAccount, Rejected, SubmitAnswer
from core.preflight import Verdict, preflight
from tests.strategies.drafts import NOW
from tests.unit.alanube.parties import ISSUER, OFFICE
from tests.unit.alanube.scenarios import document as a_recorded_document

NAMED = WireOptions(
    foreign_key="foreign",
    export_place="root",
    contingency_start_key="contingencyStart",
    contingency_reason_key="contingencyReason",
)
SECURITY_CODE = "483920175"


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One document at the fake, and all that leads there."""

    document: FiscalDocument
    body: bytes
    answer: SubmitAnswer
    engine: FakePacEngine
    gateway: InMemoryPacGateway
    account: PacAccount
    clock: ManualClock

    @property
    def sent(self) -> Any:
        """The payload with exact numbers."""
        return json.loads(self.body, parse_float=Decimal)

    @property
    def at_the_fake(self) -> FakeDocument:
        """The only document."""
        (only,) = self.engine.documents
        return only

    @property
    def refused_with(self) -> set[str]:
        """The codes of the refusal; empty when it was authorised."""
        if isinstance(self.answer, Rejected):
            return set(self.answer.codes)
        assert isinstance(self.answer, Accepted), self.answer
        return set()

    def told_with(self) -> set[str]:
        """The codes that come with the DGI's authorisation."""
        self.clock.advance(timedelta(seconds=30))
        self.engine.advance()
        return {finding.code for finding in self.at_the_fake.government}

    async def files(self) -> tuple[bytes, bytes]:
        """The fake's printed form and its XML, once the DGI has authorised."""
        assert isinstance(self.answer, Accepted)
        pac_id = self.answer.document.pac_document_id
        assert pac_id is not None
        self.clock.advance(timedelta(seconds=30))
        found = await self.gateway.look_up(self.account, self.document.document_type, pac_id)
        assert isinstance(found, Found), found
        pdf = await self.gateway.download_pdf(found.document.pdf_url or "")
        xml = await self.gateway.download_xml(found.document.xml_url or "")
        assert isinstance(pdf, Downloaded), pdf
        assert isinstance(xml, Downloaded), xml
        return pdf.content, xml.content


def judged(draft: Draft, *, ahead: timedelta = timedelta(0)) -> Verdict:
    """Preflight at ``NOW`` of a document that is issued ``ahead``."""
    return preflight(draft, issued_at=NOW + ahead, now=NOW)


def recorded(draft: Draft, *, issued_at: datetime = NOW) -> FiscalDocument:
    """The document of a draft, number 1."""
    document = a_recorded_document(draft, 1, SECURITY_CODE, issued_at)
    parts = CufeParts(
        document_type=draft.document_type,
        ruc_type=ISSUER.ruc_type,
        ruc=ISSUER.ruc,
        dv=ISSUER.dv,
        branch=ISSUER.branch,
        issued_on=panama_date(issued_at),
        number=1,
        billing_point=document.series.billing_point,
        emission=draft.emission,
        environment=ISSUER.environment,
        security_code=SECURITY_CODE,
    )
    return replace(document, expected_cufe=build_cufe(parts))


async def post(draft: Draft, *, ahead: timedelta = timedelta(0), options: WireOptions = NAMED) -> Posted:
    """Send a draft to a fresh strict fake whose clock says ``NOW``."""
    document = recorded(draft, issued_at=NOW + ahead)
    clock = ManualClock(NOW)
    engine = FakePacEngine(clock=clock)
    engine.behave(closed_fields=True, unknown_references=True)
    company = engine.register_company(ruc=ISSUER.ruc, name="Emisor", main_office=False)
    engine.register_office(company.id, code=ISSUER.branch, office_id=OFFICE)
    gateway = InMemoryPacGateway(engine, wire=options)
    account = PacAccount(company_id=company.id)
    body = gateway.encode(document)
    answer = await gateway.submit(account, document.document_type, body)
    return Posted(
        document=document, body=body, answer=answer, engine=engine, gateway=gateway, account=account, clock=clock
    )


def amounts_in(xml: bytes) -> dict[str, Decimal]:
    """The figures of the fake's XML by their DGI name, those of the totals alone."""
    root = ET.fromstring(xml)  # noqa: S314 - our own fake made it
    (totals,) = [element for element in root.iter() if element.tag.endswith("}gTot")]
    names = ("dTotNeto", "dTotITBMS", "dTotISC", "dTotGravado", "dVTot", "dTotRec", "dVTotItems", "dVuelto")
    found = {}
    for element in totals:
        name = element.tag.rsplit("}", 1)[-1]
        if name in names and element.text:
            found[name] = Decimal(element.text)
    return found
