"""What the resolvers of one request share."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from graphql import GraphQLResolveInfo

from adapters.graphql.documents_at_once import DocumentsAtOnce
from adapters.graphql.language import Language
from adapters.graphql.operations import GraphqlOperations
from adapters.graphql.request_failures import QueryLimitExceededError
from adapters.graphql.settings import GraphqlSettings
from core.circuits import Circuit
from core.documents import FiscalDocument
from core.errors import Wording
from core.identifiers import DocumentId
from core.standing import Standing
from core.tenants import Caller

_ROWS = Wording("the lines, events and other rows that it shows", "las líneas, eventos y demás filas que muestra")


class Asking(Protocol):
    """What the endpoint itself needs of a request's context, whoever asks."""

    @property
    def language(self) -> Language:
        """The language of the failures."""

    @property
    def settings(self) -> GraphqlSettings:
        """The limits in force."""


@dataclass(slots=True)
class RowBudget:
    """How many lines, events, files and other rows a request may still show: a page of large documents ends here."""

    limit: int
    spent: int = 0

    def spend(self, rows: int) -> None:
        """Raises QueryLimitExceededError."""
        self.spent += rows
        if self.spent > self.limit:
            raise QueryLimitExceededError(measure=_ROWS, limit=self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """Who asks, in which language, and what may be called. The tenant is the caller's, never an argument."""

    caller: Caller
    language: Language
    operations: GraphqlOperations
    settings: GraphqlSettings
    rows: RowBudget = field(init=False)
    reading: asyncio.Semaphore = field(init=False)
    standings: DocumentsAtOnce[Standing | None] = field(init=False)
    parents: DocumentsAtOnce[FiscalDocument | None] = field(init=False)
    notes: DocumentsAtOnce[Sequence[FiscalDocument]] = field(init=False)
    seen_circuit: list[Circuit] = field(init=False, default_factory=list)
    seeing_circuit: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        """Start the budgets of this request."""
        object.__setattr__(self, "rows", RowBudget(self.settings.rows_max))
        object.__setattr__(self, "reading", asyncio.Semaphore(self.settings.reads_in_flight_max))
        object.__setattr__(self, "standings", DocumentsAtOnce(self._read_standings))
        object.__setattr__(self, "parents", DocumentsAtOnce(self._read_parents))
        object.__setattr__(self, "notes", DocumentsAtOnce(self._read_notes))

    async def circuit(self) -> Circuit:
        """The tenant's circuit, read once for all documents of the request. Raises StoreUnavailableError."""
        async with self.seeing_circuit:
            if not self.seen_circuit:
                self.seen_circuit.append(await self.operations.diagnose.circuit(self.caller.tenant_id))
        return self.seen_circuit[0]

    async def _read_standings(self, documents: Sequence[FiscalDocument]) -> Mapping[DocumentId, Standing | None]:
        async with self.reading:
            return await self.operations.read_standings(self.caller.tenant_id, documents)

    async def _read_parents(self, documents: Sequence[FiscalDocument]) -> Mapping[DocumentId, FiscalDocument | None]:
        wanted = sorted({document.parent_id for document in documents if document.parent_id is not None})
        async with self.reading:
            found = await self.operations.documents.several(self.caller.tenant_id, wanted)
        parents = {parent.document_id: parent for parent in found}
        return {
            document.document_id: parents.get(document.parent_id) if document.parent_id is not None else None
            for document in documents
        }

    async def _read_notes(self, documents: Sequence[FiscalDocument]) -> Mapping[DocumentId, Sequence[FiscalDocument]]:
        notes: dict[DocumentId, list[FiscalDocument]] = {document.document_id: [] for document in documents}
        async with self.reading:
            found = await self.operations.documents.notes_of(self.caller.tenant_id, tuple(notes))
        for note in found:
            if note.parent_id is not None:
                notes[note.parent_id].append(note)
        return notes

    @property
    def actor(self) -> str:
        """How events name this caller."""
        return f"caller:{self.caller.key_id}"


Info = GraphQLResolveInfo[RequestContext]
