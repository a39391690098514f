"""The gauges in SQL, as rows of (name, label, value) so that one function of the database can give them all.

They cross tenants: PostgreSQL is asked through its SECURITY DEFINER functions ``work_gauges`` and ``census_gauges``,
which a migration made with exactly these bodies (a test compares them).
"""

from datetime import datetime

import sqlalchemy as sa

from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.statements import Row, Statement
from adapters.persistence.store_units import StoreUnits
from core.certificates import CertificateKind
from core.ports.work_gauges import Census, WaitingWork, WorkGauges

# The conditions are spelled as those of the partial indexes: each part reads one of them and nothing else.
_WAITS = "(next_action_at IS NOT NULL OR submission = 'QUARANTINED')"
_SINCE = "COALESCE(void_waits_since, created_at)"  # core.diagnosis.waits_since_before
_RECEIVED = "FROM webhook_deliveries WHERE state = 'RECEIVED'"
WAITING_BODY = f"""
SELECT 'waiting' AS name, submission AS label, count(*) AS value FROM documents WHERE {_WAITS} GROUP BY submission
UNION ALL SELECT 'overdue', '', count(*) FROM documents WHERE {_WAITS} AND {_SINCE} < overdue_before
UNION ALL SELECT 'doubt_since', '', min(doubt_since) FROM documents WHERE {_WAITS} AND submission = 'IN_DOUBT'
UNION ALL SELECT 'due', '', count(*) FROM documents WHERE next_action_at <= due_at
UNION ALL SELECT 'due_at', '', min(next_action_at) FROM documents WHERE next_action_at <= due_at
UNION ALL SELECT 'received', '', count(*) {_RECEIVED}
UNION ALL SELECT 'received_at', '', min(received_at) {_RECEIVED}
UNION ALL SELECT 'circuit', state, count(*) FROM circuits GROUP BY state
UNION ALL SELECT 'void_doubt', '', count(*) FROM documents WHERE void_doubt_since IS NOT NULL
UNION ALL SELECT 'void_doubt_since', '', min(void_doubt_since) FROM documents WHERE void_doubt_since IS NOT NULL
"""  # noqa: S608 - constants of this module
CENSUS_BODY = """
SELECT 'submission' AS name, submission AS label, count(*) AS value FROM documents GROUP BY submission
UNION ALL SELECT 'legal_status', legal_status, count(*) FROM documents GROUP BY legal_status
UNION ALL SELECT 'unmatched', '', count(*) FROM webhook_deliveries WHERE state = 'UNMATCHED'
UNION ALL SELECT 'signature_ends_at', '', signature_ends_at FROM onboardings WHERE signature_ends_at IS NOT NULL
UNION ALL SELECT 'authentication_ends_at', '', authentication_ends_at
FROM onboardings WHERE authentication_ends_at IS NOT NULL
"""


def _asked_of(plain: str, by_function: str) -> Statement:
    return Statement(lambda dialect: sa.text(plain if dialect == "sqlite" else by_function))


_bound = WAITING_BODY.replace("< overdue_before", "< :overdue_before").replace("<= due_at", "<= :due_at")
_waiting = _asked_of(_bound, "SELECT name, label, value FROM work_gauges(:due_at, :overdue_before)")
_census = _asked_of(CENSUS_BODY, "SELECT name, label, value FROM census_gauges()")


class SqlWorkGauges(WorkGauges):
    """Two statements, which the application's role may run as well as the owner's."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def waiting(self, now: datetime, *, overdue_before: datetime) -> WaitingWork:
        """See the port."""
        rows = await self._units.read(
            _waiting, tenant_id=None, due_at=to_micros(now), overdue_before=to_micros(overdue_before)
        )
        return WaitingWork(
            by_submission=_labelled(rows, "waiting"),
            due=_one(rows, "due") or 0,
            oldest_due_at=from_micros(_one(rows, "due_at")),
            overdue=_one(rows, "overdue") or 0,
            oldest_doubt_since=from_micros(_one(rows, "doubt_since")),
            voids_in_doubt=_one(rows, "void_doubt") or 0,
            oldest_void_doubt_since=from_micros(_one(rows, "void_doubt_since")),
            received=_one(rows, "received") or 0,
            oldest_received_at=from_micros(_one(rows, "received_at")),
            circuits=_labelled(rows, "circuit"),
        )

    async def census(self) -> Census:
        """See the port."""
        rows = await self._units.read(_census, tenant_id=None)
        return Census(
            by_submission=_labelled(rows, "submission"),
            by_legal_status=_labelled(rows, "legal_status"),
            unmatched=_one(rows, "unmatched") or 0,
            certificates={
                kind: [from_micros(row["value"]) for row in rows if row["name"] == f"{kind.value}_ends_at"]
                for kind in CertificateKind
            },
        )


def _labelled(rows: list[Row], name: str) -> dict[str, int]:
    return {row["label"]: row["value"] for row in rows if row["name"] == name}


def _one(rows: list[Row], name: str) -> int | None:
    found: list[int | None] = [row["value"] for row in rows if row["name"] == name]
    return found[0] if found else None
