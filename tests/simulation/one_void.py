"""One authorised document is voided under one plan; what must be true is asked after every turn, and at the PAC."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from adapters.alanube.fake.behaviour import RepeatedVoid
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.records import Exchange, FakeDocument
from adapters.persistence.in_memory_state import InMemoryStore, StoredDocument
from adapters.persistence.in_memory_store import in_memory_stores
from core.circuits import Circuit
from core.diagnosis import OperatorAction, diagnose
from core.documents import FiscalDocument, LegalStatus
from core.events import EventKind, ExchangeKind
from core.failures import VoidStandsError
from core.invariants.faults import Severity
from core.invariants.findings import Finding
from core.invariants.states import Lateness, check_due_time, check_state
from core.invariants.timelines import check_timeline
from core.invariants.voids import check_void
from core.lifecycle.sending import AnswerRules
from core.voids import VoidState
from tests.unit.voids.voidable import DELETE, Voidable, a_voidable, void_of
from tests.world import World

CRASHES = (
    "before_void_claim",
    "after_void_claim_before_delete",
    "after_void_answer_before_record",
    "after_void_record",
)
FAULTS = (
    FaultKind.DROP_BEFORE,
    FaultKind.ERROR_503_BEFORE,
    FaultKind.UNAUTHORIZED_401,
    FaultKind.THROTTLED_429,
    FaultKind.NOT_FOUND_404,
    FaultKind.DROP_AFTER_ACCEPT,
    FaultKind.ERROR_500_AFTER_ACCEPT,
    FaultKind.TIME_OUT_THEN_ACCEPT_LATE,
    FaultKind.TRUNCATE_BODY,
    FaultKind.HTML_200,
    FaultKind.INNER_ERROR_200,
    FaultKind.PROXY_REPEATS_POST,
)
Trouble = FaultKind | str  # a fault of the PAC, or the name of a crash point
TROUBLES: tuple[Trouble, ...] = (*FAULTS, *CRASHES)
PROVES_NOTHING_HAPPENED = frozenset(
    {FaultKind.DROP_BEFORE.value, FaultKind.UNAUTHORIZED_401.value, FaultKind.THROTTLED_429.value}
)
GRACE = timedelta(seconds=90)  # a crash postpones the document by a minute
MOST_TURNS = 80
DAYS = 3


@dataclass(frozen=True)
class Plan:
    """``troubles[n]`` strikes the n-th attempt to void; later attempts go well. ``blind_reads``: every GET is a 404."""

    troubles: tuple[Trouble, ...]
    repeated: RepeatedVoid
    shows_void: bool = False
    blind_reads: bool = False
    window_closes: bool = False  # right after the first DELETE that reaches the PAC
    window_first: bool = False  # and is then all that the PAC says, also of what is void already
    unrecognised_is_doubt: bool = False

    @property
    def may_fail_wrongly(self) -> bool:
        """The one known hole: something between us and the PAC repeats the DELETE, and the PAC refuses the repetition
        with a code that no table knows (closed by the setting) or with a 404."""
        if FaultKind.PROXY_REPEATS_POST not in self.troubles:
            return False
        is_unknown = self.repeated is RepeatedVoid.REFUSED_UNKNOWN_CODE and not self.unrecognised_is_doubt
        return is_unknown or FaultKind.NOT_FOUND_404 in self.troubles


class SimulatedCrashError(Exception):
    """The process ends here; only what is stored is left."""


def run(plan: Plan, fired: Counter[Trouble]) -> bool:
    """Live the plan to its end and judge it; whether a further trouble could have struck. Raises AssertionError."""
    return asyncio.run(_OneVoid(plan).live(fired))


class _OneVoid:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._memory = InMemoryStore()
        self._world = World(
            stores=in_memory_stores(self._memory), rules=AnswerRules(unrecognised_is_doubt=plan.unrecognised_is_doubt)
        )
        self._event_at_pac: str | None = None
        self._settled: VoidState | None = None

    async def live(self, fired: Counter[Trouble]) -> bool:
        world, plan = self._world, self._plan
        shop = await a_voidable(world)
        invoice = await shop.invoice()
        world.engine.behave(
            repeated_void=plan.repeated, void_in_view=plan.shows_void, void_window_first=plan.window_first
        )
        met = self._plant(fired)
        with suppress(SimulatedCrashError):  # the caller lost the connection
            await shop.ask(invoice)
        await self._until_it_rests(shop, invoice)
        fired.update(world.engine.faults_fired)
        self._at_the_end(shop, invoice)
        return met.total() > len(plan.troubles) or FaultKind.PROXY_REPEATS_POST in plan.troubles

    def _plant(self, fired: Counter[Trouble]) -> Counter[Trouble | None]:
        plan, world = self._plan, self._world
        deletes = [trouble for trouble in plan.troubles if trouble not in CRASHES[:2]]
        rules = [
            FaultRule(kind=trouble, match=DELETE, nth=frozenset({place}))
            for place, trouble in enumerate(deletes, start=1)
            if isinstance(trouble, FaultKind)
        ]
        if plan.blind_reads:
            rules.append(FaultRule(kind=FaultKind.NOT_FOUND_404))
        world.engine.set_faults(FaultPlan(rules=tuple(rules)))
        attempts = iter(plan.troubles)
        current: list[Trouble | None] = [None]
        met: Counter[Trouble | None] = Counter()

        def crashpoint(name: str) -> None:
            if name == "before_void_claim":
                current[0] = next(attempts, None)
                met[current[0]] += 1
            if current[0] == name:
                fired[name] += 1
                raise SimulatedCrashError(name)

        world.crashpoint = crashpoint
        return met

    async def _until_it_rests(self, shop: Voidable, invoice: FiscalDocument) -> None:
        world = self._world
        end = world.clock.now() + timedelta(days=DAYS)
        for _ in range(MOST_TURNS):
            world.engine.take_due_webhooks()  # of the issue: none of them is about a void
            await world.queue.drain(world.run_due_work.handle)
            await world.run_due_work()
            if self._plan.window_closes and shop.deletes:
                world.engine.behave(void_window=timedelta(0))
            document = self._after_turn(shop)
            if void_of(document).stands:
                with suppress(VoidStandsError):
                    await shop.ask(invoice, "the void once more")
                    raise AssertionError("a standing void gets no second one (B70)")
            moments = [at for at in (document.next_action_at, world.engine.next_due_at()) if at is not None]
            if not moments or world.clock.now() > end:
                return
            world.wait(seconds=max(0.5, (min(moments) - world.clock.now()).total_seconds()))
        raise AssertionError("the void never came to rest (A21)")

    def _stored(self) -> StoredDocument:
        return next(iter(self._memory.documents.values()))

    def _after_turn(self, shop: Voidable) -> FiscalDocument:
        stored, now = self._stored(), self._world.clock.now()
        document, events = stored.document, tuple(stored.events)
        _nothing_found(check_state(document))
        _nothing_found(check_due_time(document, Lateness(now=now, grace=GRACE)))
        _nothing_found(check_timeline(document, events, len(events)))
        _nothing_found(check_void(document, events, now=now))
        assert document.legal_status is LegalStatus.DGI_AUTHORIZED, "a void leaves the legal status alone (A11)"
        state = void_of(document).state
        if self._settled is VoidState.VOIDED:
            assert state is VoidState.VOIDED, "VOIDED never goes back (A23)"
        if not void_of(document).is_open:
            self._settled = state
        at_pac = shop.at_pac(document)
        assert self._event_at_pac in (None, at_pac.void_event_id), "never two void events (A23)"
        self._event_at_pac = at_pac.void_event_id
        return document

    def _at_the_end(self, shop: Voidable, invoice: FiscalDocument) -> None:
        stored, plan = self._stored(), self._plan
        document, at_pac = stored.document, shop.at_pac(invoice)
        void = void_of(document)
        _agrees(plan, void.state, at_pac)
        if void.state is VoidState.IN_DOUBT:
            assert plan.window_closes or plan.repeated is RepeatedVoid.REFUSED_UNKNOWN_CODE, "doubt ends (A21)"
            assert document.next_action_at is not None, "a void in doubt is asked for again (A21)"
            shown = diagnose(
                document,
                Circuit(tenant_id=document.tenant_id),
                now=self._world.clock.now(),
                schedules=self._world.schedules,
            )
            assert shown.is_overdue, "a void in doubt is visible (A21)"
            assert OperatorAction.CONFIRM_VOIDED in shown.actions, "and a person can decide it (A21)"
            alarms = {one.event.facts.get("about") for one in stored.events if one.event.kind is EventKind.ALARM}
            assert "void_in_doubt_past_deadline" in alarms, "people are told of it (A21)"
        else:
            assert document.next_action_at is None, "nothing is left to do (A17)"
        if not plan.troubles:
            assert void.state is VoidState.VOIDED, "without trouble it is void (A21)"
        self._was_deleted_by_the_rules(stored, shop.deletes)

    def _was_deleted_by_the_rules(self, stored: StoredDocument, deletes: list[Exchange]) -> None:
        came_in = [one for one in deletes if "accepted_late" not in one.answer.faults]
        sent = [one.event.at for one in stored.events if one.event.kind is EventKind.VOID_SENDING]
        for rank, delete in enumerate(came_in, start=1):
            assert sum(at <= delete.at for at in sent) >= rank, "no DELETE without an older durable record (A9)"
        assert len({hashlib.sha256(one.request.body).hexdigest() for one in came_in}) <= 1, "the same bytes (I5)"
        for earlier, later in pairwise(came_in):
            waited = (later.at - earlier.at).total_seconds()
            is_certain = not PROVES_NOTHING_HAPPENED.isdisjoint(earlier.answer.faults)
            assert is_certain or waited >= self._world.schedules.settling, "no repetition before it settled (A10)"
        kept = [one for one in stored.exchanges if one.kind in (ExchangeKind.VOID_REQUEST, ExchangeKind.VOID)]
        requests = [one.body for one in kept if one.kind is ExchangeKind.VOID_REQUEST]
        assert len(requests) == len(sent), "what was about to leave is kept with its claim (step 4)"
        assert {one.request.body for one in came_in} <= set(requests), "and is what left (I5)"
        answered = {one.answer.body or b"" for one in deletes}
        answers = {one.body for one in kept if one.kind is ExchangeKind.VOID and one.status is not None}
        assert answers <= answered, "a raw answer is kept whole and never encoded anew (step 4)"
        settled = [one.event.at for one in stored.events if one.event.kind in (EventKind.VOIDED, EventKind.VOID_FAILED)]
        if settled:
            assert all(one.at <= settled[0] for one in came_in), "nothing is sent after it was settled (A23)"


def _agrees(plan: Plan, state: VoidState, at_pac: FakeDocument) -> None:
    is_void_there = at_pac.voided_at is not None
    if state is VoidState.VOIDED:
        assert is_void_there, "VOIDED here, so voided at the PAC (A23)"
    if is_void_there and not plan.may_fail_wrongly:
        assert state is not VoidState.FAILED, "voided at the PAC, so not failed here (A23)"
    assert state is not VoidState.REQUESTED, "a void that was asked for is settled or in doubt (A21)"


def _nothing_found(found: Iterable[Finding]) -> None:
    for finding in found:
        if finding.fault.severity is Severity.BROKEN:
            raise AssertionError(f"{finding.fault.value}: {finding.detail} ({finding.fault.invariant})")
