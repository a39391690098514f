"""When each taxpayer's certificates end, as columns: the numbers of an installation are read across all of them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import whole
from adapters.persistence.migrations.row_security import is_postgresql, replace_definer_function

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

_COLUMNS = {"signature": "signature_ends_at", "authentication": "authentication_ends_at"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RETURNS = "name text, label text, value bigint"
_BEFORE = """
SELECT 'submission' AS name, submission AS label, count(*) AS value FROM documents GROUP BY submission
UNION ALL SELECT 'legal_status', legal_status, count(*) FROM documents GROUP BY legal_status
UNION ALL SELECT 'unmatched', '', count(*) FROM webhook_deliveries WHERE state = 'UNMATCHED'
"""
_AFTER = f"""{_BEFORE.rstrip()}
UNION ALL SELECT 'signature_ends_at', '', signature_ends_at FROM onboardings WHERE signature_ends_at IS NOT NULL
UNION ALL SELECT 'authentication_ends_at', '', authentication_ends_at
FROM onboardings WHERE authentication_ends_at IS NOT NULL
"""  # noqa: S608 - constants of this module


def upgrade() -> None:
    """Add the columns and fill them from the states; an older program leaves them as they are."""
    for column in _COLUMNS.values():
        op.add_column("onboardings", whole(column, nullable=True))
    connection = op.get_bind()
    for tenant, state in connection.execute(sa.text("SELECT tenant_id, state FROM onboardings")).all():
        for column, ends_at in _ends_in(state):
            filling = sa.text(f"UPDATE onboardings SET {column} = :ends_at WHERE tenant_id = :tenant")  # noqa: S608
            connection.execute(filling, {"ends_at": ends_at, "tenant": tenant})
    if is_postgresql():
        replace_definer_function("census_gauges()", _RETURNS, _AFTER)


def _ends_in(state: str) -> Iterator[tuple[str, int]]:
    """Nothing for a state that cannot be read: whoever reads the whole row says so."""
    try:
        for certificate in json.loads(state)["certificates"]:
            ends_at = datetime.fromisoformat(certificate["not_after"])
            yield _COLUMNS[certificate["kind"]], (ends_at - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, KeyError, TypeError):
        return


def downgrade() -> None:
    """Drop them: the states hold the same."""
    if is_postgresql():
        replace_definer_function("census_gauges()", _RETURNS, _BEFORE)
    for column in _COLUMNS.values():
        op.drop_column("onboardings", column)
