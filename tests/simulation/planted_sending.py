"""Bugs in steps 1 to 3: recording with a number, claiming, sending the stored bytes."""

import json
from dataclasses import replace

from core.documents import Submission
from tests.simulation.planted_bug import planted_bug

SUBMIT = "core.use_cases.submit_document:SubmitDocument"
DOCUMENTS = "adapters.persistence.in_memory_documents:InMemoryDocumentRepository"


@planted_bug(
    f"{SUBMIT}._send",
    breaks="The repetition carries the time of its own attempt: other bytes under the same number.",
    within=5,
    speaks="I5",
)
def the_body_is_rebuilt_instead_of_stored(right):
    async def send(self, account, document, body, claimed_at):
        rebuilt = self._pac.encode(replace(document, issued_at=self._clock.now().replace(microsecond=0)))
        return await right(self, account, document, rebuilt, claimed_at)

    return send


@planted_bug(
    "adapters.persistence.in_memory_journal:InMemoryDocumentJournal.body",
    breaks="The store keeps the meaning of the body and not its bytes; what is posted is not what was approved.",
    within=5,
    speaks="I5",
)
def the_bytes_of_an_attempt_are_encoded_anew(right):
    async def body(self, tenant_id, document_id):
        return json.dumps(json.loads(await right(self, tenant_id, document_id)), indent=1).encode()

    return body


@planted_bug(
    f"{SUBMIT}._submit",
    breaks="The bytes leave before the claim is stored: after a crash nobody knows that they did.",
    within=50,
    speaks="A9",
)
def the_post_leaves_before_the_claim_is_stored(right):
    async def submit(self, tenant_id, document_id):
        document = await self._documents.get(tenant_id, document_id)
        if document.submission is not Submission.QUEUED or document.hinted_ids:
            return document
        account = await self._find_account(tenant_id)
        answer = await self._send(
            account, document, await self._journal.body(tenant_id, document_id), self._clock.monotonic()
        )

        class Answered:
            async def submit(self, _account, _document_type, _body):
                return answer

        own, self._pac = self._pac, Answered()
        try:
            return await right(self, tenant_id, document_id)
        finally:
            self._pac = own

    return submit


@planted_bug(
    f"{DOCUMENTS}.record",
    breaks="A call that is refused after its number was taken leaves a gap that nobody can explain to the DGI.",
    within=5,
    speaks="I4",
)
def the_number_is_taken_outside_the_transaction(right):
    async def record(self, reservation, build):
        key = (reservation.tenant_id, reservation.series)
        before = self._store.series.get(key)
        try:
            return await right(self, reservation, build)
        except Exception:
            if before is not None:
                self._store.series[key] = replace(before, next_number=before.next_number + 1)
            raise

    return record


@planted_bug(
    f"{DOCUMENTS}._by_key",
    breaks="A caller that asks again with its key is not given the document that it has.",
    within=5,
    speaks="A8",
)
def the_idempotency_key_is_not_looked_up(right):
    return lambda _self, _tenant_id, _key, _fingerprint: None


@planted_bug(
    "adapters.persistence.document_keys:bills_its_order",
    breaks="An order whose invoice is in doubt may be billed again: a new number while the first may be authorised.",
    within=5,
    speaks="A3",
)
def doubt_gives_the_order_a_new_number(right):
    unresolved = (Submission.IN_DOUBT, Submission.QUARANTINED)
    return lambda document: right(document) and document.submission not in unresolved


@planted_bug(
    "adapters.persistence.in_memory_series:InMemoryHighWaterMarks.raise_to",
    breaks="After a restore nobody knows which numbers the PAC has seen.",
    within=5,
    speaks="A36",
)
def the_high_water_mark_is_not_raised_before_a_send(right):
    async def raise_to(self, tenant_id, series, number):
        return None

    return raise_to


@planted_bug(
    "core.use_cases.watch_circuit:WatchCircuit.admits",
    breaks="After one wrong token nothing of the tenant is ever sent again.",
    within=25,
    speaks="I8",
)
def an_open_circuit_never_probes(right):
    async def admits(self, tenant_id):
        circuit = await self._circuits.circuit_of(tenant_id)
        return circuit if circuit.is_open else None

    return admits
