"""A restore must not let a caller's repetition issue a second document: with the real tools of both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.alanube.fake.progression import DGI_AUTHORIZED
from adapters.persistence.application_role import grant_to_application
from adapters.persistence.migration import migrate
from core.documents import FiscalDocument, LegalStatus, Submission
from core.events import EventKind
from core.failures import AdoptionRefusedError, DecisionRefusedError, IssuedBeforeRestoreError
from core.identifiers import ApiKeyId, PacDocumentId
from core.number_ledger import NumberUse
from core.trade import Order
from core.use_cases.read_number_ledger import ReadNumberLedger
from core.use_cases.request_void import VoidRequest
from core.use_cases.settle_lost import SettleLost, ShowLost
from tests.integration.machine import Machine
from tests.integration.sites import PostgresSite, Site, SqliteSite
from tests.services import postgres_roles_for_tests
from tests.unit.bootstrap.command_line import CommandLine
from tests.world import Shop, World


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Site]:
    line = CommandLine(tmp_path, capsys)
    if request.param == "sqlite":
        machine = Machine(tmp_path, line)
        machine.database.parent.mkdir(parents=True)
        migrate(machine.url)
        yield SqliteSite(machine)
        return
    with postgres_roles_for_tests() as roles:
        migrate(roles.owner_url)
        assert grant_to_application(roles.owner_url, roles.application_role)
        yield PostgresSite(Machine(tmp_path, line, roles))


async def live(world: World) -> None:
    for _ in range(8):
        await world.deliver_webhooks()
        await world.sweep(every_seconds=20)


async def sold_after_the_backup(site: Site, key: str = "sale") -> tuple[World, Shop, Order, FiscalDocument]:
    """The order is in the backup, its invoice is not; no webhook of it has come yet."""
    async with site.machine.world() as world:
        shop = await world.open_shop()
        await world.invoice(shop, await world.an_order(shop), "before")
        await live(world)
        order = await world.an_order(shop, price="71.00")
        await site.save()
        invoice = await world.invoice(shop, order, key)
        assert invoice.submission is Submission.ACCEPTED
    return world, shop, order, invoice


def authorised(world: World) -> int:
    return sum(one.legal_status == DGI_AUTHORIZED for one in world.engine.documents)


async def test_a_repetition_brings_the_document_back_and_issues_nothing(site: Site) -> None:
    world, shop, order, invoice = await sold_after_the_backup(site)
    said = await site.bring_back()
    assert said.returncode == 0, said.stderr
    assert f"lost: document {invoice.document_id}" in said.stdout
    assert invoice.expected_cufe in said.stdout
    assert "WARNING" not in said.stderr
    async with site.machine.world(world) as after:
        again = await after.invoice(shop, order, "sale")
        assert (again.document_id, again.number, again.expected_cufe) == (
            invoice.document_id,
            invoice.number,
            invoice.expected_cufe,
        )
        assert (again.submission, again.doubt_reason) == (Submission.IN_DOUBT, "restored")
        assert (await after.invoice(shop, order, "sale")).document_id == invoice.document_id
        after.wait(hours=1)
        assert world.engine.take_due_webhooks()  # they never arrive
        await live(after)
        assert (await after.current(again)).submission is Submission.IN_DOUBT
        assert len(world.engine.documents) == 2
        adopted = await after.adopt(
            again.tenant_id, again.document_id, invoice.pac_document_id or PacDocumentId(""), ApiKeyId("01OPERATOR")
        )
        await live(after)
        assert adopted.submission is Submission.ACCEPTED
        assert (await after.current(again)).legal_status is LegalStatus.DGI_AUTHORIZED
        new = await after.invoice(shop, await after.an_order(shop), "new")
        assert new.number == invoice.number + 1
        await live(after)
    assert authorised(world) == len(world.engine.documents) == 3


async def test_a_webhook_that_came_after_the_restore_settles_what_comes_back(site: Site) -> None:
    world, shop, order, invoice = await sold_after_the_backup(site)
    await site.bring_back()
    async with site.machine.world(world) as after:
        world.wait(seconds=30)
        for webhook in world.engine.take_due_webhooks():
            await after.receive_webhook(
                webhook.company_id,
                signature=webhook.headers["X-Pac-Signature"].encode(),
                user_id=webhook.headers.get("X-User-Id"),
                body=webhook.body,
            )
        await live(after)
        stores = after.stores
        (shown,), _ = await ShowLost(stores.lost, stores.documents, stores.inbox)(invoice.tenant_id)
        assert (shown.lost.document_id, shown.told) == (invoice.document_id, (invoice.pac_document_id,))
        again = await after.invoice(shop, order, "sale")
        await live(after)
        found = await after.current(again)
        assert (found.document_id, found.pac_document_id) == (invoice.document_id, invoice.pac_document_id)
        assert found.legal_status is LegalStatus.DGI_AUTHORIZED
        assert await ShowLost(stores.lost, stores.documents, stores.inbox)(invoice.tenant_id) == ([], None)
    assert len(world.engine.documents) == 2


async def test_another_key_for_its_order_and_another_sale_under_its_key_are_refused(site: Site) -> None:
    world, shop, order, invoice = await sold_after_the_backup(site)
    await site.bring_back()
    async with site.machine.world(world) as after:
        other = await after.an_order(shop, price="9.00")
        for billed, key in ((order, "another key"), (other, "sale")):
            with pytest.raises(IssuedBeforeRestoreError) as refused:
                await after.invoice(shop, billed, key)
            assert refused.value.details == {
                "document_id": invoice.document_id,
                "number": f"{invoice.number:010d}",
                "cufe": invoice.expected_cufe,
            }
        assert (await after.invoice(shop, other, "its own key")).number == invoice.number + 1
    assert len(world.engine.documents) == 3


async def test_what_a_person_says_is_kept_and_frees_or_holds_the_key(site: Site) -> None:
    world, shop, order, invoice = await sold_after_the_backup(site)
    await site.bring_back()
    tenant = shop.tenant.tenant_id
    async with site.machine.world(world) as after:
        stores = after.stores
        settle = SettleLost(stores.lost, stores.documents, after.find_account, after.pac, after.clock)
        with pytest.raises(AdoptionRefusedError):
            await settle.issued(
                tenant,
                invoice.document_id,
                pac_document_id=PacDocumentId(world.engine.documents[0].id),
                note="visto en el PAC",
                operator="cli:ana",
            )
        assert invoice.pac_document_id is not None
        settled = await settle.issued(
            tenant,
            invoice.document_id,
            pac_document_id=invoice.pac_document_id,
            note="visto en el PAC",
            operator="cli:ana",
        )
        assert (settled.submission, settled.pac_document_id) == (Submission.ISSUED_ID_UNKNOWN, invoice.pac_document_id)
        with pytest.raises(IssuedBeforeRestoreError):
            await after.invoice(shop, order, "sale")
        with pytest.raises(DecisionRefusedError):
            await settle.never_issued(tenant, invoice.document_id, note="o no lo tiene", operator="cli:ana")
        ledger = await ReadNumberLedger(stores.directory, stores.series, stores.numbers, stores.lost)(
            tenant, shop.office.office_id, invoice.series.billing_point, invoice.document_type
        )
        entry = ledger.entries[-1]
        assert (entry.last, entry.use, entry.document_id) == (invoice.number, NumberUse.USED, invoice.document_id)
    assert len(world.engine.documents) == 2


async def test_a_document_that_was_never_issued_frees_its_key(site: Site) -> None:
    world, shop, order, invoice = await sold_after_the_backup(site)
    await site.bring_back()
    tenant = shop.tenant.tenant_id
    shown = await site.machine.istmo("lost", "show", tenant)
    assert [invoice.document_id, invoice.expected_cufe, "IN_DOUBT"] == [
        shown.stdout.split("\t")[place] for place in (0, 4, 6)
    ]
    doctor = await site.machine.istmo("doctor", "--json", "--stopped")
    assert "document_lost" in doctor.stdout
    assert invoice.expected_cufe in doctor.stdout
    said = await site.machine.istmo("lost", "never-issued", tenant, invoice.document_id, "--note", "el PAC no lo tiene")
    assert said.returncode == 0, said.stderr
    assert "nothing is lost" in (await site.machine.istmo("lost", "show", tenant)).stdout
    assert "document_lost" not in (await site.machine.istmo("doctor", "--json", "--stopped")).stdout
    assert "el PAC no lo tiene" in (await site.machine.istmo("lost", "show", tenant, "--all")).stdout
    async with site.machine.world(world) as after:
        new = await after.invoice(shop, order, "sale")
        assert new.number == invoice.number + 1
        assert new.document_id != invoice.document_id


async def test_a_log_that_was_lost_is_told_loudly(site: Site) -> None:
    *_, invoice = await sold_after_the_backup(site)
    said = await site.bring_back(without=(".departures",))
    assert said.returncode == 0, said.stderr
    assert "WARNING: 1 of the 1 burnt numbers" in said.stderr
    assert invoice.expected_cufe not in said.stdout


async def test_damage_to_the_log_is_told(site: Site) -> None:
    *_, invoice = await sold_after_the_backup(site)
    (day,) = (site.machine.marks / ".departures").glob("2*")
    day.write_bytes(day.read_bytes().replace(invoice.expected_cufe.encode(), invoice.expected_cufe.lower().encode()))
    said = await site.bring_back()
    assert "error departures_damaged: 1 lines" in said.stderr
    assert "WARNING: 1 of the 1 burnt numbers" in said.stderr


async def test_recovering_again_repeats_nothing(site: Site) -> None:
    world, shop, order, invoice = await sold_after_the_backup(site)
    await site.bring_back()
    again = await site.machine.istmo("recover")
    assert again.returncode == 0, again.stderr
    assert "lost:" not in again.stdout
    async with site.machine.world(world) as after:
        assert (await after.invoice(shop, order, "sale")).document_id == invoice.document_id


@pytest.mark.parametrize("is_shown", [True, False])
async def test_a_void_that_was_sent_after_the_backup_is_looked_for_and_may_be_asked_for_again(
    site: Site, is_shown: bool
) -> None:
    async with site.machine.world() as world:
        world.engine.behave(void_in_view=is_shown)
        shop = await world.open_shop()
        invoice = await world.invoice(shop, await world.an_order(shop), "sale")
        await live(world)
        invoice = await world.current(invoice)
        assert invoice.legal_status is LegalStatus.DGI_AUTHORIZED
        await site.save()
        wish = VoidRequest(
            tenant_id=invoice.tenant_id,
            document_id=invoice.document_id,
            reason="El cliente devolvió todo lo comprado",
            idempotency_key="void",
            actor="caller:test",
        )
        assert (await world.request_void(wish, wait_seconds=10)).is_void
    said = await site.bring_back()
    assert f"the void of document {invoice.document_id}" in said.stdout
    async with site.machine.world(world) as after:
        assert not (await after.current(invoice)).is_void
        alarms = [
            chained.event.facts["about"]
            for chained in await after.stores.journal.events(invoice.tenant_id, invoice.document_id)
            if chained.event.kind is EventKind.ALARM
        ]
        assert alarms == ["void_sent_before_the_restore"]
        if is_shown:
            after.wait(seconds=(datetime.now(UTC) - after.clock.now()).total_seconds() + 60)  # as the command's clock
            await live(after)
            assert (await after.current(invoice)).is_void
        else:
            assert (await after.request_void(wish, wait_seconds=10)).is_void
    assert world.engine.documents[0].voided_at is not None
