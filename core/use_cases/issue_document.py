"""Step 1 of the submission protocol, and the wait for steps 2 to 4: one intent becomes one document."""

import asyncio
import hashlib
import logging
from dataclasses import replace
from datetime import timedelta

from core.cufe import CufeParts, build_cufe
from core.documents import DocumentMode, FiscalDocument, Recording, SeriesKey, Submission
from core.drafts import Draft
from core.errors import IstmoError
from core.events import Event, EventKind
from core.failures import ModeNotSupportedError
from core.identifiers import DocumentId
from core.intents import checked_key
from core.issue_time import panama_date
from core.issuing import Intent, issuer_of, unnumbered
from core.ports.clock import Chance, Clock, Identifiers
from core.ports.document_repository import DocumentRepository, DraftVersion, Reservation
from core.ports.job_queue import Job, JobKind, JobQueue
from core.ports.pac_gateway import PacGateway
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.preflight import PreflightRefusedError, PreflightSettings, Verdict, preflight
from core.schedules import Schedules
from core.totals import compute_totals
from core.use_cases.office_choice import choose_office
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.recall_lost import RecallLost
from core.use_cases.record_draft import RecordDraft
from core.use_cases.require_onboarded import RequireOnboarded
from core.use_cases.submit_document import SubmitDocument
from core.use_cases.verify_receiver import VerifiedReceiver, VerifyReceiver

log = logging.getLogger(__name__)

WAIT_SECONDS_MAX = 30.0


class IssueDocument:
    """Record one intent with its number and exact bytes, then send it.

    - Everything that can be refused is refused before a number is taken.
    - A PROFORM document is recorded as a draft and goes nowhere; ``becomes`` makes one the document.
    - What left before a restore is made again as it was, or refused; it never leaves as another document.
    - The document exists before the PAC hears of it; the caller gets it as it stands when the wait is over.
    """

    def __init__(
        self,
        tenants: TenantResolver,
        directory: TenantDirectory,
        documents: DocumentRepository,
        require_onboarded: RequireOnboarded,
        find_account: FindPacAccount,
        verify_receiver: VerifyReceiver,
        pac: PacGateway,
        record_draft: RecordDraft,
        recall_lost: RecallLost,
        submit: SubmitDocument,
        queue: JobQueue,
        clock: Clock,
        identifiers: Identifiers,
        chance: Chance,
        schedules: Schedules,
        preflight_settings: PreflightSettings,
    ) -> None:
        self._tenants = tenants
        self._directory = directory
        self._documents = documents
        self._require_onboarded = require_onboarded
        self._find_account = find_account
        self._verify_receiver = verify_receiver
        self._pac = pac
        self._record_draft = record_draft
        self._recall_lost = recall_lost
        self._submit = submit
        self._queue = queue
        self._clock = clock
        self._identifiers = identifiers
        self._chance = chance
        self._schedules = schedules
        self._preflight_settings = preflight_settings

    async def __call__(self, intent: Intent, *, wait_seconds: float) -> FiscalDocument:
        """The document as it stands when the PAC answered or ``wait_seconds`` (0 to 30) are over.

        Raises PreflightRefusedError, the errors of VerifyReceiver, CompanyNotReadyError, PacCompanyNotConfiguredError,
        NoOfficeError, OfficeNotFoundError, BillingPointNotOfOfficeError, OrderAlreadyInvoicedError,
        IdempotencyConflictError, IssuedBeforeRestoreError, DraftChangedError, SeriesExhaustedError,
        StoreUnavailableError, what the relatives raise; none of them leaves anything behind.
        """
        lost = await self._recall_lost(intent)
        if intent.mode is DocumentMode.PROFORM:
            return await self._record_draft(intent)
        if intent.mode is not DocumentMode.DGI:
            raise ModeNotSupportedError(path=("mode",), mode=intent.mode.value)
        tenant = await self._tenants.get(intent.tenant_id)
        await self._require_onboarded(intent.tenant_id)
        account = await self._find_account(intent.tenant_id)
        office, billing_point = choose_office(
            await self._directory.offices(intent.tenant_id),
            office_id=intent.office_id,
            billing_point=intent.billing_point,
        )
        verified = await self._verify_receiver(intent.tenant_id, account, intent.draft.receiver)
        draft = replace(intent.draft, receiver=verified.receiver, billing_point=None)
        verdict = self._judge(draft)
        reservation = Reservation(
            tenant_id=intent.tenant_id,
            idempotency_key=checked_key(intent.idempotency_key),
            fingerprint=intent.fingerprint,
            series=SeriesKey(billing_point=billing_point, document_type=draft.document_type),
            order_id=intent.order_id,
            order_version=intent.order_version,
            draft=_version_of(intent.becomes),
            number=lost.departure.number if lost else None,
        )
        now = self._clock.now()
        # everything impure is drawn here, so that building is pure
        template = replace(
            unnumbered(
                intent,
                document_id=intent.becomes.document_id if intent.becomes else DocumentId(self._identifiers.new_id()),
                issuer=issuer_of(tenant, office),
                office_id=office.office_id,
                series=reservation.series,
                draft=draft,
                totals=verdict.totals if verdict.totals is not None else compute_totals(draft),
                now=now,
            ),
            security_code=self._chance.security_code(),
            submission=Submission.QUEUED,
            next_action_at=now + timedelta(seconds=self._schedules.record_grace),
        )
        if lost is not None:
            template = self._recall_lost.as_it_was(template, lost)
        reservation = replace(
            reservation,
            relative=intent.relative(template.document_id) if intent.relative else None,
            replaced=intent.replaced(template.document_id) if intent.replaced else None,
        )

        def build(number: int) -> Recording:
            recording = self._build(template, number, intent, verified, verdict)
            return recording if lost is None else self._recall_lost.recalled(recording, lost)

        recorded = await self._documents.record(reservation, build)
        return await self.send(recorded.document, wait_seconds)

    def _judge(self, draft: Draft) -> Verdict:
        now = self._clock.now()
        verdict = preflight(draft, issued_at=now, now=now, settings=self._preflight_settings)
        if verdict.is_refused:
            raise PreflightRefusedError(verdict)
        return verdict

    def _build(
        self, template: FiscalDocument, number: int, intent: Intent, verified: VerifiedReceiver, verdict: Verdict
    ) -> Recording:
        numbered = replace(template, number=number)
        document = replace(numbered, expected_cufe=build_cufe(_cufe_parts(numbered)))
        body = self._pac.encode(document)
        facts = {
            "number": f"{number:010d}",
            "billing_point": document.series.billing_point,
            "expected_cufe": document.expected_cufe,
            "draft_number": f"{intent.becomes.number:010d}" if intent.becomes else "",
            "replaces": document.replaces or "",
            "ruc_checked": verified.source,
            "body_digest": hashlib.sha256(body).hexdigest(),
            "warnings": " ".join(sorted({finding.rule or finding.code for finding in verdict.warnings})),
        }
        event = Event(
            at=document.created_at,
            kind=EventKind.CONVERTED if intent.becomes else EventKind.RECORDED,
            actor=intent.actor,
            facts={name: value for name, value in facts.items() if value},
        )
        return Recording(document=document, body=body, events=(event, *_disagreement(document, verified)))

    async def send(self, document: FiscalDocument, wait_seconds: float) -> FiscalDocument:
        """The recorded document, sent when it waits to be sent, as it stands when ``wait_seconds`` are over."""
        if document.submission is not Submission.QUEUED:
            return document
        if wait_seconds <= 0:
            await self._queue.ring(
                Job(kind=JobKind.SUBMIT, tenant_id=document.tenant_id, subject_id=document.document_id)
            )
            return document
        try:
            try:
                async with asyncio.timeout(min(wait_seconds, WAIT_SECONDS_MAX)):
                    return await self._submit(document.tenant_id, document.document_id)
            except TimeoutError:
                return await self._documents.get(document.tenant_id, document.document_id)
        except IstmoError:
            # the document is recorded: its caller gets it as it stands, the sweep goes on with it
            log.exception("Sending document %s was interrupted", document.document_id)
            return document


def _disagreement(document: FiscalDocument, verified: VerifiedReceiver) -> tuple[Event, ...]:
    """The registry differs from the DGI's paper or from its last answer: it is believed, and people are told."""
    if not verified.disagreement:
        return ()
    facts = {"about": "ruc_disagreement", "said": verified.disagreement}
    return (Event(at=document.created_at, kind=EventKind.ALARM, actor="registry", facts=facts),)


def _version_of(draft: FiscalDocument | None) -> DraftVersion | None:
    return None if draft is None else DraftVersion(document_id=draft.document_id, version=draft.version)


def _cufe_parts(document: FiscalDocument) -> CufeParts:
    issuer = document.issuer
    return CufeParts(
        document_type=document.document_type,
        ruc_type=issuer.ruc_type,
        ruc=issuer.ruc,
        dv=issuer.dv,
        branch=issuer.branch,
        issued_on=panama_date(document.issued_at),
        number=document.number,
        billing_point=document.series.billing_point,
        emission=document.draft.emission,
        environment=issuer.environment,
        security_code=document.security_code,
    )
