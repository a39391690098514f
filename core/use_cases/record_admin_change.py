"""The one way through which a change of the installation goes: kept as asked, done, and kept as what came of it."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from core.administration import AdminEvent, AdminKind, AdminOutcome, plain_facts
from core.errors import Category, IstmoError
from core.events import NOTHING
from core.failures import StoreUnavailableError
from core.identifiers import TenantId
from core.ports.administration_journal import AdministrationJournal
from core.ports.clock import Clock

log = logging.getLogger(__name__)
Result = TypeVar("Result")

TENANT_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminChange:
    """Who is about to change what. ``facts`` hold no secret."""

    actor: str
    kind: AdminKind
    tenant_id: TenantId | None = None
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a change's result tells that was not known before it."""

    tenant_id: TenantId | None = None
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    is_change: bool = True


_NOTHING_SEEN = Seen()


class RecordAdminChange:
    """Nothing is changed that could not be kept as asked before. What came of it is kept as well as it can be: a
    change that was done is never taken back, nor its answer withheld, because the journal failed after it."""

    def __init__(self, journal: AdministrationJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def __call__(
        self,
        change: AdminChange,
        act: Callable[[], Awaitable[Result]],
        seen: Callable[[Result], Seen] = lambda _: _NOTHING_SEEN,
        notes: Mapping[str, str] = NOTHING,
    ) -> Result:
        """What ``act`` gives. ``notes``: facts that ``act`` fills in while it runs, kept whatever comes of it.

        Raises StoreUnavailableError, before anything was done, and what ``act`` raises.
        """
        asked = (await self._journal.append(self._event(change, AdminOutcome.ASKED, change.facts))).sequence
        try:
            result = await act()
        except IstmoError as error:
            is_unknown = error.category is Category.UNAVAILABLE
            outcome = AdminOutcome.UNKNOWN if is_unknown else AdminOutcome.REFUSED
            await self._settle(asked, self._event(change, outcome, {"code": error.code, **notes}, asked=asked))
            raise
        except BaseException:  # a bug, or a caller who left: nobody knows how far it came
            await self._settle(asked, self._event(change, AdminOutcome.UNKNOWN, notes, asked=asked))
            raise
        found = seen(result)
        outcome = AdminOutcome.DONE if found.is_change else AdminOutcome.UNCHANGED
        facts = {**change.facts, **notes, **found.facts}
        await self._settle(asked, self._event(change, outcome, facts, asked=asked, found=found))
        return result

    async def _settle(self, asked: int, event: AdminEvent) -> None:
        try:
            await self._journal.append(event)
        except StoreUnavailableError:
            log.exception("What came of the change of event %d could not be kept: %s", asked, event.outcome.value)

    def _event(
        self,
        change: AdminChange,
        outcome: AdminOutcome,
        facts: Mapping[str, str],
        *,
        asked: int | None = None,
        found: Seen = _NOTHING_SEEN,
    ) -> AdminEvent:
        tenant_id = found.tenant_id or change.tenant_id
        return AdminEvent(
            at=self._clock.now(),
            actor=change.actor,
            kind=change.kind,
            outcome=outcome,
            tenant_id=TenantId(tenant_id[:TENANT_MAX]) if tenant_id else None,
            asked=asked,
            subject=(found.subject or change.subject)[:TENANT_MAX],
            facts=plain_facts(facts),
        )
