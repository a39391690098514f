"""What the gauges promise, whoever keeps the data; on PostgreSQL they are the owner's, or go through functions."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from adapters.persistence.inspections import open_gauges
from adapters.persistence.sql_work_gauges import (
    CENSUS_BODY,
    WAITING_BODY,
)
from adapters.persistence.stores import open_stores
from core.certificates import CertificateKind
from core.circuits import Circuit, CircuitState
from core.documents import Change, LegalStatus, Submission
from core.identifiers import TenantId
from core.onboarding import Onboarding
from core.ports.onboarding_book import OnboardingBook
from core.ports.webhook_inbox import DeliveryState
from core.voids import VoidState
from tests.builders import (
    INVOICES,
    NOW,
    a_delivery,
    a_tenant,
    a_void,
    record_document,
)
from tests.contract.inspection_fixtures import Looked, looking
from tests.contract.test_onboarding_book import an_onboarding, far_on
from tests.services import PostgresRoles

KEY = bytes(range(32))
SECOND_POINT = replace(INVOICES, billing_point="002")


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def looked(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Looked]:
    async with looking(request, tmp_path) as filled:
        yield filled


@pytest.fixture
async def tenant_id(looked: Looked) -> TenantId:
    tenant = a_tenant()
    await looked.stores.directory.add_tenant(tenant)
    return tenant.tenant_id


@pytest.fixture
async def stranger_id(looked: Looked) -> TenantId:
    tenant = a_tenant()
    await looked.stores.directory.add_tenant(tenant)
    return tenant.tenant_id


async def test_the_gauges_count_what_waits_over_all_tenants(
    looked: Looked, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    documents = looked.stores.documents
    hour = timedelta(hours=1)
    await record_document(documents, tenant_id, next_action_at=NOW - hour, created_at=NOW - 30 * hour)
    await record_document(documents, stranger_id, next_action_at=NOW + hour)
    doubted = await record_document(documents, tenant_id)
    doubt = replace(doubted, submission=Submission.IN_DOUBT, doubt_since=NOW - 2 * hour, next_action_at=NOW + hour)
    await documents.update(tenant_id, doubted.document_id, lambda _: Change(document=doubt))
    for tenant, ago, state in (
        (tenant_id, 5, VoidState.IN_DOUBT),
        (stranger_id, 9, VoidState.IN_DOUBT),
        (tenant_id, 99, VoidState.VOIDED),
        (tenant_id, 99, VoidState.REQUESTED),
    ):
        voided = await record_document(documents, tenant, created_at=NOW - 300 * hour, next_action_at=NOW + hour)
        issued = replace(
            voided,
            submission=Submission.ACCEPTED,
            legal_status=LegalStatus.DGI_AUTHORIZED,
            void=a_void(state=state, requested_at=NOW - (ago + 1) * hour, doubt_since=NOW - ago * hour),
            next_action_at=None if state is VoidState.VOIDED else NOW + hour,
        )
        await documents.update(tenant, voided.document_id, lambda _, after=issued: Change(document=after))
    settled = await record_document(documents, tenant_id)
    done = replace(
        settled, submission=Submission.ACCEPTED, legal_status=LegalStatus.DGI_AUTHORIZED, next_action_at=None
    )
    await documents.update(tenant_id, settled.document_id, lambda _: Change(document=done))
    await looked.stores.inbox.store(a_delivery(tenant_id, received_at=NOW - hour))
    unmatched = a_delivery(stranger_id, state=DeliveryState.UNMATCHED)
    await looked.stores.inbox.store(unmatched)
    opened = Circuit(tenant_id=tenant_id, state=CircuitState.OPEN, opened_at=NOW, probe_at=NOW, openings=1)
    await looked.stores.circuits.change(tenant_id, lambda _: opened)

    waiting = await looked.gauges.waiting(NOW, overdue_before=NOW - 24 * hour)
    assert dict(waiting.by_submission) == {"QUEUED": 2, "IN_DOUBT": 1, "ACCEPTED": 3}
    overdue = 2  # the old document, and the void that was asked for 100 hours ago; a younger void of an old one is not
    assert (waiting.due, waiting.oldest_due_at, waiting.overdue) == (1, NOW - hour, overdue)
    assert (waiting.voids_in_doubt, waiting.oldest_void_doubt_since) == (2, NOW - 9 * hour)
    assert waiting.oldest_doubt_since == NOW - 2 * hour
    assert (waiting.received, waiting.oldest_received_at) == (1, NOW - hour)
    assert dict(waiting.circuits) == {"OPEN": 1}
    census = await looked.gauges.census()
    assert dict(census.by_submission) == {"QUEUED": 2, "IN_DOUBT": 1, "ACCEPTED": 5}
    assert dict(census.by_legal_status) == {"NONE": 3, "DGI_AUTHORIZED": 5}
    assert census.unmatched == 1


async def test_the_gauges_know_when_the_certificates_of_all_taxpayers_end(looked: Looked) -> None:
    book = looked.stores.onboardings
    assert [list(ends) for ends in (await looked.gauges.census()).certificates.values()] == [[], []]
    first = await book.advance(await _begun(book, far_on(an_onboarding())))
    await _begun(book, replace(far_on(an_onboarding("01OTHER", "8-442-445")), certificates=()))
    signature = first.certificates[0]
    other = replace(signature, kind=CertificateKind.AUTHENTICATION, not_after=NOW - timedelta(microseconds=1))
    renewed = replace(signature, not_after=NOW + timedelta(days=900))
    await book.advance(replace(first, certificates=(other, renewed)))
    assert {kind: list(ends) for kind, ends in (await looked.gauges.census()).certificates.items()} == {
        CertificateKind.SIGNATURE: [NOW + timedelta(days=900)],
        CertificateKind.AUTHENTICATION: [NOW - timedelta(microseconds=1)],
    }
    late = replace(far_on(an_onboarding("01THIRD", "155000009-2-2020")), certificates=(signature,))
    await book.begin(late)  # a record that begins with certificates, as one that was restored
    ends = (await looked.gauges.census()).certificates[CertificateKind.SIGNATURE]
    assert sorted(ends) == [signature.not_after, NOW + timedelta(days=900)]


async def _begun(book: OnboardingBook, onboarding: Onboarding) -> Onboarding:
    await book.begin(onboarding)
    return onboarding


async def test_the_gauges_of_an_empty_installation_are_zero(looked: Looked) -> None:
    waiting = await looked.gauges.waiting(NOW, overdue_before=NOW)
    assert (dict(waiting.by_submission), waiting.due, waiting.oldest_due_at, waiting.overdue) == ({}, 0, None, 0)
    assert (waiting.voids_in_doubt, waiting.oldest_void_doubt_since) == (0, None)
    assert (await looked.gauges.census()).unmatched == 0


@pytest.mark.postgres
async def test_the_application_role_reads_the_gauges_through_definer_functions(
    empty_postgres_roles: PostgresRoles, tmp_path: Path
) -> None:
    roles = empty_postgres_roles
    stores = await open_stores(roles.application_url, secrets_key=KEY, files_folder=tmp_path, marks_folder=tmp_path)
    opened = await open_gauges(roles.application_url)
    try:
        tenant = a_tenant()
        await stores.directory.add_tenant(tenant)
        await record_document(stores.documents, tenant.tenant_id)
        onboarding = far_on(an_onboarding())
        await stores.onboardings.begin(onboarding)
        assert (await opened.gauges.waiting(NOW, overdue_before=NOW)).due == 1
        assert dict((await opened.gauges.census()).by_submission) == {"QUEUED": 1}
        certificates = (await opened.gauges.census()).certificates
        assert certificates[CertificateKind.SIGNATURE] == [onboarding.certificates[0].not_after]
        with psycopg.connect(roles.superuser_url) as superuser:
            bodies = superuser.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE '%_gauges'").fetchall()
        found = {name: body.strip() for name, body in bodies}
        assert found == {"work_gauges": WAITING_BODY.strip(), "census_gauges": CENSUS_BODY.strip()}
    finally:
        await opened.close()
        await stores.close()
