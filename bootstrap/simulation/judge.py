"""The end of a world, held against every invariant: by the doctor, by what callers were told, and at the PAC itself."""

from collections import Counter

from adapters.persistence.sql_inspection import SqlStoreInspection
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.stores import Stores
from bootstrap.simulation.callers import CONFLICT, ISSUED_BEFORE, Callers, key_of
from bootstrap.simulation.judge_notes import judge_notes
from bootstrap.simulation.judge_pac import judge_the_pac
from bootstrap.simulation.judge_payments import judge_payments
from bootstrap.simulation.judge_sales import judge_sales
from bootstrap.simulation.judge_voids import judge_voids
from bootstrap.simulation.reading import all_documents, plain_stores
from bootstrap.simulation.wishes import Answered, Shop
from bootstrap.simulation.world import World
from core.documents import FiscalDocument, LegalStatus, Submission
from core.failures import DocumentNotFoundError
from core.invariants.faults import Fault, Severity
from core.ports.webhook_inbox import DeliveryState
from core.use_cases.examine_documents import ExamineDocuments
from core.use_cases.examine_installation import ExamineInstallation, Request
from core.use_cases.examine_series import ExamineSeries
from core.use_cases.mend_installation import MendInstallation

STRANGERS_ASKED = 5


async def judge(world: World, shops: list[Shop], callers: Callers) -> None:
    """Accuse whatever does not hold."""
    stores = plain_stores(world)
    documents = {shop.tenant_id: await all_documents(stores, shop.tenant_id) for shop in shops}
    everything = [document for found in documents.values() for document in found]
    for document in everything:
        world.witness.saw(document)
        _judge_rest(world, document)
        world.trace.note(
            "end",
            document.document_id,
            document.submission.value,
            document.legal_status.value,
            document.number,
            *sorted(file.digest for file in document.files),
        )
    _judge_callers(world, callers, everything)
    await _examine(world, stores)
    await _judge_tenancy(world, stores, shops, everything)
    await _judge_inbox(world, shops)
    _judge_secrets(world, shops)
    await judge_the_pac(world, stores, shops, everything)
    judge_voids(world, callers, everything)
    judge_notes(world, callers, everything)
    await judge_sales(world, stores, callers, everything)
    await judge_payments(world, stores, callers, everything)


def _judge_rest(world: World, document: FiscalDocument) -> None:
    name = f"{document.document_id} ({document.idempotency_key})"
    ended = document.is_settled or document.submission is Submission.QUARANTINED
    if not ended or document.is_watched:
        state = f"{document.submission.value} {document.legal_status.value} due {document.next_action_at}"
        world.witness.accuse("A17", f"{name} never came to rest: {state}")
    if document.legal_status is LegalStatus.DGI_AUTHORIZED:
        if missing := missing_final_files(document):
            world.witness.accuse("A19", f"{name} is authorised and {missing} of its two final files are missing")
        if document.authorization_protocol is None:
            world.witness.accuse("A14", f"{name} is authorised and has no protocol")


def missing_final_files(document: FiscalDocument) -> int:
    """How many of PDF and XML are not there as they are after the DGI's authorisation."""
    return 2 - sum(not file.is_provisional for file in document.files)


def _judge_callers(world: World, callers: Callers, documents: list[FiscalDocument]) -> None:
    by_key = {(document.tenant_id, document.idempotency_key): document for document in documents}
    if len(by_key) != len(documents):
        world.witness.accuse("A1", "an intent has two documents")
    for place, wish in enumerate(world.plan.documents):
        key = key_of(place)
        told = callers.told.get(key, [])
        document = by_key.get((callers.shop_of(place).tenant_id, key))
        expected = 1 + wish.is_asked_twice + wish.is_asked_otherwise
        if len(told) != expected:
            world.witness.accuse("A17", f"{len(told)} of the {expected} callers of {key} were answered")
        conflicts = sum(answer.refusal == CONFLICT for answer in told)
        # of two inputs under one key the first one wins, whichever it was
        possible = (1, 1 + wish.is_asked_twice) if wish.is_asked_otherwise else (0,)
        if len(told) == expected and conflicts not in possible:
            world.witness.accuse("A8", f"{conflicts} callers of {key} were told of a conflict")
        for answer in told:
            _judge_answer(world, key, answer, document)
    for key, answer in callers.repeated:
        if answer.refusal not in (None, CONFLICT, ISSUED_BEFORE):
            world.witness.accuse("A8", f"{key}, repeated after a restore, was refused: {answer.refusal}")


def _judge_answer(world: World, key: str, answer: Answered, document: FiscalDocument | None) -> None:
    if answer.refusal is not None:
        if answer.refusal != CONFLICT:
            world.witness.accuse("A8", f"{key} was refused: {answer.refusal}")
        return
    if answer.document_id in world.lost_documents:
        return  # a restore cannot bring it back: its number is burnt, and the PAC's copy is for an operator
    if document is None:
        world.witness.accuse("A32", f"{key} was told of {answer.document_id}, which is gone")
    elif (answer.document_id, answer.number) != (document.document_id, document.number):
        world.witness.accuse("A1", f"{key} was told of {answer.document_id}, and has {document.document_id}")
    elif answer.cufe not in (None, document.cufe, document.expected_cufe):
        world.witness.accuse("A13", f"{key} was told another CUFE")


async def _examine(world: World, stores: Stores) -> None:
    """The doctor's own examination, on the same database."""
    inspection = SqlStoreInspection(StoreUnits(world.disk.database))
    examine = ExamineInstallation(
        inspection,
        None,
        stores.secrets,
        ExamineDocuments(inspection, stores.files, world.clock, world.encode),
        ExamineSeries(inspection, stores.series, stores.marks),
        MendInstallation(stores.documents, stores.marks, inspection, None, world.clock),
        world.clock,
    )
    examination = await examine(Request())
    for finding in examination.findings:
        if finding.fault is Fault.VOID_IN_DOUBT:
            continue  # judge_voids says which of them may stay in doubt
        if finding.fault.severity is Severity.BROKEN:
            what = f"doctor {finding.fault.value}: {finding.subject}: {finding.detail}"
            world.witness.accuse(finding.fault.invariant, what)


async def _judge_tenancy(world: World, stores: Stores, shops: list[Shop], documents: list[FiscalDocument]) -> None:
    for document in documents[:STRANGERS_ASKED]:
        for shop in shops:
            if shop.tenant_id == document.tenant_id:
                continue
            found = await stores.documents.find_by_reference(
                shop.tenant_id, pac_document_id=document.pac_document_id, cufe=document.expected_cufe
            )
            try:
                await stores.documents.get(shop.tenant_id, document.document_id)
            except DocumentNotFoundError:
                if found is None:
                    continue
            world.witness.accuse("A26", f"tenant {shop.tenant_id} finds {document.document_id}")


async def _judge_inbox(world: World, shops: list[Shop]) -> None:
    """Every delivery that was answered with 200 is there once, and done with."""
    inspection = SqlStoreInspection(StoreUnits(world.disk.database))
    kept: Counter[tuple[str, bytes]] = Counter()
    for shop in shops:
        after = None
        while page := await inspection.deliveries(shop.tenant_id, after=after, limit=500):
            for delivery in page:
                after = getattr(delivery, "delivery_id", None)
                body = getattr(delivery, "body", b"")
                kept[shop.company_id, body] += 1
                if getattr(delivery, "state", None) is DeliveryState.RECEIVED:
                    world.witness.accuse("I10", f"delivery {after} was never processed")
    if world.plan.tail_loss is not None:
        return  # what came after the copy is lost with it
    for key in world.courier.accepted:
        if kept[key] != 1:
            world.witness.accuse("I10", f"a delivery that was answered with 200 is there {kept[key]} times")


def _judge_secrets(world: World, shops: list[Shop]) -> None:
    image = world.disk.image()
    for secret in (b"canary-", *(shop.api_key.encode() for shop in shops)):
        if secret in image:
            world.witness.accuse("A28", "the database holds a secret in plain text")
