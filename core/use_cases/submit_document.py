"""Steps 2 to 4 of the submission protocol: claim, send once, record the answer."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from core.circuits import Circuit
from core.documents import Change, Event, FiscalDocument, Submission
from core.failures import PacDocumentIdTakenError
from core.identifiers import DocumentId, TenantId
from core.lifecycle.evidence import add_hint
from core.lifecycle.sending import AnswerRules, claim, postpone_submission, record_answer
from core.ports.clock import Chance, Clock
from core.ports.document_repository import DocumentJournal, DocumentRepository
from core.ports.pac_gateway import NotSent, PacAccount, PacGateway, RawAnswer, SubmitAnswer, Unknown
from core.ports.series_ledger import HighWaterMarks
from core.ports.webhook_inbox import WebhookInbox
from core.schedules import Schedules
from core.use_cases.match_deliveries import MatchDeliveries
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.watch_circuit import WatchCircuit

Crashpoint = Callable[[str], None]


class SubmitDocument:
    """Send one queued document to the PAC, at most once per claim.

    - The inbox is read first: evidence that the PAC has it already is followed, never sent over.
    - The claim is committed before a byte leaves, and no transaction is open while one does.
    - Sending and recording survive the cancellation of whoever waits for them.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        journal: DocumentJournal,
        inbox: WebhookInbox,
        match_deliveries: MatchDeliveries,
        find_account: FindPacAccount,
        pac: PacGateway,
        high_water: HighWaterMarks,
        circuit: WatchCircuit,
        clock: Clock,
        chance: Chance,
        schedules: Schedules,
        rules: AnswerRules,
        *,
        post_deadline_seconds: float,
        worker: str,
        crashpoint: Crashpoint = lambda _: None,
    ) -> None:
        """``post_deadline_seconds``: the gateway's total deadline; the lease must outlive it."""
        self._documents = documents
        self._journal = journal
        self._inbox = inbox
        self._match_deliveries = match_deliveries
        self._find_account = find_account
        self._pac = pac
        self._high_water = high_water
        self._circuit = circuit
        self._clock = clock
        self._chance = chance
        self._schedules = schedules
        self._rules = rules
        self._send_within = schedules.lease - schedules.lease_margin - post_deadline_seconds
        if self._send_within <= 0:
            raise ValueError("The lease must be longer than the POST's total deadline plus the margin")
        self.worker = worker
        self._crashpoint = crashpoint
        self._running: set[asyncio.Task[FiscalDocument]] = set()

    async def __call__(self, tenant_id: TenantId, document_id: DocumentId) -> FiscalDocument:
        """The document as it stands afterwards. Raises PacCompanyNotConfiguredError, DocumentNotFoundError."""
        task = asyncio.ensure_future(self._submit(tenant_id, document_id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def finish_running(self) -> None:
        """Wait for every attempt in flight, for a graceful shutdown."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _submit(self, tenant_id: TenantId, document_id: DocumentId) -> FiscalDocument:
        document = await self._documents.get(tenant_id, document_id)
        if document.submission is not Submission.QUEUED:
            return document
        account = await self._find_account(tenant_id)
        document = await self._read_inbox(document)
        if document.hinted_ids:
            return document
        circuit = await self._circuit.admits(tenant_id)
        if circuit is not None:
            return await self._wait_for(circuit, document)
        body = await self._journal.body(tenant_id, document_id)
        await self._high_water.raise_to(tenant_id, document.series, document.number)
        claimed_at = self._clock.monotonic()
        token: int | None = None

        def take(current: FiscalDocument) -> Change | None:
            nonlocal token
            change = claim(current, now=self._clock.now(), worker=self.worker, schedules=self._schedules)
            token = change.document.last_token if change else None
            return change

        self._crashpoint("before_claim")
        claimed = await self._documents.update(tenant_id, document_id, take)
        if token is None:
            return claimed
        self._crashpoint("after_claim_before_send")
        answer = await self._send(account, claimed, body, claimed_at)
        self._crashpoint("after_answer_before_record")
        return await self._record(claimed, token, answer)

    async def _wait_for(self, circuit: Circuit, document: FiscalDocument) -> FiscalDocument:
        """An open circuit: come back when it probes, spread so that a backlog does not come back at once."""
        spread = timedelta(seconds=self._schedules.circuit_spread * self._chance.fraction())

        def postpone(current: FiscalDocument) -> Change | None:
            return postpone_submission(current, until=(circuit.probe_at or self._clock.now()) + spread)

        return await self._documents.update(document.tenant_id, document.document_id, postpone)

    async def _read_inbox(self, document: FiscalDocument) -> FiscalDocument:
        waiting = await self._inbox.unmatched(document.tenant_id, pac_document_id=None, cufe=document.expected_cufe)
        hints = [delivery.pac_document_id for delivery in waiting if delivery.pac_document_id is not None]
        if not hints:
            return document

        def remember(current: FiscalDocument) -> Change | None:
            events: list[Event] = []
            for hint in hints:
                current, more = add_hint(current, hint, now=self._clock.now(), source="inbox")
                events.extend(more)
            return Change(document=current, events=tuple(events)) if events else None

        return await self._documents.update(document.tenant_id, document.document_id, remember)

    async def _send(
        self, account: PacAccount, document: FiscalDocument, body: bytes, claimed_at: float
    ) -> SubmitAnswer:
        if self._clock.monotonic() - claimed_at > self._send_within:
            reason = "the lease was too short to send within it"
            return NotSent(raw=RawAnswer(status=None, body=b"", note=reason), reason=reason)
        return await self._pac.submit(account, document.document_type, body)

    async def _record(self, document: FiscalDocument, token: int, answer: SubmitAnswer) -> FiscalDocument:
        def apply(current: FiscalDocument) -> Change:
            return record_answer(
                current,
                token=token,
                answer=answer,
                now=self._clock.now(),
                schedules=self._schedules,
                rules=self._rules,
            )

        try:
            recorded = await self._documents.update(document.tenant_id, document.document_id, apply)
        except PacDocumentIdTakenError as error:
            reason = f"the PAC answered with an id that another document has: {error}"
            answer = Unknown(raw=answer.raw, reason=reason)
            recorded = await self._documents.update(document.tenant_id, document.document_id, apply)
        self._crashpoint("after_record")
        await self._circuit.note(document.tenant_id, answer)
        return await self._match_deliveries(recorded)
