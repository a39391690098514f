"""What the resolvers of one request share."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import GraphQLResolveInfo

from adapters.graphql.language import Language
from adapters.graphql.operations import GraphqlOperations
from adapters.graphql.request_failures import QueryLimitExceededError
from adapters.graphql.settings import GraphqlSettings
from adapters.graphql.standings_at_once import StandingsAtOnce
from core.circuits import Circuit
from core.documents import FiscalDocument
from core.errors import Wording
from core.identifiers import DocumentId
from core.standing import Standing
from core.tenants import Caller

_ROWS = Wording("the lines, events and other rows that it shows", "las líneas, eventos y demás filas que muestra")


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
    standings: StandingsAtOnce = field(init=False)
    seen_circuit: list[Circuit] = field(init=False, default_factory=list)
    seeing_circuit: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        """Start the budgets of this request."""
        object.__setattr__(self, "rows", RowBudget(self.settings.rows_max))
        object.__setattr__(self, "reading", asyncio.Semaphore(self.settings.reads_in_flight_max))
        object.__setattr__(self, "standings", StandingsAtOnce(self._read_standings))

    async def circuit(self) -> Circuit:
        """The tenant's circuit, read once for all documents of the request. Raises StoreUnavailableError."""
        async with self.seeing_circuit:
            if not self.seen_circuit:
                self.seen_circuit.append(await self.operations.diagnose.circuit(self.caller.tenant_id))
        return self.seen_circuit[0]

    async def _read_standings(self, documents: Sequence[FiscalDocument]) -> Mapping[DocumentId, Standing | None]:
        async with self.reading:
            return await self.operations.read_standings(self.caller.tenant_id, documents)

    @property
    def actor(self) -> str:
        """How events name this caller."""
        return f"caller:{self.caller.key_id}"


Info = GraphQLResolveInfo[RequestContext]
