"""Documents of one CUFE that the PAC holds under several ids, and the steps that find that out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.progression import dgi_rejection, immediate
from core.documents import FiscalDocument, LegalStatus, Submission
from core.identifiers import PacDocumentId
from core.lifecycle.siblings import judge_sibling
from core.ports.pac_gateway import PacDocument
from core.schedules import Schedules
from tests.builders import NOW
from tests.world import World

SCHEDULES = Schedules()
FIRST = PacDocumentId("PAC-FIRST")


class Kind(Enum):
    """What another id that was named for a document turns out to be."""

    AUTHORISED = "authorised"
    REJECTED_BY_DGI = "rejected by the DGI"
    REJECTED_BY_PAC = "rejected by the PAC"
    ANOTHERS = "another document's"
    UNDECIDED = "not decided yet"


@dataclass(frozen=True, slots=True)
class Sibling:
    """An id that was named for a document."""

    pac_document_id: PacDocumentId
    kind: Kind

    def shown(self, document: FiscalDocument) -> PacDocument:
        """What the PAC shows under it."""
        status = {
            Kind.REJECTED_BY_DGI: LegalStatus.DGI_REJECTED,
            Kind.REJECTED_BY_PAC: LegalStatus.PAC_REJECTED,
            Kind.UNDECIDED: LegalStatus.REGISTERED,
        }.get(self.kind, LegalStatus.DGI_AUTHORIZED)
        cufe = document.expected_cufe
        if self.kind is Kind.ANOTHERS:
            cufe = replace_number(cufe)
        return PacDocument(pac_document_id=self.pac_document_id, legal_status=status.value, cufe=cufe, codes=("1602",))


def replace_number(cufe: str) -> str:
    """Another document's CUFE: the number differs; whoever compares does not look at the check digit."""
    return f"{cufe[:40]}{'9' * 10}{cufe[50:]}"


def accepted(document: FiscalDocument, status: LegalStatus, hints: Iterable[PacDocumentId] = ()) -> FiscalDocument:
    """The document under its first id, with the other ids that were named for it."""
    known: dict[str, Any] = {"cufe": document.expected_cufe} if status.is_authorized else {}
    return replace(
        document,
        submission=Submission.ACCEPTED,
        legal_status=status,
        raw_legal_status=status.value,
        pac_document_id=FIRST,
        hinted_ids=tuple(hints),
        accepted_at=NOW,
        maybe_executed=True,
        attempts=1,
        next_action_at=NOW,
        **known,
    )


def judged(document: FiscalDocument, siblings: Iterable[Sibling]) -> FiscalDocument:
    """The document after each id was read at the PAC; what is not decided yet stays named."""
    for sibling in siblings:
        change = judge_sibling(document, sibling.pac_document_id, sibling.shown(document), now=NOW, schedules=SCHEDULES)
        document = document if change is None else change.document
    return document


async def rejected_and_authorised(world: World, document: FiscalDocument) -> FiscalDocument:
    """A document of a world whose progression rejects, after a proxy repeated its POST and the second id was
    authorised: the PAC takes the number twice, and tells of it by webhook."""
    first = await until(world, document, LegalStatus.DGI_REJECTED)
    posts = [one.request for one in world.engine.exchanges if one.request.method == "POST"]
    world.engine.behave(duplicate_answer=DuplicateAnswer.ACCEPTED_TWICE)
    world.engine.set_progression(immediate())
    world.engine.handle(posts[-1])
    for _ in range(6):
        await world.deliver_webhooks()
        await world.sweep(every_seconds=30)
    found = await world.current(first)
    assert found.legal_status is LegalStatus.DGI_REJECTED, "a terminal status never changes"
    return found


def reject_everything(world: World) -> None:
    """What is issued from now on is rejected by the DGI, for a reason that is no repetition."""
    world.engine.set_progression(dgi_rejection("1602", "RUC no existe"))


async def until(world: World, document: FiscalDocument, status: LegalStatus) -> FiscalDocument:
    """The document when it has the status."""
    for _ in range(8):
        await world.deliver_webhooks()
        await world.sweep(every_seconds=20)
        document = await world.current(document)
        if document.legal_status is status:
            return document
    raise AssertionError(f"still {document.submission.value}, {document.legal_status.value}")
