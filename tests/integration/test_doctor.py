"""The doctor on real engines: a healthy installation has no findings, and every damage is named."""

import base64
import json
import os
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.invariants.faults import Fault
from tests.integration.busy_installation import KEY, Installation, busy_installation, copy_of

Damage = Callable[[Installation], None]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def busy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with busy_installation(request.param, tmp_path_factory.mktemp("busy")) as made:
        yield made


@pytest.fixture
def installation(busy: Installation, tmp_path: Path) -> Iterator[Installation]:
    with copy_of(busy, tmp_path) as copied:
        yield copied


def by_sql(*statements: str) -> Damage:
    return lambda installation: installation.run(*statements)


def without_keys(table: str, *statements: str) -> Damage:
    def damage(installation: Installation) -> None:
        installation.copy_without_keys(table)
        installation.run(*statements)

    return damage


def lose_pdf(installation: Installation) -> None:
    installation.blob(installation.names["pdf"]).unlink()


def flip_pdf(installation: Installation) -> None:
    path = installation.blob(installation.names["pdf"])
    path.write_bytes(path.read_bytes().replace(b"%PDF-", b"%PDX-", 1))


def store_other_bytes(installation: Installation) -> None:
    digest = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"  # of the bytes b"hello\n"
    path = installation.blob(digest)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"hello\n")
    installation.run(
        "UPDATE document_attachments SET digest = :digest WHERE document_id = :settled AND kind = 'PDF'", digest=digest
    )


def leave_orphan(installation: Installation) -> None:
    path = installation.blob("ab" * 32)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"nobody's")


def lower_mark(installation: Installation) -> None:
    (mark,) = (installation.marks / installation.names["tenant"]).glob("001-01")
    mark.write_bytes(b"1\n")


def raise_mark(installation: Installation) -> None:
    (mark,) = (installation.marks / installation.names["tenant"]).glob("001-01")
    mark.write_bytes(b"900\n")


def garble_mark(installation: Installation) -> None:
    (mark,) = (installation.marks / installation.names["tenant"]).glob("001-01")
    mark.write_bytes(b"nine hundred\n")


DAMAGES: dict[str, tuple[Damage, Fault]] = {
    "one key for two documents": (
        without_keys(
            "documents",
            "UPDATE documents SET idempotency_key = 'order-x' WHERE document_id IN (:settled, :second)",
        ),
        Fault.INTENT_TWICE,
    ),
    "one order with two live invoices": (
        by_sql("UPDATE documents SET order_id = :settled_order, holds_order = 0 WHERE document_id = :second"),
        Fault.ORDER_BILLED_TWICE,
    ),
    "one number for two documents": (
        without_keys("documents", "UPDATE documents SET number = 1 WHERE document_id = :second"),
        Fault.NUMBER_TWICE,
    ),
    "one CUFE for two documents": (
        without_keys(
            "documents",
            "UPDATE documents SET expected_cufe = (SELECT d.expected_cufe FROM documents d WHERE d.document_id ="
            " :settled) WHERE document_id = :second",
        ),
        Fault.CUFE_TWICE,
    ),
    "one id at the PAC for two documents": (
        without_keys(
            "documents",
            "UPDATE documents SET pac_document_id = 'pac-1' WHERE document_id IN (:settled, :second)",
        ),
        Fault.PAC_ID_TWICE,
    ),
    "a document that vanished": (by_sql("DELETE FROM documents WHERE document_id = :settled"), Fault.NUMBER_GAP),
    "a move that vanished": (by_sql("DELETE FROM series_moves"), Fault.NUMBER_GAP),
    "a first number above the first": (
        by_sql("UPDATE series SET first_number = 2 WHERE tenant_id = :tenant"),
        Fault.NUMBER_OUTSIDE_SERIES,
    ),
    "a series that vanished": (by_sql("DELETE FROM series WHERE tenant_id = :stranger"), Fault.SERIES_UNKNOWN),
    "a series that was set back": (
        by_sql("UPDATE series SET next_number = 3 WHERE tenant_id = :tenant"),
        Fault.SERIES_BEHIND,
    ),
    "a mark below what was sent": (lower_mark, Fault.MARK_TOO_LOW),
    "a mark that the database does not reach": (raise_mark, Fault.MARK_AHEAD),
    "a mark that is no number": (garble_mark, Fault.MARK_UNREADABLE),
    "a body that vanished": (by_sql("DELETE FROM document_bodies WHERE document_id = :settled"), Fault.BODY_MISSING),
    "another document's body": (
        by_sql(
            "UPDATE document_bodies SET body = (SELECT b.body FROM document_bodies b WHERE b.document_id = :second)"
            " WHERE document_id = :settled"
        ),
        Fault.BODY_CHANGED,
    ),
    "an expected CUFE of other parts": (
        by_sql("UPDATE documents SET security_code = '000000001' WHERE document_id = :settled"),
        Fault.CUFE_WRONG,
    ),
    "an expected CUFE with a wrong digit": (
        by_sql("UPDATE documents SET expected_cufe = substr(expected_cufe, 1, 65) || 'X' WHERE document_id = :settled"),
        Fault.CUFE_WRONG,
    ),
    "accepted without an id": (
        by_sql("UPDATE documents SET pac_document_id = NULL WHERE document_id = :settled"),
        Fault.STATE_CONTRADICTS,
    ),
    "accepted once and queued again": (
        by_sql(
            "UPDATE documents SET submission = 'QUEUED', next_action_at = 9000000000000000 WHERE document_id = :settled"
        ),
        Fault.TIMELINE_CONTRADICTS,
    ),
    "a final status that changed": (
        by_sql("UPDATE documents SET legal_status = 'DGI_REJECTED' WHERE document_id = :settled"),
        Fault.TIMELINE_CONTRADICTS,
    ),
    "an index column that lies": (
        by_sql("UPDATE documents SET receiver_ruc = '8-1-1' WHERE document_id = :settled"),
        Fault.COLUMNS_DISAGREE,
    ),
    "in doubt for ever": (
        by_sql("UPDATE documents SET next_action_at = NULL WHERE document_id = :doubted"),
        Fault.DUE_TIME_MISSING,
    ),
    "queued and forgotten": (
        by_sql("UPDATE documents SET next_action_at = 1 WHERE document_id = :queued"),
        Fault.OVERDUE,
    ),
    "sent by a dead worker": (
        by_sql(
            "UPDATE documents SET submission = 'SENDING', maybe_executed = 1, claim_token = last_token,"
            " claim_worker = 'dead', claim_expires_at = 1, claim_doubted_before = 0, next_action_at = 1"
            " WHERE document_id = :queued"
        ),
        Fault.LEASE_EXPIRED,
    ),
    "two current files of a kind": (
        without_keys(
            "document_attachments",
            "UPDATE document_attachments SET kind = 'PDF', revision = revision + 7 WHERE document_id = :settled"
            " AND kind = 'XML'",
        ),
        Fault.FILE_TWICE,
    ),
    "a file row that vanished": (
        by_sql("DELETE FROM document_attachments WHERE document_id = :settled AND kind = 'PDF'"),
        Fault.FILE_ROW_DIFFERS,
    ),
    "a PDF that vanished": (lose_pdf, Fault.FILE_MISSING),
    "a PDF with a flipped byte": (flip_pdf, Fault.FILE_CORRUPT),
    "a PDF of another size": (
        by_sql("UPDATE document_attachments SET size = size + 1 WHERE document_id = :settled AND kind = 'PDF'"),
        Fault.FILE_CORRUPT,
    ),
    "a PDF that is none": (store_other_bytes, Fault.FILE_NOT_PDF),
    "bytes without a row": (leave_orphan, Fault.ORPHAN_BLOB),
    "a webhook that nobody processed": (
        by_sql("UPDATE webhook_deliveries SET state = 'RECEIVED', received_at = 1 WHERE delivery_id = :unmatched"),
        Fault.DELIVERY_STUCK,
    ),
    "a webhook with other bytes": (
        by_sql("DELETE FROM webhook_bodies WHERE delivery_id = :unmatched"),
        Fault.DELIVERY_CHANGED,
    ),
    "a processed webhook of no document": (
        by_sql("UPDATE webhook_deliveries SET state = 'PROCESSED' WHERE delivery_id = :unmatched"),
        Fault.DELIVERY_LOST,
    ),
    "a total that is a cent off": (
        by_sql(
            'UPDATE document_contents SET totals = replace(totals, \'"total":"128.40"\', \'"total":"128.41"\')'
            " WHERE document_id = :settled"
        ),
        Fault.TOTALS_WRONG,
    ),
    "events that were given to another tenant": (
        by_sql("UPDATE document_events SET tenant_id = :stranger WHERE document_id = :settled"),
        Fault.STRAY_ROW,
    ),
    "a document of another tenant's office": (
        by_sql("UPDATE documents SET office_id = :office WHERE document_id = :strange"),
        Fault.STRAY_ROW,
    ),
    "a tenant that vanished": (by_sql("DELETE FROM tenants WHERE tenant_id = :stranger"), Fault.STRANGE_TENANT),
    "a billing point of another office": (
        by_sql("UPDATE billing_points SET billing_point = '777' WHERE tenant_id = :tenant"),
        Fault.OFFICE_DIFFERS,
    ),
    "an event that was edited": (
        by_sql("UPDATE document_events SET actor = 'somebody' WHERE document_id = :settled AND sequence = 2"),
        Fault.CHAIN_BROKEN,
    ),
    "a last event that was cut off": (
        by_sql(
            "DELETE FROM document_events WHERE document_id = :settled AND sequence ="
            " (SELECT max(e.sequence) FROM document_events e WHERE e.document_id = :settled)"
        ),
        Fault.CHAIN_BROKEN,
    ),
    "a content that is no JSON": (
        by_sql("UPDATE document_contents SET draft = '{' WHERE document_id = :settled"),
        Fault.UNREADABLE_ROW,
    ),
    "a status that this version does not know": (
        by_sql("UPDATE documents SET submission = 'FROM_THE_FUTURE' WHERE document_id = :settled"),
        Fault.UNREADABLE_ROW,
    ),
    "a secret that another key sealed": (
        by_sql(
            "UPDATE tenant_secrets SET sealed = (SELECT s.sealed FROM tenant_secrets s WHERE s.tenant_id = :stranger)"
            " WHERE tenant_id = :tenant"
        ),
        Fault.SECRET_UNREADABLE,
    ),
}


async def test_finds_nothing_wrong_after_a_busy_day(busy: Installation) -> None:
    examination = await busy.examined()
    assert [(finding.fault, finding.subject, finding.detail) for finding in examination.findings] == []
    assert examination.is_healthy
    assert examination.looked_at["tenants"] == 2
    assert examination.looked_at["documents"] == 9
    assert examination.looked_at["webhook deliveries without a document"] == 1


@pytest.mark.parametrize("name", DAMAGES)
async def test_names_what_was_damaged(installation: Installation, name: str) -> None:
    damage, fault = DAMAGES[name]
    damage(installation)
    examination = await installation.examined()
    assert examination.counts[fault] >= 1, examination.findings


def test_every_fault_has_a_damage_that_shows_it() -> None:
    shown = {fault for _, fault in DAMAGES.values()}
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


async def istmo_doctor(installation: Installation, *options: str, **more: str) -> tuple[int, str, str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")},
        "ISTMO_DATABASE_URL": installation.database_url,
        "ISTMO_FILE_STORE_URL": str(installation.files),
        "ISTMO_HIGH_WATER_URL": str(installation.marks),
        "ISTMO_SECRETS_KEY": base64.b64encode(KEY).decode(),
        "ISTMO_PAC_BASE_URL": "https://pac.invalid",
        "ISTMO_PAC_KEY": "never-used-here",
        **more,
    }
    process = await create_subprocess_exec(
        *(sys.executable, "-c", "from bootstrap.cli import main; main()", "doctor", *options),
        env=environment,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_the_command_exits_with_0_when_healthy_and_1_with_findings(installation: Installation) -> None:
    code, out, err = await istmo_doctor(installation, "--stopped")
    assert (code, err) == (0, ""), out
    assert out.endswith("healthy\n")
    installation.run("UPDATE document_events SET actor = 'somebody' WHERE document_id = :settled AND sequence = 2")
    code, out, _ = await istmo_doctor(installation, "--stopped")
    assert code == 1
    assert f"document {installation.names['settled']}" in out
    assert Fault.CHAIN_BROKEN.advice in out


async def test_the_command_speaks_json(installation: Installation) -> None:
    lose_pdf(installation)
    code, out, _ = await istmo_doctor(installation, "--json", "--stopped", "--tenant", installation.names["tenant"])
    told = json.loads(out)
    assert (code, told["healthy"]) == (1, False)
    assert [fault["code"] for fault in told["faults"]] == ["file_missing"]
    assert told["findings"][0]["tenant"] == installation.names["tenant"]


async def test_the_command_exits_with_2_when_it_cannot_look(installation: Installation) -> None:
    nowhere = {"ISTMO_DATABASE_URL": "postgresql://postgres@127.0.0.1:1/nothing"}
    code, out, err = await istmo_doctor(installation, **nowhere)
    assert (code, out) == (2, "")
    assert err.startswith("error ")
    code, _, err = await istmo_doctor(installation, ISTMO_SECRETS_KEY="short")
    assert code == 2
    assert "ISTMO_SECRETS_KEY" in err
