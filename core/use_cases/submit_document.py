"""Steps 2 to 4 of the submission protocol: claim, send once, record the answer."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from core.circuits import Circuit
from core.departures import departure_of
from core.documents import Change, FiscalDocument, Submission
from core.events import Event
from core.failures import PacDocumentIdTakenError
from core.identifiers import DocumentId, TenantId
from core.lifecycle.doubt import withhold
from core.lifecycle.evidence import add_hint
from core.lifecycle.sending import AnswerRules, claim, postpone_submission, record_answer
from core.ports.clock import Chance, Clock
from core.ports.departure_log import DepartureLog
from core.ports.document_repository import DocumentJournal, DocumentRepository
from core.ports.pac_gateway import NotSent, PacAccount, PacGateway, RawAnswer, SubmitAnswer, Unknown
from core.ports.series_ledger import HighWaterMarks
from core.ports.tenant_resolver import TenantResolver
from core.ports.webhook_inbox import WebhookInbox
from core.schedules import Schedules
from core.use_cases.keep_answer import KeepAnswer
from core.use_cases.keep_in_line import REASON, KeepInLine
from core.use_cases.match_deliveries import MatchDeliveries
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.stay_behind_original import REASON as BEHIND_ORIGINAL
from core.use_cases.stay_behind_original import StayBehindOriginal
from core.use_cases.watch_circuit import WatchCircuit

Crashpoint = Callable[[str], None]

LEASE_TOO_SHORT = "the lease was too short to send within it"
OWN_REASONS = (LEASE_TOO_SHORT, REASON, BEHIND_ORIGINAL)  # they say nothing about the PAC


class SubmitDocument:
    """Send one queued document to the PAC, at most once per claim.

    - The inbox is read first: evidence that the PAC has it already is followed, never sent over.
    - A successor stays behind while the document that it replaces is valid after all, or may be.
    - Number and departure are remembered outside the database before the first claim.
    - The claim is committed before a byte leaves, and no transaction is open while one does.
    - Sending and recording survive the cancellation of whoever waits for them.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        journal: DocumentJournal,
        inbox: WebhookInbox,
        tenants: TenantResolver,
        match_deliveries: MatchDeliveries,
        find_account: FindPacAccount,
        pac: PacGateway,
        high_water: HighWaterMarks,
        departures: DepartureLog,
        circuit: WatchCircuit,
        line: KeepInLine,
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
        self._tenants = tenants
        self._match_deliveries = match_deliveries
        self._find_account = find_account
        self._pac = pac
        self._high_water = high_water
        self._departures = departures
        self._circuit = circuit
        self._line = line
        self._clock = clock
        self._chance = chance
        self._schedules = schedules
        self._rules = rules
        self._send_within = schedules.sends_within(post_deadline_seconds)
        self.worker = worker
        self._crashpoint = crashpoint
        self._keep = KeepAnswer(documents, clock)
        self._originals = StayBehindOriginal(documents, clock, schedules)
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
        if document.maybe_executed:
            document = await self._withhold(document)
        if document.hinted_ids or document.submission is not Submission.QUEUED:
            return document
        if not await self._originals.may_leave(document, self._read_inbox):
            return await self._originals.hold(document, self._read_inbox)
        circuit = await self._circuit.admits(tenant_id)
        if circuit is not None:
            return await self._wait_for(circuit, document)
        if await self._line.yields(document):
            return await self._line.wait(document)
        body = await self._journal.body(tenant_id, document_id)
        await self._remember_outside(document, body)
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
        if await self._line.yields(claimed):  # somebody else was faster between our question and our claim
            return await self._record(claimed, token, _not_sent(REASON))
        if not await self._originals.may_leave(claimed, self._read_inbox):  # evidence came meanwhile
            returned = await self._record(claimed, token, _not_sent(BEHIND_ORIGINAL))
            return await self._originals.hold(returned, self._read_inbox)
        answer = await self._send(account, claimed, body, claimed_at)
        self._crashpoint("after_answer_before_record")
        return await self._record(claimed, token, answer)

    async def _remember_outside(self, document: FiscalDocument, body: bytes) -> None:
        """What a database that is restored from a backup would not know. A later claim has nothing to add."""
        if not document.attempts:
            await self._departures.keep(departure_of(document, body, at=self._clock.now()))
        await self._high_water.raise_to(document.tenant_id, document.series, document.number)

    async def _withhold(self, document: FiscalDocument) -> FiscalDocument:
        """The policy may have become ``park`` since a repetition was decided: by a person, or by what the PAC did."""
        policy = (await self._tenants.get(document.tenant_id)).doubt_policy

        def hold(current: FiscalDocument) -> Change | None:
            return withhold(current, policy=policy, now=self._clock.now(), schedules=self._schedules)

        return await self._documents.update(document.tenant_id, document.document_id, hold)

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
            return _not_sent(LEASE_TOO_SHORT)
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
            recorded = await self._keep(document, apply)
        except PacDocumentIdTakenError as error:
            reason = f"the PAC answered with an id that another document has: {error}"
            answer = Unknown(raw=answer.raw, reason=reason)
            recorded = await self._keep(document, apply)
        self._crashpoint("after_record")
        if not isinstance(answer, NotSent) or answer.reason not in OWN_REASONS:
            await self._circuit.note(document.tenant_id, answer)
        return await self._match_deliveries(recorded)


def _not_sent(reason: str) -> NotSent:
    return NotSent(raw=RawAnswer(status=None, body=b"", note=reason), reason=reason)
