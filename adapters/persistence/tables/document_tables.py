"""Documents: the row that changes, the content and bytes that never do, and the history that only grows."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import blob, partial_index, table, text, whole

documents = table(
    "documents",
    text("tenant_id", primary_key=True),
    text("document_id", primary_key=True),
    # fixed when it was recorded
    text("mode"),
    text("billing_point"),
    text("document_type"),
    whole("number"),
    text("office_id"),
    whole("environment"),
    whole("issued_at"),
    text("security_code"),
    text("expected_cufe"),
    text("natural_key", nullable=True),  # the expected CUFE without its date
    text("idempotency_key"),
    text("fingerprint"),
    text("external_id", nullable=True),
    text("order_id", nullable=True),
    text("client_id", nullable=True),
    text("receiver_ruc", nullable=True),
    whole("created_at"),
    text("parent_id", nullable=True),
    text("replaces", nullable=True),
    # changed by steps
    text("submission"),
    text("legal_status"),
    text("raw_legal_status", nullable=True),
    whole("maybe_executed"),
    whole("attempts"),
    whole("claim_token", nullable=True),
    text("claim_worker", nullable=True),
    whole("claim_expires_at", nullable=True),
    whole("claim_doubted_before", nullable=True),
    whole("last_token"),
    whole("next_action_at", nullable=True),
    whole("checks"),
    whole("doubt_since", nullable=True),
    text("doubt_reason", nullable=True),
    whole("settles_at", nullable=True),
    whole("resends", server_default="0"),
    whole("accepted_at", nullable=True),
    text("pac_document_id", nullable=True),
    text("hinted_ids"),
    text("refuted_ids"),
    text("authorised_beside", nullable=True),
    text("cufe", nullable=True),
    text("qr", nullable=True),
    text("public_url", nullable=True),
    text("authorization_protocol", nullable=True),
    text("refusal", nullable=True),
    text("quarantine_reason", nullable=True),
    text("files"),
    text("replaced_by", nullable=True),
    text("void", nullable=True),
    whole("withdrawn_at", nullable=True),
    whole("void_waits_since", nullable=True),  # the void was asked for then, and nothing else is open
    whole("void_doubt_since", nullable=True),
    whole("updated_at"),
    whole("version"),
    # the store's own
    whole("event_count"),
    whole("exchange_count"),
    whole("offered_until", nullable=True),  # a worker was told of it and has it in hand (PostgreSQL)
    whole("bills_order"),  # it is the order's live DGI invoice
    whole("holds_order"),  # and no other one was before it: what the unique index counts
    sa.UniqueConstraint("tenant_id", "idempotency_key", name="uq_documents_idempotency_key"),
    sa.UniqueConstraint("tenant_id", "billing_point", "document_type", "number", name="uq_documents_number"),
    sa.UniqueConstraint("expected_cufe", "environment", name="uq_documents_expected_cufe"),
)
_c = documents.c
# Those that pages are filtered by end with the document's id, so that a page is read from them in its order.
partial_index("uq_documents_live_order", _c.tenant_id, _c.order_id, where="holds_order = 1", unique=True)
partial_index(
    "uq_documents_pac_document", _c.tenant_id, _c.pac_document_id, where="pac_document_id IS NOT NULL", unique=True
)
partial_index("ix_documents_bills_order", _c.tenant_id, _c.order_id, _c.bills_order, where="order_id IS NOT NULL")
partial_index("ix_documents_due", _c.next_action_at, _c.tenant_id, where="next_action_at IS NOT NULL")
partial_index(
    "ix_documents_due_of_tenant",
    _c.tenant_id,
    _c.next_action_at,
    _c.document_id,
    where="next_action_at IS NOT NULL",
)
partial_index("ix_documents_cufe", _c.tenant_id, _c.cufe, where="cufe IS NOT NULL")
partial_index("ix_documents_natural_key", _c.tenant_id, _c.natural_key, where="natural_key IS NOT NULL")
partial_index("ix_documents_external_id", _c.tenant_id, _c.external_id, _c.document_id, where="external_id IS NOT NULL")
partial_index(
    "ix_documents_receiver_ruc", _c.tenant_id, _c.receiver_ruc, _c.document_id, where="receiver_ruc IS NOT NULL"
)
partial_index(
    "ix_documents_waiting",
    _c.tenant_id,
    _c.document_id,
    _c.created_at,
    where="next_action_at IS NOT NULL OR submission = 'QUARANTINED'",
)
partial_index("ix_documents_credit_notes", _c.tenant_id, _c.document_id, where="document_type IN ('04', '06')")
partial_index("ix_documents_debit_notes", _c.tenant_id, _c.document_id, where="document_type IN ('05', '07')")
partial_index("ix_documents_void_doubt", _c.void_doubt_since, where="void_doubt_since IS NOT NULL")
partial_index("ix_documents_parent", _c.tenant_id, _c.parent_id, _c.document_id, where="parent_id IS NOT NULL")
sa.Index("ix_documents_expected_cufe", _c.tenant_id, _c.expected_cufe)
sa.Index("ix_documents_number", _c.tenant_id, _c.number, _c.document_id)
sa.Index("ix_documents_submission", _c.tenant_id, _c.submission, _c.document_id)
sa.Index("ix_documents_legal_status", _c.tenant_id, _c.legal_status, _c.document_id)
sa.Index("ix_documents_issued_at", _c.tenant_id, _c.issued_at, _c.document_id)
sa.Index("ix_documents_updated_at", _c.tenant_id, _c.updated_at)


def _of_document(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "document_id"], ["documents.tenant_id", "documents.document_id"], name=name
    )


document_contents = table(
    "document_contents",
    text("tenant_id", primary_key=True),
    text("document_id", primary_key=True),
    text("issuer"),
    text("draft"),
    text("totals"),
    _of_document("fk_document_contents_document"),
)

document_bodies = table(
    "document_bodies",
    text("tenant_id", primary_key=True),
    text("document_id", primary_key=True),
    blob("body"),
    _of_document("fk_document_bodies_document"),
)

document_events = table(
    "document_events",
    text("tenant_id", primary_key=True),
    text("document_id", primary_key=True),
    whole("sequence", primary_key=True),
    whole("at"),
    text("kind"),
    text("actor"),
    text("facts"),
    text("digest"),
    _of_document("fk_document_events_document"),
)

document_exchanges = table(
    "document_exchanges",
    text("tenant_id", primary_key=True),
    text("document_id", primary_key=True),
    whole("sequence", primary_key=True),
    whole("at"),
    text("kind"),
    whole("attempt"),
    whole("status", nullable=True),
    blob("body"),
    text("note"),
    _of_document("fk_document_exchanges_document"),
)

document_attachments = table(
    "document_attachments",
    text("tenant_id", primary_key=True),
    text("document_id", primary_key=True),
    text("kind", primary_key=True),
    whole("revision", primary_key=True),
    text("digest"),
    whole("size"),
    text("file_name"),
    whole("is_provisional"),
    whole("stored_at"),
    whole("is_current"),
    _of_document("fk_document_attachments_document"),
)
partial_index(
    "uq_document_attachments_current",
    document_attachments.c.tenant_id,
    document_attachments.c.document_id,
    document_attachments.c.kind,
    where="is_current = 1",
    unique=True,
)
sa.Index("ix_document_attachments_digest", document_attachments.c.tenant_id, document_attachments.c.digest)
