"""The numbers of an installation as a whole, for whoever watches it: counts and times, no row of anybody."""

from alembic import op

from adapters.persistence.migrations.row_security import create_definer_function, is_postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_RETURNS = "name text, label text, value bigint"
_WAITS = "(next_action_at IS NOT NULL OR submission = 'QUARANTINED')"
_RECEIVED = "FROM webhook_deliveries WHERE state = 'RECEIVED'"
_WAITING = f"""
SELECT 'waiting' AS name, submission AS label, count(*) AS value FROM documents WHERE {_WAITS} GROUP BY submission
UNION ALL SELECT 'overdue', '', count(*) FROM documents WHERE {_WAITS} AND created_at < overdue_before
UNION ALL SELECT 'doubt_since', '', min(doubt_since) FROM documents WHERE {_WAITS} AND submission = 'IN_DOUBT'
UNION ALL SELECT 'due', '', count(*) FROM documents WHERE next_action_at <= due_at
UNION ALL SELECT 'due_at', '', min(next_action_at) FROM documents WHERE next_action_at <= due_at
UNION ALL SELECT 'received', '', count(*) {_RECEIVED}
UNION ALL SELECT 'received_at', '', min(received_at) {_RECEIVED}
UNION ALL SELECT 'circuit', state, count(*) FROM circuits GROUP BY state
"""  # noqa: S608 - constants of this module
_CENSUS = """
SELECT 'submission' AS name, submission AS label, count(*) AS value FROM documents GROUP BY submission
UNION ALL SELECT 'legal_status', legal_status, count(*) FROM documents GROUP BY legal_status
UNION ALL SELECT 'unmatched', '', count(*) FROM webhook_deliveries WHERE state = 'UNMATCHED'
"""


def upgrade() -> None:
    """Create the functions."""
    if is_postgresql():
        create_definer_function("work_gauges(due_at bigint, overdue_before bigint)", _RETURNS, _WAITING)
        create_definer_function("census_gauges()", _RETURNS, _CENSUS)


def downgrade() -> None:
    """Drop them."""
    if is_postgresql():
        op.execute("DROP FUNCTION census_gauges()")
        op.execute("DROP FUNCTION work_gauges(bigint, bigint)")
