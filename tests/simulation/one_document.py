"""One document, one plan of faults drawn before the run, and what must be true at the end whatever happened."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.progression import DGI_AUTHORIZED
from core.documents import FiscalDocument, LegalStatus, Submission
from core.events import EventKind
from core.lifecycle.sending import AnswerRules
from core.lifecycle.siblings import TWICE
from core.ports.document_repository import DocumentFilter
from core.tenants import DoubtPolicy
from tests.world import WEBHOOK_SECRET, Shop, World

CRASHES = ("before_claim", "after_claim_before_send", "after_answer_before_record", "after_record")
FAULTS = (
    FaultKind.DROP_BEFORE,
    FaultKind.ERROR_503_BEFORE,
    FaultKind.UNAUTHORIZED_401,
    FaultKind.THROTTLED_429,
    FaultKind.DROP_AFTER_ACCEPT,
    FaultKind.ERROR_500_AFTER_ACCEPT,
    FaultKind.TIME_OUT_THEN_ACCEPT_LATE,
    FaultKind.TRUNCATE_BODY,
    FaultKind.HTML_200,
    FaultKind.NO_ID_200,
    FaultKind.PROXY_REPEATS_POST,
)
Trouble = FaultKind | str  # a fault of the PAC, or the name of a crash point
TROUBLES: tuple[Trouble, ...] = (*FAULTS, *CRASHES)
MOST_TURNS = 120


class SimulatedCrashError(Exception):
    """The process ends here; only what is stored is left."""


@dataclass(frozen=True)
class Plan:
    """``troubles[n]`` strikes the n-th attempt to submit; later attempts go well."""

    troubles: tuple[Trouble, ...]
    policy: DoubtPolicy
    duplicate: DuplicateAnswer
    webhooks_arrive: bool
    unrecognised_is_doubt: bool = False  # the setting of AnswerRules

    @property
    def may_be_refused_wrongly(self) -> bool:
        """The one known hole, closed by the setting: something between us and the PAC repeats the POST, the PAC
        refuses the repetition with a code that no table knows, and no webhook ever tells."""
        return (
            FaultKind.PROXY_REPEATS_POST in self.troubles
            and self.duplicate is DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE
            and not self.webhooks_arrive
            and not self.unrecognised_is_doubt
        )


def run(plan: Plan, fired: Counter[Trouble]) -> bool:
    """Live the plan to its end and judge it. Raises AssertionError naming what broke.

    Returns whether a further trouble could have struck. Without a proxy that repeats there are never more POSTs than
    attempts, so where attempts ended with the plan, every longer plan that begins with it is this one again.
    """
    return asyncio.run(_run(plan, fired))


async def _run(plan: Plan, fired: Counter[Trouble]) -> bool:
    world = World(rules=AnswerRules(unrecognised_is_doubt=plan.unrecognised_is_doubt))
    world.engine.behave(duplicate_answer=plan.duplicate, whole_pdf=False)
    shop = await world.open_shop()
    await world.stores.directory.set_doubt_policy(shop.tenant.tenant_id, plan.policy)
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=plan.webhooks_arrive)
    attempts = _plant(world, plan, fired)
    with suppress(SimulatedCrashError):  # the caller lost the connection
        await world.invoice(shop, await world.an_order(shop), "sale")
    await _live(world, shop)
    fired.update(world.engine.faults_fired)
    documents = (
        await world.stores.documents.page(shop.tenant.tenant_id, DocumentFilter(), limit=10, after=None)
    ).documents
    assert len(documents) == 1, "one intent, one document (I1)"
    await _judge(world, documents[0], plan)
    return attempts.total() > len(plan.troubles) or FaultKind.PROXY_REPEATS_POST in plan.troubles


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


async def _live(world: World, shop: Shop) -> None:
    """From due time to due time, for two days, with every webhook that is sent delivered."""
    end = world.clock.now().timestamp() + 48 * 3600
    for _ in range(MOST_TURNS):
        for webhook in world.engine.take_due_webhooks():
            await world.receive_webhook(
                webhook.company_id, signature=WEBHOOK_SECRET.encode(), user_id=None, body=webhook.body
            )
        await world.queue.drain(world.run_due_work.handle)
        await world.run_due_work()
        wait = await _until_next(world, shop)
        if wait is None or world.clock.now().timestamp() > end:
            return
        world.wait(seconds=wait)
    raise AssertionError("the document never came to rest (A17)")


async def _until_next(world: World, shop: Shop) -> float | None:
    page = await world.stores.documents.page(shop.tenant.tenant_id, DocumentFilter(), limit=10, after=None)
    moments = [document.next_action_at for document in page.documents if document.next_action_at is not None]
    due = world.engine.next_due_at()
    moments += [due] if due is not None else []
    if not moments:
        return None
    return max(0.5, (min(moments) - world.clock.now()).total_seconds())


async def _judge(world: World, document: FiscalDocument, plan: Plan) -> None:
    at_pac = [held for held in world.engine.documents if held.cufe == document.expected_cufe]
    authorised = [held for held in at_pac if held.legal_status == DGI_AUTHORIZED]
    repeats = FaultKind.PROXY_REPEATS_POST in plan.troubles
    may_double = plan.duplicate is DuplicateAnswer.ACCEPTED_TWICE and (repeats or plan.policy is DoubtPolicy.RESEND)
    most = 1 + world.schedules.resends_max + plan.troubles.count(FaultKind.PROXY_REPEATS_POST) if may_double else 1
    assert len(authorised) <= most, "never two authorised documents for one intent (I3)"
    numbers = {held.numeration for held in world.engine.documents}
    assert len(numbers) <= 1, "never a second number for one intent (A3)"
    if document.submission is Submission.REFUSED:
        assert not authorised or plan.may_be_refused_wrongly, "nothing authorised at the PAC is refused here (A6)"
    if document.submission is Submission.ACCEPTED and document.legal_status is LegalStatus.DGI_AUTHORIZED:
        assert document.pac_document_id in {held.id for held in authorised}
        assert len(document.files) == 2, "authorised, so its files lie here (A19)"
    else:
        assert document.submission in (Submission.QUARANTINED, Submission.REFUSED), (
            f"{document.submission} {document.legal_status} is no end"
        )
    if authorised and plan.webhooks_arrive:
        assert document.legal_status is LegalStatus.DGI_AUTHORIZED, "a webhook told of it: it is known here (A5)"
    if not plan.troubles:
        assert document.legal_status is LegalStatus.DGI_AUTHORIZED
    if len(authorised) > 1 and plan.webhooks_arrive:
        events = await world.stores.journal.events(document.tenant_id, document.document_id)
        alarms = {chained.event.facts.get("about") for chained in events if chained.event.kind is EventKind.ALARM}
        assert alarms & {TWICE, "second_id_at_pac"}, "two ids for one number are noticed"
