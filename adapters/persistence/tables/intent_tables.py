"""What each intent made: kept for ever, because a caller may repeat a call whenever it likes."""

from adapters.persistence.tables.columns import table, text, whole

intents = table(
    "intents",
    text("tenant_id", primary_key=True),
    text("operation", primary_key=True),
    text("idempotency_key", primary_key=True),
    text("fingerprint"),
    text("subject_id"),
    whole("created_at"),
)
