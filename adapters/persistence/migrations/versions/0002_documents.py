"""Documents with their content, bytes, events, raw answers and files."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import blob, text, whole

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "documents",
        text("tenant_id"),
        text("document_id"),
        text("mode"),
        text("billing_point"),
        text("document_type"),
        whole("number"),
        text("office_id"),
        whole("environment"),
        whole("issued_at"),
        text("security_code"),
        text("expected_cufe"),
        text("natural_key", nullable=True),
        text("idempotency_key"),
        text("fingerprint"),
        text("external_id", nullable=True),
        text("order_id", nullable=True),
        text("client_id", nullable=True),
        text("receiver_ruc", nullable=True),
        whole("created_at"),
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
        whole("accepted_at", nullable=True),
        text("pac_document_id", nullable=True),
        text("hinted_ids"),
        text("refuted_ids"),
        text("cufe", nullable=True),
        text("qr", nullable=True),
        text("public_url", nullable=True),
        text("authorization_protocol", nullable=True),
        text("refusal", nullable=True),
        text("quarantine_reason", nullable=True),
        text("files"),
        whole("updated_at"),
        whole("version"),
        whole("event_count"),
        whole("exchange_count"),
        whole("bills_order"),
        whole("holds_order"),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name="pk_documents"),
        sa.UniqueConstraint("expected_cufe", "environment", name="uq_documents_expected_cufe"),
        sa.UniqueConstraint("tenant_id", "idempotency_key", name="uq_documents_idempotency_key"),
        sa.UniqueConstraint("tenant_id", "billing_point", "document_type", "number", name="uq_documents_number"),
        sqlite_strict=True,
    )
    _partial_index(
        "ix_documents_bills_order", "documents", ["tenant_id", "order_id", "bills_order"], where="order_id IS NOT NULL"
    )
    _partial_index("ix_documents_cufe", "documents", ["tenant_id", "cufe"], where="cufe IS NOT NULL")
    _partial_index("ix_documents_due", "documents", ["next_action_at", "tenant_id"], where="next_action_at IS NOT NULL")
    _partial_index(
        "ix_documents_due_of_tenant",
        "documents",
        ["tenant_id", "next_action_at", "document_id"],
        where="next_action_at IS NOT NULL",
    )
    op.create_index("ix_documents_expected_cufe", "documents", ["tenant_id", "expected_cufe"])
    _partial_index(
        "ix_documents_external_id",
        "documents",
        ["tenant_id", "external_id", "document_id"],
        where="external_id IS NOT NULL",
    )
    op.create_index("ix_documents_legal_status", "documents", ["tenant_id", "legal_status", "document_id"])
    _partial_index(
        "ix_documents_natural_key", "documents", ["tenant_id", "natural_key"], where="natural_key IS NOT NULL"
    )
    op.create_index("ix_documents_number", "documents", ["tenant_id", "number", "document_id"])
    _partial_index(
        "ix_documents_receiver_ruc",
        "documents",
        ["tenant_id", "receiver_ruc", "document_id"],
        where="receiver_ruc IS NOT NULL",
    )
    op.create_index("ix_documents_submission", "documents", ["tenant_id", "submission", "document_id"])
    op.create_index("ix_documents_updated_at", "documents", ["tenant_id", "updated_at"])
    _partial_index(
        "uq_documents_live_order", "documents", ["tenant_id", "order_id"], where="holds_order = 1", unique=True
    )
    _partial_index(
        "uq_documents_pac_document",
        "documents",
        ["tenant_id", "pac_document_id"],
        where="pac_document_id IS NOT NULL",
        unique=True,
    )
    op.create_table(
        "document_contents",
        text("tenant_id"),
        text("document_id"),
        text("issuer"),
        text("draft"),
        text("totals"),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name="pk_document_contents"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.document_id"],
            name="fk_document_contents_document",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "document_bodies",
        text("tenant_id"),
        text("document_id"),
        blob("body"),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name="pk_document_bodies"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.document_id"],
            name="fk_document_bodies_document",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "document_events",
        text("tenant_id"),
        text("document_id"),
        whole("sequence"),
        whole("at"),
        text("kind"),
        text("actor"),
        text("facts"),
        text("digest"),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", "sequence", name="pk_document_events"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.document_id"],
            name="fk_document_events_document",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "document_exchanges",
        text("tenant_id"),
        text("document_id"),
        whole("sequence"),
        whole("at"),
        text("kind"),
        whole("attempt"),
        whole("status", nullable=True),
        blob("body"),
        text("note"),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", "sequence", name="pk_document_exchanges"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.document_id"],
            name="fk_document_exchanges_document",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "document_attachments",
        text("tenant_id"),
        text("document_id"),
        text("kind"),
        whole("revision"),
        text("digest"),
        whole("size"),
        text("file_name"),
        whole("is_provisional"),
        whole("stored_at"),
        whole("is_current"),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", "kind", "revision", name="pk_document_attachments"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.document_id"],
            name="fk_document_attachments_document",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_document_attachments_digest", "document_attachments", ["tenant_id", "digest"])
    _partial_index(
        "uq_document_attachments_current",
        "document_attachments",
        ["tenant_id", "document_id", "kind"],
        where="is_current = 1",
        unique=True,
    )


def downgrade() -> None:
    """Drop the tables with everything in them."""
    op.drop_table("document_attachments")
    op.drop_table("document_exchanges")
    op.drop_table("document_events")
    op.drop_table("document_bodies")
    op.drop_table("document_contents")
    op.drop_table("documents")


def _partial_index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
