"""The credit notes of a world: never more than their invoice, and none beside its void. Counted at the PAC."""

from collections import defaultdict
from decimal import Decimal

from adapters.alanube.fake.progression import DGI_AUTHORIZED
from bootstrap.simulation.world import World
from core.documents import FiscalDocument
from core.identifiers import DocumentId


def judge_credits(world: World, documents: list[FiscalDocument]) -> None:
    """Accuse whatever does not hold."""
    authorised = {
        held.cufe: held.total
        for held in world.engine.documents
        if held.legal_status == DGI_AUTHORIZED and held.voided_at is None
    }
    void = {held.cufe for held in world.engine.documents if held.voided_at is not None}
    credited: defaultdict[DocumentId, Decimal] = defaultdict(Decimal)
    for note in documents:
        if note.parent_id is not None and note.document_type.is_credit_note:
            credited[note.parent_id] += authorised.get(note.expected_cufe, Decimal(0))
    for document in documents:
        given_back = credited[document.document_id]
        if given_back > document.totals.total:
            world.witness.accuse("A24", f"{given_back} were credited of {document.document_id}")
        if given_back and document.expected_cufe in void:
            world.witness.accuse("A25", f"{document.document_id} is void at the PAC and credited there")
    world.coverage.note("credit note authorised", sum(amount > 0 for amount in credited.values()))
