"""The DELETE of a void: claimed, sent once, and its answer recorded. Request, sweep and doorbell end here."""

import asyncio
from datetime import timedelta

from core.circuits import Circuit
from core.departures import VoidDeparture
from core.documents import Change, FiscalDocument
from core.identifiers import DocumentId, TenantId
from core.lifecycle.sending import AnswerRules
from core.lifecycle.voiding import claim_void, expire_void_claim, is_void_due, postpone_void, record_void_answer
from core.ports.clock import Chance, Clock
from core.ports.departure_log import DepartureLog
from core.ports.document_repository import DocumentRepository
from core.ports.pac_gateway import NotSent, PacAccount, PacGateway, RawAnswer, VoidAnswer
from core.schedules import Schedules
from core.use_cases.keep_answer import KeepAnswer
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.refresh_document import RefreshDocument
from core.use_cases.submit_document import LEASE_TOO_SHORT, Crashpoint
from core.use_cases.watch_circuit import WatchCircuit
from core.voids import VoidState


class ExecuteVoid:
    """Send one due void to the PAC, at most once per claim.

    - The claim is committed before a byte leaves, and no transaction is open while one does.
    - A void in doubt is looked up first: that the PAC shows it is proof. Then it is asked for once more, whatever the
      tenant's doubt policy is: a second void event of one document does not exist (0622), a second POST may.
    - Sending and recording survive the cancellation of whoever waits for them.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        find_account: FindPacAccount,
        pac: PacGateway,
        departures: DepartureLog,
        circuit: WatchCircuit,
        refresh: RefreshDocument,
        clock: Clock,
        chance: Chance,
        schedules: Schedules,
        rules: AnswerRules,
        *,
        delete_deadline_seconds: float,
        worker: str,
        crashpoint: Crashpoint = lambda _: None,
    ) -> None:
        """``delete_deadline_seconds``: the gateway's total deadline; the lease must outlive it."""
        self._documents = documents
        self._find_account = find_account
        self._pac = pac
        self._departures = departures
        self._circuit = circuit
        self._refresh = refresh
        self._clock = clock
        self._chance = chance
        self._schedules = schedules
        self._rules = rules
        self._send_within = schedules.sends_within(delete_deadline_seconds)
        self._worker = worker
        self._crashpoint = crashpoint
        self._keep = KeepAnswer(documents, clock)
        self._running: set[asyncio.Task[FiscalDocument]] = set()

    async def __call__(self, tenant_id: TenantId, document_id: DocumentId) -> FiscalDocument:
        """The document as it stands afterwards; nothing happens while its void is not due.

        Raises PacCompanyNotConfiguredError, DocumentNotFoundError.
        """
        task = asyncio.ensure_future(self._execute(tenant_id, document_id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def finish_running(self) -> None:
        """Wait for every DELETE in flight, for a graceful shutdown."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _execute(self, tenant_id: TenantId, document_id: DocumentId) -> FiscalDocument:
        def expire(current: FiscalDocument) -> Change | None:
            return expire_void_claim(current, now=self._clock.now(), schedules=self._schedules)

        document = await self._documents.get(tenant_id, document_id)
        if is_void_due(document, now=self._clock.now()):  # a lease that ran out is due as well
            document = await self._documents.update(tenant_id, document_id, expire)
        if not is_void_due(document, now=self._clock.now()):
            return document
        account = await self._find_account(tenant_id)
        if document.void is not None and document.void.state is VoidState.IN_DOUBT:
            document = (await self._refresh(tenant_id, document_id, actor="evidence")).document
        if document.void is None or document.standing_id is None or not document.void.is_open:
            return document
        circuit = await self._circuit.admits(tenant_id)
        if circuit is not None:
            return await self._wait_for(circuit, document)
        return await self._send_once(account, document, self._pac.encode_void(document.void.reason))

    async def _wait_for(self, circuit: Circuit, document: FiscalDocument) -> FiscalDocument:
        """An open circuit: come back when it probes, spread so that a backlog does not come back at once."""
        spread = timedelta(seconds=self._schedules.circuit_spread * self._chance.fraction())

        def postpone(current: FiscalDocument) -> Change | None:
            now = self._clock.now()
            return postpone_void(current, now=now, until=(circuit.probe_at or now) + spread)

        return await self._documents.update(document.tenant_id, document.document_id, postpone)

    async def _send_once(self, account: PacAccount, document: FiscalDocument, body: bytes) -> FiscalDocument:
        if document.void is not None and not document.void.attempts:
            departure = VoidDeparture(
                tenant_id=document.tenant_id, document_id=document.document_id, at=self._clock.now()
            )
            await self._departures.keep(departure)
        claimed_at = self._clock.monotonic()
        token: int | None = None

        def take(current: FiscalDocument) -> Change | None:
            nonlocal token
            change = claim_void(
                current, body=body, now=self._clock.now(), worker=self._worker, schedules=self._schedules
            )
            token = change.document.void.last_token if change and change.document.void else None
            return change

        self._crashpoint("before_void_claim")
        claimed = await self._documents.update(document.tenant_id, document.document_id, take)
        if token is None or claimed.standing_id is None:
            return claimed
        self._crashpoint("after_void_claim_before_delete")
        if self._clock.monotonic() - claimed_at > self._send_within:
            raw = RawAnswer(status=None, body=b"", note=LEASE_TOO_SHORT)
            answer: VoidAnswer = NotSent(raw=raw, reason=LEASE_TOO_SHORT)
        else:
            answer = await self._pac.void(account, claimed.document_type, claimed.standing_id, body)
        self._crashpoint("after_void_answer_before_record")
        return await self._record(claimed, token, answer)

    async def _record(self, document: FiscalDocument, token: int, answer: VoidAnswer) -> FiscalDocument:
        def apply(current: FiscalDocument) -> Change:
            return record_void_answer(
                current,
                token=token,
                answer=answer,
                now=self._clock.now(),
                schedules=self._schedules,
                rules=self._rules,
            )

        recorded = await self._keep(document, apply)
        self._crashpoint("after_void_record")
        if not isinstance(answer, NotSent) or answer.reason != LEASE_TOO_SHORT:  # which says nothing about the PAC
            await self._circuit.note(document.tenant_id, answer)
        return recorded
