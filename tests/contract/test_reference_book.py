"""ReferenceBook: what the PAC told is told again, with its age, to the same tenant alone."""

from dataclasses import replace
from datetime import timedelta

from adapters.persistence.stores import Stores
from core.catalogues import Catalogue, CatalogueEntry, CatalogueKind
from core.codes import RucType
from core.identifiers import TenantId
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc
from tests.builders import NOW

RUC = "155000001-2-2020"
KNOWN = RegisteredRuc(ruc=RUC, ruc_type=RucType.LEGAL, dv="40", receiver_class=ReceiverClass.TAXPAYER, checked_at=NOW)
UNITS = Catalogue(
    kind=CatalogueKind.UNITS,
    entries=(CatalogueEntry(code="und", name="Unidad"), CatalogueEntry(code="gal", name="Galón")),
    fetched_at=NOW,
)


async def test_an_answer_about_a_ruc_is_recalled_with_its_age(stores: Stores, tenant_id: TenantId) -> None:
    assert await stores.reference_book.recall_ruc(tenant_id, RUC, RucType.LEGAL) is None
    await stores.reference_book.keep_ruc(tenant_id, KNOWN)
    assert await stores.reference_book.recall_ruc(tenant_id, RUC, RucType.LEGAL) == KNOWN
    assert await stores.reference_book.recall_ruc(tenant_id, RUC, RucType.NATURAL) is None


async def test_a_newer_answer_replaces_an_older_one_and_never_the_other_way(
    stores: Stores, tenant_id: TenantId
) -> None:
    newer = replace(KNOWN, receiver_class=ReceiverClass.GOVERNMENT, checked_at=NOW + timedelta(seconds=1))
    for answer in (KNOWN, newer, KNOWN):
        await stores.reference_book.keep_ruc(tenant_id, answer)
    assert await stores.reference_book.recall_ruc(tenant_id, RUC, RucType.LEGAL) == newer


async def test_a_ruc_is_forgotten(stores: Stores, tenant_id: TenantId, stranger_id: TenantId) -> None:
    for owner in (tenant_id, stranger_id):
        await stores.reference_book.keep_ruc(owner, KNOWN)
    await stores.reference_book.forget_ruc(tenant_id, RUC, RucType.LEGAL)
    assert await stores.reference_book.recall_ruc(tenant_id, RUC, RucType.LEGAL) is None
    assert await stores.reference_book.recall_ruc(stranger_id, RUC, RucType.LEGAL) == KNOWN


async def test_a_catalogue_is_recalled_in_its_order_and_the_newest_copy_stays(
    stores: Stores, tenant_id: TenantId
) -> None:
    newer = replace(UNITS, entries=UNITS.entries[::-1], fetched_at=NOW + timedelta(hours=24))
    assert await stores.reference_book.recall_catalogue(tenant_id, CatalogueKind.UNITS) is None
    for copy in (UNITS, newer, UNITS):
        await stores.reference_book.keep_catalogue(tenant_id, copy)
    assert await stores.reference_book.recall_catalogue(tenant_id, CatalogueKind.UNITS) == newer
    assert await stores.reference_book.recall_catalogue(tenant_id, CatalogueKind.COUNTRIES) is None


async def test_what_one_tenant_learnt_answers_no_other(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    await stores.reference_book.keep_ruc(tenant_id, KNOWN)
    await stores.reference_book.keep_catalogue(tenant_id, UNITS)
    assert await stores.reference_book.recall_ruc(stranger_id, RUC, RucType.LEGAL) is None
    assert await stores.reference_book.recall_catalogue(stranger_id, CatalogueKind.UNITS) is None
