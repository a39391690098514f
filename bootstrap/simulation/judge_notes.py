"""The notes of a world: credits never more than their invoice, no note beside a void, and none that was told is gone.

Counted at the PAC. A debit note charges besides and has lines of its own: it gives a credit note of the invoice no more
to take back.
"""

from collections import defaultdict
from decimal import Decimal

from adapters.alanube.fake.progression import DGI_AUTHORIZED
from bootstrap.simulation.callers import Callers
from bootstrap.simulation.world import World
from core.documents import FiscalDocument
from core.identifiers import DocumentId


def judge_notes(world: World, callers: Callers, documents: list[FiscalDocument]) -> None:
    """Accuse whatever does not hold."""
    authorised = {
        held.cufe: held.total
        for held in world.engine.documents
        if held.legal_status == DGI_AUTHORIZED and held.voided_at is None
    }
    void = {held.cufe for held in world.engine.documents if held.voided_at is not None}
    credited: defaultdict[DocumentId, Decimal] = defaultdict(Decimal)
    charged: defaultdict[DocumentId, Decimal] = defaultdict(Decimal)
    for note in documents:
        if note.parent_id is None:
            continue
        there = authorised.get(note.expected_cufe, Decimal(0))
        (credited if note.document_type.is_credit_note else charged)[note.parent_id] += there
    for document in documents:
        given_back = credited[document.document_id]
        if given_back > document.totals.total:
            world.witness.accuse("A24", f"{given_back} were credited of {document.document_id}")
        if document.expected_cufe in void and (given_back or charged[document.document_id]):
            world.witness.accuse("A25", f"{document.document_id} is void at the PAC and has a note there")
    _judge_told(world, callers, documents)
    world.coverage.note("credit note authorised", sum(amount > 0 for amount in credited.values()))
    world.coverage.note("debit note authorised", sum(amount > 0 for amount in charged.values()))


def _judge_told(world: World, callers: Callers, documents: list[FiscalDocument]) -> None:
    """Each debit note that a caller was told of is there, under its key."""
    if world.plan.tail_loss is not None:
        return
    kept = {document.idempotency_key: document.document_id for document in documents}
    for key, told in callers.later.noted.items():
        if kept.get(key) != told:
            world.witness.accuse("A32", f"{key} was told of {told}, and has {kept.get(key)}")
