"""The strict fake judges by itself what we send: it authorises every document and finds our totals, to the cent."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.alanube.fake.clocks import ManualClock
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from adapters.alanube.settings import WireOptions
from core.documents import FiscalDocument
from core.ports.pac_gateway import Accepted, PacAccount, SubmitAnswer
from tests.unit.alanube import scenarios
from tests.unit.alanube.document_strategies import documents
from tests.unit.alanube.parties import ISSUER, OFFICE

NAMED = WireOptions(
    foreign_key="foreign",
    export_place="root",
    contingency_start_key="contingencyStart",
    contingency_reason_key="contingencyReason",
)


async def submitted(document: FiscalDocument) -> tuple[FakePacEngine, SubmitAnswer]:
    engine = FakePacEngine(clock=ManualClock(document.issued_at))
    engine.behave(closed_fields=True, unknown_references=True)
    company = engine.register_company(ruc=ISSUER.ruc, name="Emisor", main_office=False)
    engine.register_office(company.id, code="0001", office_id=OFFICE)
    gateway = InMemoryPacGateway(engine, wire=NAMED)
    account = PacAccount(company_id=company.id)
    return engine, await gateway.submit(account, document.document_type, gateway.encode(document))


@pytest.mark.parametrize("name", [*scenarios.CONFIRMED, "export"])
async def test_the_closed_fake_authorises_every_scenario_with_our_total(name: str) -> None:
    document = (scenarios.CONFIRMED | scenarios.UNCONFIRMED)[name]()
    engine, answer = await submitted(document)
    assert isinstance(answer, Accepted), answer
    assert engine.documents[0].total == document.totals.total
    if document.issuer.pac_office_id is not None:
        assert answer.document.cufe == document.expected_cufe


async def test_a_contingency_without_other_taxes_is_authorised() -> None:
    document = scenarios.contingency()
    lines = tuple(replace(line, oti=()) for line in document.draft.lines)
    draft = replace(document.draft, lines=lines)
    without = scenarios.document(draft, 13, document.security_code, document.issued_at)
    _, answer = await submitted(without)
    assert isinstance(answer, Accepted), answer


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(documents())
async def test_the_closed_fake_authorises_every_document_with_our_total(document: FiscalDocument) -> None:
    engine, answer = await submitted(document)
    assert isinstance(answer, Accepted), answer
    assert engine.documents[0].total == document.totals.total
    assert answer.document.cufe == document.expected_cufe
