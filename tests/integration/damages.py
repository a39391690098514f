"""Every kind of damage that the doctor must name, done behind Istmo's back."""

from collections.abc import Callable
from datetime import timedelta

from adapters.persistence.content_codec import to_json
from core.invariants.faults import Fault
from core.voids import Void, VoidState
from tests.builders import NOW
from tests.integration.busy_installation import Installation
from tests.integration.certificate_damages import certificate_that_ends

Damage = Callable[[Installation], None]

A_VOID = to_json(
    Void(state=VoidState.VOIDED, reason="r" * 15, requested_at=NOW, requested_by="caller:1", idempotency_key="v")
)


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


def void_what_is_credited(installation: Installation) -> None:
    installation.copy_without_keys("documents")
    installation.run("UPDATE documents SET document_type = '04', parent_id = :settled WHERE document_id = :second")
    installation.run("UPDATE documents SET void = :void WHERE document_id = :settled", void=A_VOID)


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
    "a document that is valid beside its successor": (
        by_sql("UPDATE documents SET replaced_by = :second WHERE document_id = :settled"),
        Fault.REPLACED_AND_VALID,
    ),
    "a draft that is due": (
        by_sql("UPDATE documents SET next_action_at = 1 WHERE document_id = :draft"),
        Fault.STATE_CONTRADICTS,
    ),
    "a draft with the CUFE of nobody": (
        by_sql("UPDATE documents SET expected_cufe = 'FE01' WHERE document_id = :draft"),
        Fault.CUFE_WRONG,
    ),
    "a draft at a billing point of the DGI's": (
        by_sql("UPDATE documents SET billing_point = '777' WHERE document_id = :draft"),
        Fault.STATE_CONTRADICTS,
    ),
    "bytes to post of a draft": (
        by_sql(
            "INSERT INTO document_bodies (tenant_id, document_id, body)"
            " SELECT tenant_id, :draft, body FROM document_bodies WHERE document_id = :settled"
        ),
        Fault.STATE_CONTRADICTS,
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
    "credit notes beyond their invoice": (
        without_keys(
            "documents",
            "UPDATE documents SET document_type = '04', parent_id = :settled WHERE document_id IN (:second, :queued)",
        ),
        Fault.CREDITS_EXCEED_INVOICE,
    ),
    "a credit note of an invoice that is void": (void_what_is_credited, Fault.CREDITED_AND_VOID),
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
    "a certificate ends": (certificate_that_ends(timedelta(days=59)), Fault.CERTIFICATE_ENDS),
    "a certificate has ended": (certificate_that_ends(timedelta(seconds=-1)), Fault.CERTIFICATE_ENDED),
}
