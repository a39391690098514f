"""After a restore: what left for the PAC is held against what the database knows."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from core.departures import Departure, LogPage, LogReach, VoidDeparture
from core.documents import Change, DocumentMode, FiscalDocument, SeriesKey
from core.events import Event, EventKind
from core.identifiers import DocumentId, TenantId
from core.lifecycle.recovering import ACTOR
from core.lost_documents import LostDocument
from core.ports.clock import Clock
from core.ports.departure_log import DepartureLog
from core.ports.document_repository import DocumentRepository
from core.ports.lost_documents import LostDocuments

NAMED_MAX = 100
FORGOTTEN_VOID = "void_sent_before_the_restore"


@dataclass(slots=True, kw_only=True)
class LostNumbers:
    """The lost numbers of one series, known before or new."""

    lowest: int
    highest: int
    count: int = 1

    def take(self, number: int) -> None:
        """One more."""
        self.lowest, self.highest = min(number, self.lowest), max(number, self.highest)
        self.count += 1


@dataclass(slots=True, kw_only=True)
class Recalled:
    """What was found. ``lost``: the first hundred that are new. ``of_strangers``: departures of taxpayers whom the
    database does not know, by taxpayer. ``voids`` were sent, and the database does not know that they were."""

    reach: LogReach
    new: int = 0
    lost: list[LostDocument] = field(default_factory=list)
    voids: list[tuple[TenantId, DocumentId]] = field(default_factory=list)
    damaged: int = 0
    of_strangers: Counter[TenantId] = field(default_factory=Counter)
    numbers: dict[tuple[TenantId, SeriesKey], LostNumbers] = field(default_factory=dict)


class RecallDepartures:
    """Keeps what the database does not know as lost documents, so that no repetition of a caller issues it again.

    A void that was sent and is not known is looked for at the PAC at once. Running it again repeats nothing.
    """

    def __init__(
        self, departures: DepartureLog, documents: DocumentRepository, lost: LostDocuments, clock: Clock
    ) -> None:
        self._departures = departures
        self._documents = documents
        self._lost = lost
        self._clock = clock

    async def __call__(self, tenants: Collection[TenantId]) -> Recalled:
        """``tenants``: those that the database knows. Raises StoreUnavailableError."""
        recalled = Recalled(reach=await self._departures.reach())
        async for page in self._departures.pages():
            recalled.damaged += page.damaged
            for tenant_id, of_tenant in _by_tenant(page):
                if tenant_id in tenants:
                    await self._hold_against(tenant_id, of_tenant, recalled)
                else:
                    recalled.of_strangers[tenant_id] += len(of_tenant)
        return recalled

    async def _hold_against(
        self, tenant_id: TenantId, departures: list[Departure | VoidDeparture], recalled: Recalled
    ) -> None:
        ids = sorted({departure.document_id for departure in departures})
        there = await self._documents.several(tenant_id, ids)
        known = {document.document_id: document for document in there if document.mode is DocumentMode.DGI}
        lost = {
            departure.document_id: LostDocument(departure=departure, noticed_at=self._clock.now())
            for departure in departures
            if isinstance(departure, Departure) and departure.document_id not in known
        }
        await self._keep(tenant_id, list(lost.values()), recalled)
        for departure in departures:
            if isinstance(departure, VoidDeparture) and departure.document_id in known:
                await self._look_for_void(departure, known, recalled)

    async def _keep(self, tenant_id: TenantId, lost: list[LostDocument], recalled: Recalled) -> None:
        if not lost:
            return
        new = await self._lost.add(tenant_id, lost)
        recalled.new += new
        if new:
            recalled.lost.extend(lost[: NAMED_MAX - len(recalled.lost)])
        for one in lost:
            key, number = (tenant_id, one.departure.series), one.departure.number
            if key in recalled.numbers:
                recalled.numbers[key].take(number)
            else:
                recalled.numbers[key] = LostNumbers(lowest=number, highest=number)

    async def _look_for_void(
        self, departure: VoidDeparture, known: Mapping[DocumentId, FiscalDocument], recalled: Recalled
    ) -> None:
        def look(current: FiscalDocument) -> Change | None:
            return look_for_void(current, departure, self._clock)

        before = known[departure.document_id]
        after = await self._documents.update(departure.tenant_id, departure.document_id, look)
        if after.version != before.version:
            recalled.voids.append((departure.tenant_id, departure.document_id))


def look_for_void(document: FiscalDocument, departure: VoidDeparture, clock: Clock) -> Change | None:
    """The document to be read at the PAC at once, with an alarm; None where its void is known."""
    void = document.void
    if void is not None and (void.stands or void.requested_at >= departure.at or document.updated_at >= departure.at):
        return None
    now = clock.now()
    event = Event(at=now, kind=EventKind.ALARM, actor=ACTOR, facts={"about": FORGOTTEN_VOID})
    return Change(document=replace(document, next_action_at=now), events=(event,))


def _by_tenant(page: LogPage) -> list[tuple[TenantId, list[Departure | VoidDeparture]]]:
    ordered = sorted(page.departures, key=lambda departure: departure.tenant_id)
    return [(tenant_id, list(some)) for tenant_id, some in groupby(ordered, key=lambda each: each.tenant_id)]
