"""The doctor on real engines: a healthy installation has no findings, and every damage is named."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.invariants.faults import Fault
from tests.integration.administration_damages import ADMINISTRATION_DAMAGES, keep_journal
from tests.integration.busy_installation import Installation, busy_installation, copy_of
from tests.integration.damages import DAMAGES, flip_pdf, leave_orphan, lose_pdf, lower_mark, raise_mark
from tests.integration.lost_damages import LOST_DAMAGES
from tests.integration.void_damages import VOID_DAMAGES

EVERY_DAMAGE = DAMAGES | VOID_DAMAGES | ADMINISTRATION_DAMAGES | LOST_DAMAGES


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def busy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with busy_installation(request.param, tmp_path_factory.mktemp("busy")) as made:
        yield made


@pytest.fixture
def installation(busy: Installation, tmp_path: Path) -> Iterator[Installation]:
    with copy_of(busy, tmp_path) as copied:
        yield copied


async def test_finds_nothing_wrong_after_a_busy_day(busy: Installation) -> None:
    examination = await busy.examined()
    assert [(finding.fault, finding.subject, finding.detail) for finding in examination.findings] == []
    assert examination.is_healthy
    assert examination.looked_at["tenants"] == 2
    assert examination.looked_at["documents"] == 14
    assert examination.looked_at["webhook deliveries without a document"] == 1


@pytest.mark.parametrize("name", EVERY_DAMAGE)
async def test_names_what_was_damaged(installation: Installation, name: str) -> None:
    damage, fault = EVERY_DAMAGE[name]
    damage(installation)
    examination = await installation.examined()
    assert examination.counts[fault] >= 1, examination.findings


async def test_finds_nothing_wrong_with_a_whole_journal_of_changes(installation: Installation) -> None:
    keep_journal(installation)
    examination = await installation.examined()
    assert examination.findings == []
    assert examination.looked_at["administrative events"] == 4


def test_every_fault_has_a_damage_that_shows_it() -> None:
    shown = {fault for _, fault in EVERY_DAMAGE.values()}
    assert set(Fault) - shown == {Fault.BODY_ENCODED_OTHERWISE}, "tests/unit/invariants shows that one"


async def test_nothing_is_late_where_the_workers_are_stopped_on_purpose(installation: Installation) -> None:
    installation.run("UPDATE documents SET next_action_at = 1 WHERE document_id = :queued")
    assert (await installation.examined(workers_run=False)).is_healthy


async def test_a_look_at_one_tenant_sees_nothing_of_another(installation: Installation) -> None:
    installation.run("UPDATE documents SET receiver_ruc = '8-1-1' WHERE document_id = :strange")
    assert (await installation.examined(tenant_id=installation.names["tenant"])).is_healthy
    assert not (await installation.examined(tenant_id=installation.names["stranger"])).is_healthy


async def test_a_quick_look_misses_a_flipped_byte_and_sees_a_missing_file(installation: Installation) -> None:
    flip_pdf(installation)
    assert (await installation.examined(reads_files=False)).is_healthy
    lose_pdf(installation)
    assert (await installation.examined(reads_files=False)).counts[Fault.FILE_MISSING] == 1


async def test_fix_gives_a_due_time_and_raises_a_mark_and_the_next_look_is_clean(installation: Installation) -> None:
    installation.run("UPDATE documents SET next_action_at = NULL WHERE document_id IN (:doubted, :queued)")
    lower_mark(installation)
    mended = await installation.examined(fix=True)
    assert mended.is_healthy
    assert len(mended.actions) == 3
    again = await installation.examined()
    assert (again.findings, again.actions) == ([], [])


async def test_fix_removes_an_orphan_only_when_it_is_a_day_old(installation: Installation) -> None:
    leave_orphan(installation)
    young, old = installation.blob("ab" * 32), installation.blob("cd" * 32)
    left_behind = old.parent / f".{'cd' * 32}.{'0' * 16}.tmp"
    old.parent.mkdir(exist_ok=True)
    for path, age in ((young, timedelta(hours=23)), (old, timedelta(hours=25)), (left_behind, timedelta(hours=25))):
        path.write_bytes(b"nobody's")
        at = (installation.clock.now() - age).timestamp()
        os.utime(path, (at, at))
    examination = await installation.examined(fix=True)
    assert examination.mended[Fault.ORPHAN_BLOB] == 2
    assert (young.exists(), old.exists(), left_behind.exists()) == (True, False, False)


async def test_fix_keeps_every_file_where_the_database_has_lost_documents(installation: Installation) -> None:
    raise_mark(installation)
    orphan = installation.blob("cd" * 32)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"of a document that the restored database does not know")
    os.utime(orphan, (0, 0))
    examination = await installation.examined(fix=True)
    assert examination.counts[Fault.ORPHAN_BLOB] == 1
    assert orphan.exists()


async def test_fix_leaves_what_a_person_must_decide(installation: Installation) -> None:
    installation.run("DELETE FROM documents WHERE document_id = :settled")
    assert not (await installation.examined(fix=True)).is_healthy
    assert (await installation.examined()).counts[Fault.NUMBER_GAP] == 1
