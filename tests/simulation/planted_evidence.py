"""Bugs in what is believed of a document that somebody named: hints, other ids, webhooks."""

from dataclasses import replace

from core.documents import Change, Refusal, Submission
from core.events import Event, EventKind
from core.lifecycle.following import read_status
from core.ports.pac_gateway import Found, PacDocument, RawAnswer
from core.ports.webhook_inbox import DeliveryState
from tests.simulation.planted_bug import planted_bug

NOT_READ = RawAnswer(status=None, body=b"")
HINTS = "core.use_cases.examine_hints:ExamineHints"
EVIDENCE = "core.lifecycle.evidence"
SIBLINGS = "core.lifecycle.siblings"


@planted_bug(
    f"{HINTS}.__call__",
    breaks="Whoever can name an id decides what the document is: the PAC is not asked, no CUFE is compared.",
    within=250,
    speaks="A17",
)
def a_hint_is_adopted_without_a_get(right):
    async def examine(self, document):
        for hint in document.hinted_ids:
            believed = PacDocument(pac_document_id=hint, cufe=document.expected_cufe, legal_status="PAC_AUTHORIZED")
            document = await self._judge(document, hint, Found(raw=NOT_READ, document=believed))
        return document

    return examine


def _deaf(right, *states):
    def judge_hint(document, hint, shown, *, now, schedules):
        if document.submission in states:
            return None
        return right(document, hint, shown, now=now, schedules=schedules)

    return judge_hint


@planted_bug(
    f"{EVIDENCE}:judge_hint",
    breaks="A document that was refused wrongly stays refused, whatever the PAC shows.",
    within=250,
    speaks="A17",
)
def evidence_is_ignored_once_refused(right):
    return _deaf(right, Submission.REFUSED)


@planted_bug(
    f"{EVIDENCE}:judge_hint",
    breaks="Evidence for a document in doubt is looked at and left lying.",
    within=25,
    speaks="A5",
)
def evidence_is_ignored_in_doubt(right):
    return _deaf(right, Submission.IN_DOUBT)


@planted_bug(
    f"{EVIDENCE}:judge_hint",
    breaks="One id that was rejected as a repetition refuses the document that another id stands for.",
    within=50,
    speaks="A6",
)
def a_rejected_id_refuses_the_document(right):
    def judge_hint(document, hint, shown, *, now, schedules):
        if shown.legal_status != "PAC_REJECTED" or document.submission is not Submission.IN_DOUBT:
            return right(document, hint, shown, now=now, schedules=schedules)
        refused = replace(
            document,
            submission=Submission.REFUSED,
            refusal=Refusal(codes=shown.codes, messages=shown.messages),
            hinted_ids=(),
            next_action_at=None,
        )
        return Change(document=refused, events=(Event(at=now, kind=EventKind.REFUSED, actor="evidence"),))

    return judge_hint


@planted_bug(
    f"{SIBLINGS}:is_refused_repetition",
    breaks="The DGI's 1002 about the second id is taken for its word about the document.",
    within=100,
    speaks="A17",
)
def the_1002_at_the_dgi_after_a_resend_is_final(right):
    return lambda _document, _shown: False


@planted_bug(
    f"{SIBLINGS}:judge_sibling",
    breaks="A PAC that takes one number twice goes unnoticed, and the tenant goes on repeating.",
    within=250,
    speaks="A17",
)
def a_second_authorised_id_is_not_looked_at(right):
    def judge_sibling(document, sibling, shown, *, now, schedules):
        return None

    return judge_sibling


@planted_bug(
    "core.lifecycle.deliveries:take_delivery",
    breaks="The status of a document is what a webhook says.",
    within=25,
    speaks="A17",
)
def the_status_is_taken_from_the_webhook_body(right):
    def take_delivery(document, delivery, *, now):
        change = right(document, delivery, now=now)
        status = read_status(delivery.claimed_status)
        if document.submission is not Submission.ACCEPTED or status is None:
            return change
        facts = {"from": document.legal_status.value, "to": status.value}
        moved = replace(change.document, legal_status=status, raw_legal_status=status.value)
        events = (*change.events, Event(at=now, kind=EventKind.STATUS, actor="webhook", facts=facts))
        return replace(change, document=moved, events=events)

    return take_delivery


@planted_bug(
    "adapters.persistence.in_memory_webhook_inbox:InMemoryWebhookInbox.settle",
    breaks="A delivery that had its effect is not marked: it is processed again at every sweep.",
    within=50,
    speaks="I10",
)
def a_delivery_is_never_settled(right):
    async def settle(self, tenant_id, delivery_id, state, document_id):
        if state is not DeliveryState.PROCESSED:
            await right(self, tenant_id, delivery_id, state, document_id)

    return settle


@planted_bug(
    "adapters.persistence.in_memory_webhook_inbox:InMemoryWebhookInbox.store",
    breaks="The PAC is told 200 for a delivery that lies in memory until the next one comes.",
    within=25,
    speaks="I10",
)
def a_webhook_is_answered_before_it_is_stored(right):
    held = []

    async def store(self, delivery):
        before, held[:] = list(held), [delivery]
        for earlier in before:
            await right(self, earlier)
        return await _as_if_stored(self, delivery)

    async def _as_if_stored(self, delivery):
        stored = await right(self, delivery)
        del self._store.deliveries[delivery.tenant_id, delivery.delivery_id]
        return stored

    return store
