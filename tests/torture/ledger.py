"""What our database says, read beside the processes that write it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from adapters.persistence.instants import from_micros
from adapters.persistence.tables import documents, webhook_deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document, as much of it as the torture judges."""

    tenant_id: str
    document_id: str
    idempotency_key: str
    billing_point: str
    document_type: str
    number: int
    expected_cufe: str
    submission: str
    legal_status: str
    claim_worker: str | None
    claim_expires_at: datetime | None
    next_action_at: datetime | None
    pac_document_id: str | None
    cufe: str | None
    attempts: int
    resends: int
    doubt_reason: str | None
    final_files: frozenset[str]

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is left to do by itself."""
        if self.submission == "ACCEPTED":
            is_authorised = self.legal_status == "DGI_AUTHORIZED"
            return self.next_action_at is None and is_authorised and self.final_files == {"PDF", "XML"}
        return self.submission in ("QUARANTINED", "REFUSED") and self.next_action_at is None

    @property
    def describes(self) -> str:
        """For a message."""
        return (
            f"{self.idempotency_key} no. {self.number} {self.submission} {self.legal_status} pac={self.pac_document_id}"
            f" attempts={self.attempts} resends={self.resends} doubt={self.doubt_reason} due={self.next_action_at}"
            f" files={sorted(self.final_files)}"
        )


class Ledger:
    """Reads only. ``url`` is sqlite:/// or postgresql://, as the superuser."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def documents(self, *, unsettled: bool = False) -> list[Row]:
        """All documents, or those that are not yet at rest."""
        c = documents.c
        query = sa.select(documents).order_by(c.tenant_id, c.billing_point, c.document_type, c.number)
        if unsettled:
            query = query.where(sa.or_(c.next_action_at.is_not(None), c.submission.in_(("SENDING", "QUEUED"))))
        with self._reading() as connection:
            return [_row(each) for each in connection.execute(query)]

    def sending(self) -> list[tuple[str, str]]:
        """Document and worker of each attempt under way."""
        query = sa.select(documents.c.document_id, documents.c.claim_worker).where(
            documents.c.submission == "SENDING", documents.c.claim_worker.is_not(None)
        )
        with self._reading() as connection:
            return [(row.document_id, row.claim_worker) for row in connection.execute(query)]

    def deliveries_waiting(self) -> int:
        """Webhooks that were received and not processed."""
        query = sa.select(sa.func.count()).where(webhook_deliveries.c.state == "RECEIVED")
        with self._reading() as connection:
            return connection.execute(query).scalar_one()

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connection:
            yield connection


def _row(row: sa.Row[tuple[object, ...]]) -> Row:
    given = row._mapping
    files = json.loads(given["files"])
    return Row(
        **{name: given[name] for name in _PLAIN},
        claim_expires_at=from_micros(given["claim_expires_at"]),
        next_action_at=from_micros(given["next_action_at"]),
        final_files=frozenset(file["kind"] for file in files if not file["is_provisional"]),
    )


_PLAIN = [
    "tenant_id",
    "document_id",
    "idempotency_key",
    "billing_point",
    "document_type",
    "number",
    "expected_cufe",
    "submission",
    "legal_status",
    "claim_worker",
    "pac_document_id",
    "cufe",
    "attempts",
    "resends",
    "doubt_reason",
]
