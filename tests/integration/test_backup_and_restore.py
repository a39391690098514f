"""Backup while documents are issued, loss of everything but the high-water marks, restore with the real commands.

A36: a restore never gives a number again that the PAC has seen.
"""

import asyncio
import shutil
from collections import Counter
from pathlib import Path

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.persistence.migration import migrate
from core.documents import FiscalDocument, LegalStatus, Submission
from core.failures import DocumentNotFoundError
from core.ports.document_repository import DocumentFilter
from tests.integration.machine import Machine
from tests.unit.bootstrap.command_line import CommandLine
from tests.world import Shop, World

TO_BE_SENT = DocumentFilter(submission=(Submission.QUEUED, Submission.SENDING))
NOTHING_LEAVES = FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_BEFORE),))


@pytest.fixture
def machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Machine:
    machine = Machine(tmp_path, CommandLine(tmp_path, capsys))
    machine.database.parent.mkdir(parents=True)
    migrate(f"sqlite:///{machine.database}")
    return machine


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday"


async def sell(world: World, shop: Shop) -> FiscalDocument:
    return await world.invoice(shop, await world.an_order(shop))


async def until_authorized(world: World, document: FiscalDocument) -> FiscalDocument:
    for _ in range(30):
        await world.sweep(times=1, every_seconds=10)
        document = await world.current(document)
        if document.legal_status is LegalStatus.DGI_AUTHORIZED and len(document.files) == 2:
            return document
    raise AssertionError(document)


def numbers_at_pac(world: World) -> Counter[tuple[str, str, int]]:
    return Counter(
        (document.billing_point, document.document_type, int(document.numeration))
        for document in world.engine.documents
    )


async def test_no_number_that_the_pac_has_seen_is_given_again(machine: Machine, saved: Path) -> None:
    async with machine.world() as world:
        shop = await world.open_shop()
        authorized = await until_authorized(world, await sell(world, shop))
        world.engine.set_faults(NOTHING_LEAVES)
        queued = await sell(world, shop)
        assert queued.submission is Submission.QUEUED
        assert not queued.maybe_executed
        world.engine.set_faults(FaultPlan())
        during: list[FiscalDocument] = []
        backup = asyncio.ensure_future(machine.istmo_process("backup", str(saved)))
        while not backup.done():
            during.append(await sell(world, shop))
            await asyncio.wait({backup}, timeout=0.05)  # or selling would take the machine from the backup
        said = await backup
        assert said.returncode == 0, said.stderr
        # The PAC accepts the queued one and more only after the backup.
        world.wait(seconds=3600)
        await world.sweep(times=3, every_seconds=10)
        assert (await world.current(queued)).submission is Submission.ACCEPTED
        last = [await sell(world, shop) for _ in range(3)][-1]
    machine.lose()
    before = numbers_at_pac(world)

    said = await machine.istmo_process("restore", str(saved))
    assert said.returncode == 0, said.stderr
    assert f"goes on at {last.number + 1:010d}" in said.stdout

    async with machine.world(world) as after:
        assert (await after.current(authorized)).legal_status is LegalStatus.DGI_AUTHORIZED
        restored = await after.current(queued)
        assert restored.submission is Submission.IN_DOUBT
        assert restored.doubt_reason == "restored"
        assert restored.maybe_executed
        pages = await after.stores.documents.page(shop.tenant.tenant_id, TO_BE_SENT, limit=100, after=None)
        assert not pages.documents
        new = await sell(after, shop)
        assert new.number == last.number + 1
        assert new.submission is Submission.ACCEPTED
        for file in (await after.current(authorized)).files:
            assert await after.stores.files.get(shop.tenant.tenant_id, file.digest)
        (move,) = await after.stores.series.moves(shop.tenant.tenant_id, new.series)
        assert (move.actor, move.reason, move.to_number) == ("restore", "restore", new.number)
    assert max(numbers_at_pac(world).values()) == 1
    assert before < numbers_at_pac(world)


async def test_a_restored_document_finds_its_id_by_a_webhook_that_comes_again(machine: Machine, saved: Path) -> None:
    async with machine.world() as world:
        shop = await world.open_shop()
        world.engine.set_faults(NOTHING_LEAVES)
        queued = await sell(world, shop)
        world.engine.set_faults(FaultPlan())
        assert (await machine.istmo("backup", str(saved))).returncode == 0
        world.wait(seconds=3600)
        await world.sweep(times=1)
        sent = await world.current(queued)
        assert sent.submission is Submission.ACCEPTED
    machine.lose()
    assert (await machine.istmo("restore", str(saved))).returncode == 0
    async with machine.world(world) as after:
        for webhook in world.engine.take_due_webhooks():
            await after.receive_webhook(
                webhook.company_id,
                signature=webhook.headers["X-Pac-Signature"].encode(),
                user_id=webhook.headers.get("X-User-Id"),
                body=webhook.body,
            )
        await after.sweep(times=5, every_seconds=30)
        found = await after.current(queued)
        assert found.submission is Submission.ACCEPTED
        assert found.pac_document_id == sent.pac_document_id


async def test_lost_marks_are_asked_for_before_anything_is_changed(machine: Machine, saved: Path) -> None:
    async with machine.world() as world:
        shop = await world.open_shop()
        first = await sell(world, shop)
        assert (await machine.istmo("backup", str(saved))).returncode == 0
        for _ in range(4):
            last = await sell(world, shop)
    machine.lose()
    shutil.rmtree(machine.marks)
    refused = await machine.istmo("restore", str(saved))
    assert refused.returncode == 1
    assert "error marks_lost" in refused.stderr
    series = f"{shop.tenant.tenant_id}/{first.series.billing_point}/{first.series.document_type.value}"
    assert series in refused.stderr
    assert not machine.database.exists()

    said = await machine.istmo("restore", str(saved), "--past", f"{series}={last.number}")
    assert said.returncode == 0, said.stderr
    async with machine.world(world) as after:
        assert (await sell(after, shop)).number == last.number + 1
    assert max(numbers_at_pac(world).values()) == 1


async def test_a_database_that_exists_is_replaced_only_when_that_is_asked_for(machine: Machine, saved: Path) -> None:
    async with machine.world() as world:
        shop = await world.open_shop()
        first = await sell(world, shop)
        assert (await machine.istmo("backup", str(saved))).returncode == 0
        later = await sell(world, shop)
        in_use = await machine.istmo_process("restore", str(saved), "--replace")
        assert "error database_in_use" in in_use.stderr
    refused = await machine.istmo("restore", str(saved))
    assert "error database_in_the_way" in refused.stderr
    async with machine.world(world) as same:
        assert (await same.current(later)).number == later.number

    said = await machine.istmo("restore", str(saved), "--replace")
    assert said.returncode == 0, said.stderr
    (kept,) = machine.database.parent.glob("istmo.db.replaced-*")
    async with machine.world(world) as after:
        assert (await after.current(first)).number == first.number
        with pytest.raises(DocumentNotFoundError):
            await after.current(later)
    kept.replace(machine.database)
    async with machine.world(world) as old:
        assert (await old.current(later)).number == later.number


async def test_a_restore_that_dies_before_its_end_leaves_no_database_that_would_send(
    machine: Machine, saved: Path
) -> None:
    async with machine.world() as world:
        shop = await world.open_shop()
        await sell(world, shop)
        assert (await machine.istmo("backup", str(saved))).returncode == 0
    machine.lose()
    stranger = await machine.istmo("restore", str(saved), "--past", "01NOBODY/001/01=7")
    assert "error tenant_not_found" in stranger.stderr
    assert not machine.database.exists()
    assert (await machine.istmo("restore", str(saved))).returncode == 0
    assert not list(machine.database.parent.glob("*.restoring*"))


async def test_files_that_documents_name_are_missed_by_name(machine: Machine, saved: Path, tmp_path: Path) -> None:
    async with machine.world() as world:
        shop = await world.open_shop()
        document = await until_authorized(world, await sell(world, shop))
    gone, changed = (machine.missing(shop.tenant.tenant_id, file.digest) for file in document.files)
    whole = await machine.istmo("backup", str(saved))
    assert whole.returncode == 0, whole.stderr
    gone.unlink()
    changed.chmod(0o600)
    changed.unlink()
    changed.write_bytes(b"something else")
    lacking = await machine.istmo("backup", str(tmp_path / "backups" / "tuesday"))
    assert lacking.returncode == 1
    for path in (gone, changed):
        assert f"missing file: tenant {shop.tenant.tenant_id} sha256 {path.name}" in lacking.stderr
    machine.lose()
    (saved / "files" / shop.tenant.tenant_id / gone.name[:2] / gone.name).unlink()
    refused = await machine.istmo("restore", str(saved))
    assert "error backup_damaged" in refused.stderr
    assert gone.name in refused.stderr
    assert not machine.database.exists()
    rest = await machine.istmo("restore", str(saved), "--without-damaged-files")
    assert rest.returncode == 1
    assert f"missing file: tenant {shop.tenant.tenant_id} sha256 {gone.name}" in rest.stderr
    assert machine.database.exists()


async def test_a_recovery_by_itself_doubts_and_moves_too(machine: Machine) -> None:
    async with machine.world() as world:
        shop = await world.open_shop()
        world.engine.set_faults(NOTHING_LEAVES)
        queued = await sell(world, shop)
        series = queued.series
    point = f"{shop.tenant.tenant_id}/{series.billing_point}/{series.document_type.value}"
    said = await machine.istmo("recover", "--past", f"{point}=41")
    assert said.returncode == 0, said.stderr
    assert "1 documents are in doubt" in said.stdout
    assert "goes on at 0000000042; burnt from 0000000002" in said.stdout
    async with machine.world(world) as after:
        assert (await after.current(queued)).submission is Submission.IN_DOUBT


@pytest.mark.parametrize("past", ["x", "a/1/01=5", "a/001/99=5", "a/001/01=", "a/001/01=-5"])
async def test_a_number_that_is_not_given_as_it_must_be_is_misuse(machine: Machine, past: str) -> None:
    said = await machine.istmo("recover", "--past", past)
    assert said.returncode == 2
    assert "--past" in said.stderr


async def test_a_backup_without_a_database_brings_files_and_marks_back(machine: Machine, saved: Path) -> None:
    async with machine.world() as world:
        shop = await world.open_shop()
        document = await until_authorized(world, await sell(world, shop))
    said = await machine.istmo("backup", str(saved), "--files-only")
    assert "schema -" in said.stdout
    machine.lose()
    shutil.rmtree(machine.marks)
    point = f"{shop.tenant.tenant_id}/{document.series.billing_point}/{document.series.document_type.value}"
    said = await machine.istmo("restore", str(saved), "--past", f"{point}=9")
    assert "istmo recover" in said.stdout
    assert not machine.database.exists()
    for file in document.files:
        assert machine.missing(shop.tenant.tenant_id, file.digest).is_file()
