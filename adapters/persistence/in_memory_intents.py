"""What each intent made, in memory."""

from adapters.persistence.in_memory_state import InMemoryStore
from core.failures import IdempotencyConflictError
from core.identifiers import TenantId
from core.intents import Intent


def find_made(store: InMemoryStore, tenant_id: TenantId, intent: Intent | None) -> str | None:
    """The id of what the intent made. Raises IdempotencyConflictError for another fingerprint."""
    if intent is None:
        return None
    fingerprint, made = store.made.get((tenant_id, intent.operation, intent.key), (intent.fingerprint, None))
    if fingerprint != intent.fingerprint:
        raise IdempotencyConflictError
    return made


def remember_made(store: InMemoryStore, tenant_id: TenantId, intent: Intent | None, subject_id: str) -> None:
    """Keep what the intent made. Call it once the thing itself is kept."""
    if intent is not None:
        store.made[tenant_id, intent.operation, intent.key] = (intent.fingerprint, subject_id)
