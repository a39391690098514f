"""One document lives through one plan, and what must be true is asked after every turn and at the end."""

import asyncio
import json
from collections import Counter
from contextlib import suppress

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.progression import DGI_AUTHORIZED
from adapters.alanube.fake.records import DueWebhook
from adapters.persistence.in_memory_state import InMemoryStore
from adapters.persistence.in_memory_store import in_memory_stores
from core.documents import FiscalDocument, Submission
from core.failures import OrderAlreadyInvoicedError
from core.lifecycle.sending import AnswerRules
from core.ports.job_queue import Job, JobKind
from core.tenants import DoubtPolicy
from core.trade import Order
from tests.shop import WEBHOOK_SECRET, Shop
from tests.simulation.one_document_oracle import OneDocumentOracle
from tests.simulation.small_plan import CRASHES, Meanwhile, Plan, Trouble
from tests.world import World

MOST_TURNS = 120
UNRESOLVED = (Submission.IN_DOUBT, Submission.QUARANTINED)


class SimulatedCrashError(Exception):
    """The process ends here; only what is stored is left."""


def run(plan: Plan, fired: Counter[Trouble]) -> bool:
    """Live the plan to its end and judge it. Raises AssertionError naming what broke.

    Returns whether a further trouble could have struck. Without a proxy that repeats there are never more POSTs than
    attempts, so where attempts ended with the plan, every longer plan that begins with it is this one again.
    """
    return asyncio.run(_OneDocument(plan).live(fired))


class _OneDocument:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        memory = InMemoryStore()
        self._world = World(
            stores=in_memory_stores(memory), rules=AnswerRules(unrecognised_is_doubt=plan.unrecognised_is_doubt)
        )
        self._oracle = OneDocumentOracle(self._world, memory, plan)
        self._asked_anew = False
        self._is_meanwhile_over = False
        self._webhooks: list[DueWebhook] = []

    async def live(self, fired: Counter[Trouble]) -> bool:
        world, plan = self._world, self._plan
        world.engine.behave(duplicate_answer=plan.duplicate, whole_pdf=False)
        shop = await world.open_shop()
        await world.stores.directory.set_doubt_policy(shop.tenant.tenant_id, plan.policy)
        world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=plan.webhooks_arrive)
        attempts = _plant(world, plan, fired)
        order = await world.an_order(shop)
        with suppress(SimulatedCrashError):  # the caller lost the connection
            await world.invoice(shop, order, "sale")
        await self._until_it_rests(shop, order)
        fired.update(world.engine.faults_fired)
        self._oracle.at_the_end()
        return attempts.total() > len(plan.troubles) or FaultKind.PROXY_REPEATS_POST in plan.troubles

    async def _until_it_rests(self, shop: Shop, order: Order) -> None:
        """From due time to due time, for two days, with every webhook that is sent delivered, and none of them true."""
        world = self._world
        end = world.clock.now().timestamp() + 48 * 3600
        for _ in range(MOST_TURNS):
            self._webhooks += world.engine.take_due_webhooks()
            if self._plan.meanwhile is not Meanwhile.WEBHOOK_ARRIVES:
                await self._deliver()
            await world.queue.drain(world.run_due_work.handle)
            await world.run_due_work()
            document = self._oracle.after_turn()
            if document.submission in UNRESOLVED and not self._asked_anew:
                await self._bill_anew(shop, order)
            if document.submission is Submission.QUEUED and document.maybe_executed and not self._is_meanwhile_over:
                await self._meanwhile(document)
                document = self._oracle.after_turn()
            wait = _until_next(world, document)
            if wait is None or world.clock.now().timestamp() + wait > end:
                return
            world.wait(seconds=wait)
        raise AssertionError("the document never came to rest (A17)")

    async def _deliver(self) -> None:
        for webhook in self._webhooks:
            body = untrue(webhook.body)
            await self._world.receive_webhook(
                webhook.company_id, signature=WEBHOOK_SECRET.encode(), user_id=None, body=body
            )
            self._oracle.take_webhook(body)
        self._webhooks = []

    async def _meanwhile(self, document: FiscalDocument) -> None:
        """A repetition is decided and has not left: from now on none may, if something speaks against it."""
        world, meanwhile = self._world, self._plan.meanwhile
        if meanwhile is Meanwhile.POLICY_FALLS_TO_PARK:
            await world.stores.directory.set_doubt_policy(document.tenant_id, DoubtPolicy.PARK)
        elif meanwhile is Meanwhile.NOTHING or not self._webhooks:
            return
        self._is_meanwhile_over = True
        self._oracle.let_nothing_leave()
        await self._deliver()
        world.queue.lose_everything()
        ring = Job(kind=JobKind.SUBMIT, tenant_id=document.tenant_id, subject_id=document.document_id)
        with suppress(SimulatedCrashError):
            await world.run_due_work.handle(ring)

    async def _bill_anew(self, shop: Shop, order: Order) -> None:
        """A caller asks again with its key; one that lost its key, or its patience, bills the order once more."""
        self._asked_anew = True
        try:
            document = await self._world.invoice(shop, order, "sale")
        except OrderAlreadyInvoicedError as error:
            raise AssertionError("the same intent is the same document (A8)") from error
        assert document == self._oracle.after_turn(), "the same intent is the same document (A8)"
        with suppress(OrderAlreadyInvoicedError, SimulatedCrashError):
            await self._world.invoice(shop, order, "the sale once more")
        self._oracle.after_turn()


def untrue(webhook: bytes) -> bytes:
    """The same webhook with a status that is not so: whoever believes it is wrong."""
    told = json.loads(webhook)
    lie = "DGI_REJECTED" if told["legalStatus"] == DGI_AUTHORIZED else DGI_AUTHORIZED
    return json.dumps({**told, "legalStatus": lie}).encode()


def _plant(world: World, plan: Plan, fired: Counter[Trouble]) -> Counter[Trouble | None]:
    """Faults by the number of the POST at the PAC, crashes by the number of the attempt. Returns what every attempt
    was given to meet, counted while the plan runs."""
    posts = [trouble for trouble in plan.troubles if trouble not in CRASHES or trouble in CRASHES[2:]]
    rules = tuple(
        FaultRule(kind=trouble, nth=frozenset({place}))
        for place, trouble in enumerate(posts, start=1)
        if isinstance(trouble, FaultKind)
    )
    world.engine.set_faults(FaultPlan(rules=rules))
    attempts = iter(plan.troubles)
    current: list[Trouble | None] = [None]
    met: Counter[Trouble | None] = Counter()

    def crashpoint(name: str) -> None:
        if name == "before_claim":
            current[0] = next(attempts, None)
            met[current[0]] += 1
        if current[0] == name:
            fired[name] += 1
            raise SimulatedCrashError(name)

    world.crashpoint = crashpoint
    return met


def _until_next(world: World, document: FiscalDocument) -> float | None:
    moments = [moment for moment in (document.next_action_at, world.engine.next_due_at()) if moment is not None]
    return max(0.5, (min(moments) - world.clock.now()).total_seconds()) if moments else None
