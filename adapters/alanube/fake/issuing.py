"""A document comes in: shape, number, rules, and what follows from each."""

import dataclasses
from datetime import datetime

from adapters.alanube.fake.amount_rules import amount_findings, numbers_that_are_text
from adapters.alanube.fake.amounts import ZERO, document_amounts
from adapters.alanube.fake.artifacts import make_cufe
from adapters.alanube.fake.behaviour import DuplicateAnswer, RejectionRoute
from adapters.alanube.fake.documents_view import document_view
from adapters.alanube.fake.header_rules import header_findings, read_time
from adapters.alanube.fake.progression import (
    DGI_AUTHORIZED,
    DGI_REJECTED,
    PAC_REJECTED,
    Progression,
    Step,
)
from adapters.alanube.fake.receiver_rules import receiver_findings
from adapters.alanube.fake.records import Company, DocumentFamily, FakeDocument, Finding
from adapters.alanube.fake.reference_rules import reference_findings
from adapters.alanube.fake.refusals import (
    DUPLICATE_NUMBER,
    NOT_AFFILIATED,
    QR_NOT_REQUESTED,
    coded,
    refusal,
)
from adapters.alanube.fake.request_body import NOT_JSON
from adapters.alanube.fake.wire import JsonObject, WireAnswer, json_answer, read_json
from adapters.alanube.fake.world import NumberKey, World

UNKNOWN_OFFICE = "AP10130"
UNRECOGNISED_DUPLICATE = "AP20417"
_CREATED = {
    DocumentFamily.INVOICES: "Invoice created",
    DocumentFamily.CREDIT_NOTES: "Credit note created",
    DocumentFamily.DEBIT_NOTES: "Debit note created",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One POST of a document, read and placed."""

    company: Company
    family: DocumentFamily
    payload: JsonObject
    raw: bytes
    office_code: str
    now: datetime

    @property
    def key(self) -> NumberKey:
        """What a number is unique within (ASSUME-031)."""
        information = self.payload["information"]
        return (
            self.company.id,
            self.office_code,
            information["documentType"],
            information["billingPoint"],
            information["numeration"],
        )


def issue(world: World, company: Company, family: DocumentFamily, raw: bytes, now: datetime) -> WireAnswer:
    """Answer one POST of a document."""
    style, behaviour = world.behaviour.error_style, world.behaviour
    if company.affiliated != "SUBSCRIBED":
        return coded(403, NOT_AFFILIATED, "company is not affiliated to the PAC: affiliated must be SUBSCRIBED")
    if company.qr is None:
        return coded(400, QR_NOT_REQUESTED, "company qr not requested or wrong")
    try:
        payload = read_json(raw)
    except ValueError:
        return refusal(style, [NOT_JSON])
    if behaviour.number_checked_first and (early := _early_duplicate(world, company, family, payload, raw, now)):
        return early
    shaped = world.shapes.findings(
        family, payload, closed=behaviour.closed_fields, address_required=behaviour.address_required
    )
    if shaped:
        return refusal(style, shaped)
    office_code = _office_code(company, payload)
    if office_code is None:
        unknown = Finding(code=UNKNOWN_OFFICE, message="office not found in this company", field="idOffice")
        return refusal(style, [unknown])
    submission = Submission(company=company, family=family, payload=payload, raw=raw, office_code=office_code, now=now)
    findings = _rule_findings(world, submission)
    rejecting = [
        finding for finding in findings if not finding.is_notification and finding.code not in behaviour.late_rules
    ]
    if rejecting:
        return _reject(world, submission, rejecting)
    holder = world.holder_of(submission.key)
    if holder is not None:
        return _duplicate(world, submission, holder)
    return _accept(world, submission, findings)


def _office_code(company: Company, payload: JsonObject) -> str | None:
    """The branch in the CUFE; without ``idOffice`` it is the main one's (ASSUME-033)."""
    if "idOffice" not in payload:
        main = next((office for office in company.offices.values() if office.kind == "main"), None)
        return main.code if main is not None else "0000"
    office = company.offices.get(payload["idOffice"])
    return office.code if office is not None else None


def _rule_findings(world: World, submission: Submission) -> list[Finding]:
    payload, behaviour, company = submission.payload, world.behaviour, submission.company
    found = list(numbers_that_are_text(payload))
    if found:
        return found
    keys = (behaviour.contingency_start_key, behaviour.contingency_reason_key)
    found.extend(header_findings(payload, submission.now, keys))
    found.extend(receiver_findings(payload, world.registry, strict_registry=behaviour.strict_registry))
    found.extend(amount_findings(payload, document_amounts(payload)))
    found.extend(
        reference_findings(
            payload,
            lambda document_id: world.document_of(company.id, document_id),
            lambda cufe: next(iter(world.documents_by_cufe(company.id, cufe)), None),
            unknown_allowed=behaviour.unknown_references,
        )
    )
    return found


def _early_duplicate(
    world: World, company: Company, family: DocumentFamily, payload: object, raw: bytes, now: datetime
) -> WireAnswer | None:
    if not isinstance(payload, dict) or not isinstance(payload.get("information"), dict):
        return None
    office_code = _office_code(company, payload)
    names = ("documentType", "billingPoint", "numeration")
    if office_code is None or not all(isinstance(payload["information"].get(name), str) for name in names):
        return None
    submission = Submission(company=company, family=family, payload=payload, raw=raw, office_code=office_code, now=now)
    holder = world.holder_of(submission.key)
    if holder is None or world.behaviour.duplicate_answer in _DUPLICATES_WITH_A_DOCUMENT:
        return None
    return _duplicate(world, submission, holder)


_DUPLICATES_WITH_A_DOCUMENT = (
    DuplicateAnswer.REJECTED_DOCUMENT,
    DuplicateAnswer.REJECTED_DOCUMENT_UNKNOWN_CODE,
    DuplicateAnswer.REJECTED_BY_DGI,
    DuplicateAnswer.ACCEPTED_TWICE,
)


def _duplicate(world: World, submission: Submission, holder: FakeDocument) -> WireAnswer:
    answer, style = world.behaviour.duplicate_answer, world.behaviour.error_style
    repeated = Finding(
        code=DUPLICATE_NUMBER,
        message=f"Documento duplicado: numeración {submission.key[-1]} ya utilizada",
        field="information.numeration",
    )
    if answer is DuplicateAnswer.BAD_REQUEST_KNOWN_CODE:
        return refusal(style, [repeated])
    unknown = Finding(code=UNRECOGNISED_DUPLICATE, message="The document could not be processed")
    if answer is DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE:
        return refusal(style, [unknown])
    if answer is DuplicateAnswer.UNPROCESSABLE_UNKNOWN_CODE:
        return refusal(style, [unknown], status=422)
    if answer is DuplicateAnswer.CONFLICT_WITH_ID:
        view = document_view(world, holder, submission.now)
        return json_answer(409, {"code": DUPLICATE_NUMBER, "message": repeated.message, "document": view})
    if answer is DuplicateAnswer.CONFLICT_WITHOUT_ID:
        return refusal(style, [repeated], status=409)
    if answer in (DuplicateAnswer.REJECTED_DOCUMENT, DuplicateAnswer.REJECTED_DOCUMENT_UNKNOWN_CODE):
        finding = repeated if answer is DuplicateAnswer.REJECTED_DOCUMENT else unknown
        document = _new_document(world, submission, (finding,), PAC_REJECTED)
        return _take_in(world, document, Progression(first_status=PAC_REJECTED), key=None)
    if answer is DuplicateAnswer.REJECTED_BY_DGI:
        document = _new_document(world, submission, (), None)
        usual = world.progression_for(document)
        moves = tuple(_spoilt(step, (repeated,)) for step in usual.steps)
        return _take_in(world, document, dataclasses.replace(usual, steps=moves), key=None)
    document = _new_document(world, submission, (), None)
    return _take_in(world, document, world.progression_for(document), key=None)


def _reject(world: World, submission: Submission, rejecting: list[Finding]) -> WireAnswer:
    if world.behaviour.rejection_route is RejectionRoute.STATUS_400:
        return refusal(world.behaviour.error_style, rejecting)
    document = _new_document(world, submission, tuple(rejecting), PAC_REJECTED)
    key = submission.key if world.holder_of(submission.key) is None else None
    return _take_in(world, document, Progression(first_status=PAC_REJECTED), key=key)


def _accept(world: World, submission: Submission, findings: list[Finding]) -> WireAnswer:
    late = tuple(finding for finding in findings if not finding.is_notification)
    document = _new_document(world, submission, tuple(findings), None)
    progression = world.progression_for(document)
    if late:
        moves = tuple(_spoilt(step, late) for step in progression.steps)
        progression = dataclasses.replace(progression, steps=moves)
    else:
        notes = tuple(finding for finding in findings if finding.is_notification)
        moves = tuple(_noted(step, notes) for step in progression.steps)
        progression = dataclasses.replace(progression, steps=moves)
    return _take_in(world, document, progression, key=submission.key)


def _spoilt(step: Step, late: tuple[Finding, ...]) -> Step:
    if step.legal_status != DGI_AUTHORIZED:
        return step
    return dataclasses.replace(step, legal_status=DGI_REJECTED, government=late)


def _noted(step: Step, notes: tuple[Finding, ...]) -> Step:
    if step.legal_status != DGI_AUTHORIZED:
        return step
    authorised = Finding(code="0260", message="Autorizado el uso de la FE")
    return dataclasses.replace(step, government=(authorised, *step.government, *notes))


def _new_document(
    world: World, submission: Submission, findings: tuple[Finding, ...], status: str | None
) -> FakeDocument:
    information, now = submission.payload["information"], submission.now
    issued_at = read_time(information.get("issueDate", "")) or now
    rejected = status == PAC_REJECTED
    cufe = None if rejected else make_cufe(submission.company, submission.office_code, submission.payload, issued_at)
    return FakeDocument(
        id=world.mint_id(now),
        company_id=submission.company.id,
        family=submission.family,
        office_code=submission.office_code,
        payload=submission.payload,
        raw=submission.raw,
        document_type=information["documentType"],
        numeration=information["numeration"],
        billing_point=information["billingPoint"],
        accepted_at=now,
        issued_at=issued_at,
        total=ZERO if rejected else document_amounts(submission.payload).total,
        legal_status=status or "",
        cufe=cufe,
        findings=() if not rejected else findings,
    )


def _take_in(world: World, document: FakeDocument, progression: Progression, *, key: NumberKey | None) -> WireAnswer:
    document.legal_status = progression.first_status
    world.add_document(document, progression, key)
    view = document_view(world, document, document.accepted_at)
    if not world.behaviour.wrapped_document:
        return json_answer(world.behaviour.accepted_status, view)
    body = {"message": _CREATED[document.family], "document": view}
    return json_answer(world.behaviour.accepted_status, body)
