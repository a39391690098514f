"""The other ids of a document that the DGI authorised, which were told by its timeline alone until now."""

import json
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import text

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

# Spelt out: what a released step looks for does not change with the program.
_TOLD = ("rejected_and_authorised_under_another_id", "pac_accepted_number_twice")
_ALARMS = sa.text(
    "SELECT tenant_id, document_id, facts FROM document_events"
    " WHERE kind = 'ALARM' AND (facts LIKE '%rejected_and_authorised_under_another_id%'"
    " OR facts LIKE '%pac_accepted_number_twice%') ORDER BY tenant_id, document_id, sequence"
)
# What was rejected is read under the other id now: it is due, so that its files come.
_FOUND = sa.text(
    "UPDATE documents SET authorised_beside = :ids, next_action_at = CASE"
    " WHEN legal_status IN ('PAC_REJECTED', 'DGI_REJECTED') THEN COALESCE(next_action_at, updated_at)"
    " ELSE next_action_at END WHERE tenant_id = :tenant AND document_id = :document"
)


def upgrade() -> None:
    """Add the column and fill it from the alarms; older programs leave it alone."""
    op.add_column("documents", text("authorised_beside", nullable=True))
    connection = op.get_bind()
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for tenant, document, facts in connection.execute(_ALARMS):
        said = json.loads(facts)
        other = said.get("pac_document_id", "")
        if said.get("about") in _TOLD and other and other not in found[tenant, document]:
            found[tenant, document].append(other)
    for (tenant, document), ids in found.items():
        if ids:
            connection.execute(_FOUND, {"ids": json.dumps(ids), "tenant": tenant, "document": document})


def downgrade() -> None:
    """Drop it: the timeline still tells of them."""
    op.drop_column("documents", "authorised_beside")
