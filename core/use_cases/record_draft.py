"""A PROFORM document: kept, numbered apart, never sent."""

from dataclasses import replace

from core.documents import INTERNAL_POINT, FiscalDocument, Recording, SeriesKey
from core.events import Event, EventKind
from core.identifiers import DocumentId
from core.intents import checked_key
from core.issuing import Intent, issuer_of, unnumbered
from core.ports.clock import Clock, Identifiers
from core.ports.document_repository import DocumentRepository, Reservation
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.use_cases.judge_draft import JudgeDraft, codes_of
from core.use_cases.office_choice import choose_office


class RecordDraft:
    """Record one intent as a draft. Nothing is asked of the PAC, and no account at it is needed.

    What preflight would refuse is noted in the timeline and refuses nothing: a draft may be incomplete. Its figures
    must compute. Its number is of a series of its own (billing point 000, which the DGI refuses: 1515).
    """

    def __init__(
        self,
        tenants: TenantResolver,
        directory: TenantDirectory,
        documents: DocumentRepository,
        judge: JudgeDraft,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self._tenants = tenants
        self._directory = directory
        self._documents = documents
        self._judge = judge
        self._clock = clock
        self._identifiers = identifiers

    async def __call__(self, intent: Intent) -> FiscalDocument:
        """The draft; the same key and fingerprint give back what became of it.

        Raises PreflightRefusedError (no figures), NoOfficeError, OfficeNotFoundError, BillingPointNotOfOfficeError,
        OrderAlreadyInvoicedError, IdempotencyConflictError, what the relative raises, StoreUnavailableError; none
        of them leaves anything behind.
        """
        tenant = await self._tenants.get(intent.tenant_id)
        offices = await self._directory.offices(intent.tenant_id)
        office, _ = choose_office(offices, office_id=intent.office_id, billing_point=intent.billing_point)
        draft = replace(intent.draft, billing_point=intent.billing_point)
        totals, verdict = self._judge.figures(draft)
        template = unnumbered(
            intent,
            document_id=DocumentId(self._identifiers.new_id()),
            issuer=issuer_of(tenant, office),
            office_id=office.office_id,
            series=SeriesKey(billing_point=INTERNAL_POINT, document_type=draft.document_type),
            draft=draft,
            totals=totals,
            now=self._clock.now(),
        )
        reservation = Reservation(
            tenant_id=intent.tenant_id,
            idempotency_key=checked_key(intent.idempotency_key),
            fingerprint=intent.fingerprint,
            series=template.series,
            order_id=intent.order_id,
            order_version=intent.order_version,
            relative=intent.relative(template.document_id) if intent.relative else None,
        )

        def build(number: int) -> Recording:
            facts = {"mode": intent.mode.value, "number": f"{number:010d}", "findings": codes_of(verdict)}
            event = Event(
                at=template.created_at,
                kind=EventKind.RECORDED,
                actor=intent.actor,
                facts={name: value for name, value in facts.items() if value},
            )
            return Recording(document=replace(template, number=number), body=b"", events=(event,))

        recorded = await self._documents.record(reservation, build)
        return recorded.document
