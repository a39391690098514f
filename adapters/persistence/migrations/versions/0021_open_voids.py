"""Since when a document waits for its void alone, and since when a void is in doubt: read out of what is kept of it."""

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import whole
from adapters.persistence.migrations.row_security import is_postgresql, replace_definer_function

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_OPEN = sa.text(
    "SELECT tenant_id, document_id, submission, legal_status, authorised_beside, void FROM documents"
    ' WHERE void LIKE \'%"state":"REQUESTED"%\' OR void LIKE \'%"state":"IN_DOUBT"%\''
)
_FOUND = sa.text(
    "UPDATE documents SET void_waits_since = :waits, void_doubt_since = :doubt"
    " WHERE tenant_id = :tenant AND document_id = :document"
)
_REJECTED = ("PAC_REJECTED", "DGI_REJECTED")
_SIGNATURE = "work_gauges(due_at bigint, overdue_before bigint)"
_RETURNS = "name text, label text, value bigint"
_WAITS = "(next_action_at IS NOT NULL OR submission = 'QUARANTINED')"
_RECEIVED = "FROM webhook_deliveries WHERE state = 'RECEIVED'"


def _body(since: str, more: str = "") -> str:
    return f"""
SELECT 'waiting' AS name, submission AS label, count(*) AS value FROM documents WHERE {_WAITS} GROUP BY submission
UNION ALL SELECT 'overdue', '', count(*) FROM documents WHERE {_WAITS} AND {since} < overdue_before
UNION ALL SELECT 'doubt_since', '', min(doubt_since) FROM documents WHERE {_WAITS} AND submission = 'IN_DOUBT'
UNION ALL SELECT 'due', '', count(*) FROM documents WHERE next_action_at <= due_at
UNION ALL SELECT 'due_at', '', min(next_action_at) FROM documents WHERE next_action_at <= due_at
UNION ALL SELECT 'received', '', count(*) {_RECEIVED}
UNION ALL SELECT 'received_at', '', min(received_at) {_RECEIVED}
UNION ALL SELECT 'circuit', state, count(*) FROM circuits GROUP BY state
{more}"""  # noqa: S608 - constants of this module


_VOIDS = """UNION ALL SELECT 'void_doubt', '', count(*) FROM documents WHERE void_doubt_since IS NOT NULL
UNION ALL SELECT 'void_doubt_since', '', min(void_doubt_since) FROM documents WHERE void_doubt_since IS NOT NULL
"""


def upgrade() -> None:
    """Add the columns with their index, fill them, and let the gauges read them."""
    op.add_column("documents", whole("void_waits_since", nullable=True))
    op.add_column("documents", whole("void_doubt_since", nullable=True))
    connection = op.get_bind()
    for row in connection.execute(_OPEN).mappings().all():
        void = json.loads(row["void"])
        is_open = void.get("state") in ("REQUESTED", "IN_DOUBT")
        is_beside = row["legal_status"] in _REJECTED and row["authorised_beside"] is not None
        is_accepted = row["submission"] == "ACCEPTED" and (row["legal_status"] == "DGI_AUTHORIZED" or is_beside)
        is_issued = is_accepted or row["submission"] == "ISSUED_ID_UNKNOWN"
        found = {
            "waits": _micros(void.get("requested_at")) if is_open and is_issued else None,
            "doubt": _micros(void.get("doubt_since")) if void.get("state") == "IN_DOUBT" else None,
        }
        connection.execute(_FOUND, found | {"tenant": row["tenant_id"], "document": row["document_id"]})
    op.execute(
        "CREATE INDEX ix_documents_void_doubt ON documents (void_doubt_since) WHERE void_doubt_since IS NOT NULL"
    )
    if is_postgresql():
        replace_definer_function(_SIGNATURE, _RETURNS, _body("COALESCE(void_waits_since, created_at)", _VOIDS))


def downgrade() -> None:
    """Drop them; the gauges count as before."""
    if is_postgresql():
        replace_definer_function(_SIGNATURE, _RETURNS, _body("created_at"))
    op.execute("DROP INDEX ix_documents_void_doubt")
    op.drop_column("documents", "void_doubt_since")
    op.drop_column("documents", "void_waits_since")


def _micros(text: str | None) -> int | None:
    if text is None:
        return None
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
