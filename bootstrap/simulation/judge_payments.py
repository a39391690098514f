"""The payments of a world: none lost, none doubled, and the sums to the cent, by what the tills were told."""

from collections import defaultdict
from decimal import Decimal

from adapters.persistence.stores import Stores
from bootstrap.simulation.callers import Callers
from bootstrap.simulation.till import ALREADY, Slip
from bootstrap.simulation.world import World
from core.documents import FiscalDocument
from core.events import EventKind
from core.identifiers import DocumentId
from core.payments import RecordedPayment
from core.use_cases.read_standings import ReadStandings


async def judge_payments(world: World, stores: Stores, callers: Callers, documents: list[FiscalDocument]) -> None:
    """Accuse whatever does not hold."""
    asked: defaultdict[str, dict[str, Slip]] = defaultdict(dict)
    for key, slip in callers.later.till.slips.items():
        asked[slip.document_id][key] = slip
    standings = ReadStandings(stores.payments, stores.documents, world.clock)
    for document in documents:
        slips = asked.pop(document.document_id, {})
        if not slips:
            continue
        whose = [DocumentId(document.document_id)]
        rows = (await stores.payments.payments_of(document.tenant_id, whose))[document.document_id]
        _judge_rows(world, document, slips, list(rows))
        await _judge_timeline(world, stores, document, list(rows))
        standing = (await standings(document.tenant_id, [document]))[document.document_id]
        counted = sum((row.amount for row in rows if row.reversal is None), Decimal(0))
        if standing is None or standing.sums.payments != counted:
            world.witness.accuse("A34", f"the payments of {document.document_id} are not {counted} together")
    if world.plan.tail_loss is None:
        for document_id, slips in asked.items():
            if any(slip.is_recorded for slip in slips.values()):
                world.witness.accuse("A32", f"a payment of {document_id} was told, and the document is gone")


def _judge_rows(world: World, document: FiscalDocument, slips: dict[str, Slip], rows: list[RecordedPayment]) -> None:
    by_key: defaultdict[str | None, list[RecordedPayment]] = defaultdict(list)
    for row in rows:
        by_key[row.reference].append(row)
    for key, found in by_key.items():
        if key is None or key not in slips:
            world.witness.accuse("A34", f"{document.document_id} has a payment that nobody made: {key}")
        elif len(found) > 1:
            world.witness.accuse("A8", f"{key} was recorded {len(found)} times")
    for key, slip in slips.items():
        kept = next(iter(by_key[key]), None)
        told = {answer.made for answer in slip.recorded if answer.made is not None}
        if kept is None:
            if told and world.plan.tail_loss is None:
                world.witness.accuse("A32", f"{key} was told of {', '.join(sorted(told))}, which is gone")
            continue
        _judge_row(world, key, slip, kept, told)


def _judge_row(world: World, key: str, slip: Slip, row: RecordedPayment, told: set[str]) -> None:
    is_whole = world.plan.tail_loss is None  # what came after the copy is lost with it, and may be asked for again
    if row.amount != Decimal(slip.cents) / 100:
        world.witness.accuse("A34", f"{key} is of {row.amount}, and {slip.cents} cents were paid")
    if is_whole and told != {row.payment_id}:
        world.witness.accuse("A8", f"{key} was told of {', '.join(sorted(told)) or 'nothing'}, and is {row.payment_id}")
    if row.reversal is not None and not slip.reversals:
        world.witness.accuse("A34", f"{key} was reversed, and nobody asked for it")
    if row.reversal is None and slip.is_reversed and is_whole:
        world.witness.accuse("A32", f"{key} was told to be reversed, and counts")
    reversed_to = sum(answer.made is not None for answer in slip.reversals)
    wrong = [answer.refusal for answer in slip.reversals if answer.refusal not in (None, ALREADY)]
    if is_whole and slip.reversals and (reversed_to != 1 or wrong):
        world.witness.accuse("A8", f"{key} was reversed for {reversed_to} of its askers, and refused {wrong}")


async def _judge_timeline(world: World, stores: Stores, document: FiscalDocument, rows: list[RecordedPayment]) -> None:
    """A payment and its event are one, and nothing is paid for what is void."""
    events = [one.event for one in await stores.journal.events(document.tenant_id, document.document_id)]
    recorded = [event.facts["payment"] for event in events if event.kind is EventKind.PAYMENT_RECORDED]
    taken_back = [event.facts["payment"] for event in events if event.kind is EventKind.PAYMENT_REVERSED]
    if sorted(recorded) != sorted(row.payment_id for row in rows):
        world.witness.accuse("A32", f"the timeline of {document.document_id} names other payments than it has")
    if sorted(taken_back) != sorted(row.payment_id for row in rows if row.reversal is not None):
        world.witness.accuse("A32", f"the timeline of {document.document_id} names other reversals than it has")
    kinds = [event.kind for event in events]
    if EventKind.VOIDED in kinds and EventKind.PAYMENT_RECORDED in kinds[kinds.index(EventKind.VOIDED) :]:
        world.witness.accuse("A25", f"{document.document_id} was paid for after it was void")
