"""Counts at the PAC: what it holds, and what we know of it."""

import json
from collections import Counter, defaultdict

from adapters.alanube.fake.behaviour import UNKNOWN_CODE_FORMS, DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind
from adapters.alanube.fake.progression import DGI_AUTHORIZED
from adapters.alanube.fake.records import FakeDocument
from adapters.persistence.stores import Stores
from bootstrap.simulation.plans import WorldPlan
from bootstrap.simulation.wishes import Shop
from bootstrap.simulation.world import World
from core.documents import FiscalDocument, LegalStatus, Submission
from core.events import EventKind

Number = tuple[str, str, str, str, str]  # company, branch, type, billing point, number
NOTICED = frozenset({"pac_accepted_number_twice", "second_id_at_pac", "rejected_and_authorised_under_another_id"})


async def judge_the_pac(world: World, stores: Stores, shops: list[Shop], documents: list[FiscalDocument]) -> None:
    """Nothing authorised there that we do not have, and never two authorised documents for one intent."""
    at_pac: defaultdict[str, list[FakeDocument]] = defaultdict(list)
    for one in world.engine.documents:
        if one.cufe is not None:
            at_pac[one.cufe].append(one)
    _judge_numbers(world)
    _judge_keys(world, documents)
    told = _told_by_webhooks(world)
    companies = {shop.tenant_id: shop.company_id for shop in shops}
    for document in documents:
        held = at_pac.pop(document.expected_cufe, [])
        is_told = any(one.id in told for one in held if one.legal_status == DGI_AUTHORIZED)
        await _judge_document(world, stores, document, held, is_told=is_told)
        if any(one.company_id != companies[document.tenant_id] for one in held):
            world.witness.accuse("A27", f"{document.document_id} lies at another company of the PAC")
    for cufe, held in at_pac.items():
        if cufe not in world.lost_cufes:
            world.witness.accuse("A5", f"the PAC holds {held[0].id} with the CUFE {cufe}, which nobody expects")


def _judge_numbers(world: World) -> None:
    owners: defaultdict[Number, set[str]] = defaultdict(set)
    authorised: Counter[Number] = Counter()
    for held in world.engine.documents:
        number = (held.company_id, held.office_code, held.document_type, held.billing_point, held.numeration)
        if held.cufe is not None:
            owners[number].add(held.cufe)
        authorised[number] += held.legal_status == DGI_AUTHORIZED
    for number, cufes in owners.items():
        if len(cufes) > 1:
            world.witness.accuse("A36", f"number {number} was given to {len(cufes)} documents")
    may_double = world.plan.duplicate is DuplicateAnswer.ACCEPTED_TWICE
    for number, count in authorised.items():
        if count > 1 and not may_double:
            world.witness.accuse("A2", f"number {number} is authorised {count} times at the PAC")


def _judge_keys(world: World, documents: list[FiscalDocument]) -> None:
    """Whatever the database has forgotten: what one key issued is authorised once."""
    owners = dict(world.lost_cufes)
    owners |= {one.expected_cufe: (one.tenant_id, one.idempotency_key) for one in documents}
    authorised: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for held in world.engine.documents:
        if held.legal_status == DGI_AUTHORIZED and held.cufe in owners:
            authorised[owners[held.cufe]].add(held.cufe)
    for (_, key), cufes in authorised.items():
        if len(cufes) > 1:
            world.witness.accuse("A1", f"{key} has {len(cufes)} authorised documents at the PAC")


def _told_by_webhooks(world: World) -> set[str]:
    """The ids that a webhook named which we answered with 200."""
    return {json.loads(body)["id"] for _, body in world.courier.accepted}


async def _judge_document(
    world: World, stores: Stores, document: FiscalDocument, held: list[FakeDocument], *, is_told: bool
) -> None:
    name = f"{document.document_id} ({document.idempotency_key})"
    authorised = [one for one in held if one.legal_status == DGI_AUTHORIZED]
    body = await stores.journal.body(document.tenant_id, document.document_id)
    if any(one.raw != body for one in held):
        world.witness.accuse("A7", f"the PAC has other bytes of {name} than were recorded")
    if any(one.total != document.totals.total for one in held):
        world.witness.accuse("A34", f"the PAC counts another total for {name}")
    if (
        document.submission is Submission.REFUSED
        and authorised
        and not _is_known_hole(world, document, is_told=is_told)
    ):
        world.witness.accuse("A6", f"{name} is REFUSED here and authorised at the PAC")
    if document.standing_status is LegalStatus.DGI_AUTHORIZED:
        if document.standing_id not in {one.id for one in authorised}:
            world.witness.accuse("A15", f"{name} is authorised here under an id that the PAC did not authorise")
        return
    if not authorised:
        return
    if document.submission is Submission.ACCEPTED:
        world.witness.accuse("A5", f"{name} is authorised at the PAC and {document.legal_status.value} here")
    elif is_told and world.plan.tail_loss is None:
        world.witness.accuse("A5", f"a webhook told of {name}, authorised at the PAC; here {document.submission.value}")
    elif document.submission is not Submission.QUARANTINED and not _is_known_hole(world, document, is_told=is_told):
        world.witness.accuse("A5", f"{name} is authorised at the PAC and {document.submission.value} here")
    if len(authorised) > 1 and is_told:
        await _judge_doubled(world, stores, document)


async def _judge_doubled(world: World, stores: Stores, document: FiscalDocument) -> None:
    events = await stores.journal.events(document.tenant_id, document.document_id)
    alarms = {chained.event.facts.get("about") for chained in events if chained.event.kind is EventKind.ALARM}
    if not alarms & NOTICED:
        world.witness.accuse("I3", f"the PAC holds {document.document_id} twice and nobody noticed")


def _is_known_hole(world: World, document: FiscalDocument, *, is_told: bool) -> bool:
    """A proxy repeats the POST, the PAC refuses the repetition with a code that no table knows, no webhook ever comes:
    the setting `unrecognised_is_doubt` closes it."""
    is_unrecognised = document.refusal is not None and not document.refusal.is_recognised
    return not is_told and is_unrecognised and may_be_refused_and_valid(world.plan)


def may_be_refused_and_valid(plan: WorldPlan) -> bool:
    """Whether the known hole is open in this world at all."""
    return (
        not plan.unrecognised_is_doubt
        and plan.duplicate in UNKNOWN_CODE_FORMS
        and any(fault.kind is FaultKind.PROXY_REPEATS_POST for fault in plan.pac_faults)
    )
