"""AdministrationJournal: one chain for the installation, without a gap whoever comes at once."""

import asyncio
from dataclasses import replace

import pytest

from adapters.persistence.stores import Stores
from core.administration import AdminEvent, AdminKind, AdminOutcome, ChainedAdminEvent, digest_of
from core.failures import StoreUnavailableError
from core.hash_chain import GENESIS
from core.identifiers import TenantId
from core.ports.administration_journal import AdminEventFilter
from tests.builders import NOW

EVERYTHING = AdminEventFilter()
DONE = AdminEvent(
    at=NOW,
    actor="admin:alice",
    kind=AdminKind.API_KEY_CREATED,
    outcome=AdminOutcome.DONE,
    tenant_id=TenantId("01TENANT"),
    asked=7,
    subject="01KEY",
    facts={"name": "caja 1 — ñ", "role": "ISSUER"},
)


async def everything(stores: Stores) -> list[ChainedAdminEvent]:
    """Oldest first, through pages of three."""
    found: list[ChainedAdminEvent] = []
    before = None
    while True:
        page = await stores.administration.page(EVERYTHING, before=before, limit=3)
        found.extend(page.events)
        if page.next_before is None:
            return found[::-1]
        before = page.next_before


def verify(chain: list[ChainedAdminEvent]) -> None:
    previous = GENESIS
    for place, each in enumerate(chain, start=1):
        assert each.sequence == place
        assert each.digest == digest_of(each.event, previous, place)
        previous = each.digest


async def test_an_event_is_kept_exactly(operator_stores: Stores) -> None:
    asked = replace(DONE, outcome=AdminOutcome.ASKED, asked=None, subject="", tenant_id=None, facts={})
    kept = [await operator_stores.administration.append(event) for event in (asked, DONE)]
    assert await everything(operator_stores) == kept
    assert [each.event for each in kept] == [asked, DONE]
    verify(kept)


async def test_whoever_comes_at_once_is_chained_without_a_gap(operator_stores: Stores) -> None:
    events = [replace(DONE, subject=f"key-{number}") for number in range(20)]
    kept = await asyncio.gather(*map(operator_stores.administration.append, events))
    chain = await everything(operator_stores)
    assert sorted(kept, key=lambda each: each.sequence) == chain
    assert {each.event.subject for each in chain} == {event.subject for event in events}
    verify(chain)


async def test_what_happens_once_is_done_once_also_by_those_who_come_at_once(operator_stores: Stores) -> None:
    kept = await asyncio.gather(*(operator_stores.administration.append(DONE) for _ in range(5)))
    outcomes = sorted(each.event.outcome.value for each in kept)
    assert outcomes == ["DONE", *["UNCHANGED"] * 4]
    verify(await everything(operator_stores))


@pytest.mark.parametrize(
    "other",
    [
        replace(DONE, subject="01OTHER"),
        replace(DONE, tenant_id=TenantId("01OTHER")),
        replace(DONE, kind=AdminKind.API_KEY_REVOKED),
    ],
)
async def test_another_thing_is_no_repetition(operator_stores: Stores, other: AdminEvent) -> None:
    await operator_stores.administration.append(DONE)
    assert (await operator_stores.administration.append(other)).event.outcome is AdminOutcome.DONE


async def test_what_may_be_done_again_and_what_was_never_done_is_no_repetition(operator_stores: Stores) -> None:
    again = replace(DONE, kind=AdminKind.SECRET_SET)
    for event in (again, again, replace(DONE, outcome=AdminOutcome.REFUSED), DONE):
        assert (await operator_stores.administration.append(event)).event == event


async def test_pages_are_newest_first_by_tenant_and_kind(operator_stores: Stores) -> None:
    journal = operator_stores.administration
    other = replace(DONE, tenant_id=TenantId("01OTHER"), kind=AdminKind.SECRET_SET)
    for event in (DONE, other, replace(DONE, kind=AdminKind.SECRET_SET)):
        await journal.append(event)
    for wanted, sequences in (
        (EVERYTHING, [3, 2, 1]),
        (AdminEventFilter(tenant_id=TenantId("01TENANT")), [3, 1]),
        (AdminEventFilter(kind=AdminKind.SECRET_SET), [3, 2]),
        (AdminEventFilter(tenant_id=TenantId("01TENANT"), kind=AdminKind.SECRET_SET), [3]),
        (AdminEventFilter(tenant_id=TenantId("nobody")), []),
    ):
        page = await journal.page(wanted, before=None, limit=10)
        assert ([each.sequence for each in page.events], page.next_before) == (sequences, None)
    page = await journal.page(AdminEventFilter(tenant_id=TenantId("01TENANT")), before=3, limit=1)
    assert ([each.sequence for each in page.events], page.next_before) == ([1], None)


async def test_a_text_that_cannot_be_kept_is_mended_before_its_digest_is_made(operator_stores: Stores) -> None:
    strange = replace(DONE, tenant_id=TenantId("a\x00b"), subject="\ud800", facts={"name": "c\x00\udfff"})
    await operator_stores.administration.append(strange)
    verify(await everything(operator_stores))


@pytest.mark.postgres
async def test_the_applications_role_may_neither_read_nor_append(empty_postgres_url: str, tmp_path) -> None:
    from adapters.persistence.stores import open_stores
    from tests.contract.conftest import KEY

    stores = await open_stores(empty_postgres_url, secrets_key=KEY, files_folder=tmp_path, marks_folder=tmp_path)
    try:
        with pytest.raises(StoreUnavailableError):
            await stores.administration.append(DONE)
        with pytest.raises(StoreUnavailableError):
            await stores.administration.page(EVERYTHING, before=None, limit=1)
    finally:
        await stores.close()
