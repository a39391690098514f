"""What each intent made, in SQL: written in the transaction of the creation itself."""

from datetime import datetime

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.instants import to_micros
from adapters.persistence.statements import Row, Statement, insert_into
from adapters.persistence.storable_text import storable
from adapters.persistence.tables import intents
from core.failures import IdempotencyConflictError
from core.identifiers import TenantId
from core.intents import Intent

# Whoever comes second waits here until the first one's unit ends, and then sees its row or writes its own.
_claim = Statement(
    lambda dialect: insert_into(dialect, intents).on_conflict_do_nothing(
        index_elements=[intents.c.tenant_id, intents.c.operation, intents.c.idempotency_key]
    )
)
find_intent = Statement(
    sa.select(intents.c.subject_id, intents.c.fingerprint).where(
        intents.c.tenant_id == sa.bindparam("tenant"),
        intents.c.operation == sa.bindparam("operation"),
        intents.c.idempotency_key == sa.bindparam("idempotency_key"),
    )
)


def claim_intent(
    connection: Connection, tenant_id: TenantId, intent: Intent | None, *, subject_id: str, at: datetime
) -> str:
    """The id of what the intent makes: ``subject_id``, or the id of what it made before. Call it first in a unit.

    Raises IdempotencyConflictError for another fingerprint under the same key.
    """
    if intent is None:
        return subject_id
    row = {"fingerprint": intent.fingerprint, "subject_id": subject_id, "created_at": to_micros(at)}
    if connection.run(_claim, **storable({"tenant_id": tenant_id, **intent_parameters(intent), **row})):
        return subject_id
    return subject_of(
        connection.one(find_intent, **storable({"tenant": tenant_id, **intent_parameters(intent)})), intent
    )


def subject_of(row: Row, intent: Intent) -> str:
    """The id of what was made. Raises IdempotencyConflictError for another fingerprint."""
    if row["fingerprint"] != intent.fingerprint:
        raise IdempotencyConflictError
    made: str = row["subject_id"]
    return made


def intent_parameters(intent: Intent) -> dict[str, str]:
    """The parameters of ``find_intent`` beside the tenant."""
    return {"operation": intent.operation, "idempotency_key": intent.key}
