"""Bugs in how a document gets into doubt and out of it: core.lifecycle.doubt, sending and schedules."""

from dataclasses import replace
from datetime import timedelta

from core.documents import Refusal, Submission
from core.events import EventKind
from core.lifecycle.doubt import _resend
from core.ports.pac_gateway import Duplicate, Rejected, Throttled
from core.tenants import DoubtPolicy
from tests.simulation.planted_bug import planted_bug

SENDING = "core.lifecycle.sending"
DOUBT = "core.lifecycle.doubt"


@planted_bug(
    f"{DOUBT}:_resend",
    breaks="The refusal of the repetition counts as the only answer there ever was.",
    within=5,
    speaks="A6",
)
def doubt_is_forgotten_on_the_way_back_to_queued(right):
    def resend(document, now):
        change = right(document, now)
        return replace(change, document=replace(change.document, maybe_executed=False))

    return resend


def _final(right, is_meant):
    """``_apply`` for which the answers that are meant refuse the document for good, whatever was sent before."""

    def apply(document, held, answer, now, schedules, rules):
        after, events = right(document, held, answer, now, schedules, rules)
        if not (held.doubted_before and is_meant(answer)):
            return after, events
        refusal = Refusal(codes=("taken as final",), messages=())
        refused = replace(
            document, submission=Submission.REFUSED, claim=None, refusal=refusal, next_action_at=None, hinted_ids=()
        )
        return refused, (replace(events[0], kind=EventKind.REFUSED),)

    return apply


@planted_bug(
    f"{SENDING}:_apply",
    breaks="A 400 to the repetition refuses the document that the first attempt brought in.",
    within=25,
    speaks="A6",
)
def a_400_to_the_resend_is_final(right):
    return _final(right, lambda answer: isinstance(answer, Rejected) and answer.raw.status == 400)


@planted_bug(
    f"{SENDING}:_apply",
    breaks="A 422 to the repetition refuses the document that the first attempt brought in.",
    within=5,
    speaks="A6",
)
def a_422_to_the_resend_is_final(right):
    return _final(right, lambda answer: isinstance(answer, Rejected) and answer.raw.status == 422)


@planted_bug(
    f"{SENDING}:_apply",
    breaks="A second id that the PAC rejects at once refuses the document that the first id stands for.",
    within=5,
    speaks="A6",
)
def a_2xx_with_an_id_and_pac_rejected_is_final_for_the_resend(right):
    return _final(right, lambda answer: isinstance(answer, Rejected) and answer.document is not None)


@planted_bug(
    f"{SENDING}:_apply",
    breaks="The same in the form that names the DGI's own number for it, 1002.",
    within=100,
    speaks="A6",
)
def a_2xx_with_an_id_and_1002_is_final_for_the_resend(right):
    return _final(
        right, lambda answer: isinstance(answer, Duplicate) and answer.raw.status == 200 and answer.pac_document_id
    )


@planted_bug(
    f"{SENDING}:_apply",
    breaks="A conflict that names nobody refuses the document that it is in conflict with: the same one.",
    within=25,
    speaks="A6",
)
def a_409_without_an_id_is_final_for_the_resend(right):
    return _final(
        right, lambda answer: isinstance(answer, Duplicate) and answer.raw.status == 409 and not answer.pac_document_id
    )


@planted_bug(
    "adapters.persistence.in_memory_tenants:InMemoryTenantResolver.get",
    breaks="The tenant's policy park is not asked: the bytes go out again although the PAC may take a number twice.",
    within=50,
    speaks="A10",
)
def the_policy_is_not_asked(right):
    async def get(self, tenant_id):
        return replace(await right(self, tenant_id), doubt_policy=DoubtPolicy.RESEND)

    return get


@planted_bug(
    f"{SENDING}:_doubt",
    breaks="What was not answered is sent again at once, as any other HTTP call would be.",
    within=5,
    speaks="A17",
)
def an_answer_that_does_not_come_is_a_reason_to_send_again(right):
    def doubt(document, reason, now, schedules, *, hint=None):
        after, events = right(document, reason, now, schedules, hint=hint)
        return replace(after, submission=Submission.QUEUED, next_action_at=now + timedelta(seconds=2)), events

    return doubt


@planted_bug(
    "core.schedules:Schedules.settled_at",
    breaks="The bytes go out again while the PAC may still accept the first ones late.",
    within=5,
    speaks="A10",
)
def there_is_no_settling_time(right):
    return lambda _schedules, attempt_ends_at: attempt_ends_at


@planted_bug(
    "core.schedules:Schedules.doubt_ends_at",
    breaks="Nobody is told of a document that waits for evidence that never comes.",
    within=5,
    speaks="A17",
)
def the_deadline_of_doubt_is_never_reached(right):
    return lambda schedules, since: right(schedules, since) + timedelta(days=3650)


@planted_bug(
    f"{DOUBT}:_quarantine",
    breaks="What is past its deadline is sent once more instead of shown to people, for ever.",
    within=5,
    speaks="A17",
)
def quarantine_is_forgotten(right):
    def quarantine(document, what, now, schedules):
        return _resend(document, now)

    return quarantine


@planted_bug(
    f"{SENDING}:claim",
    breaks="A document that is under way is taken for one that never left.",
    within=5,
    speaks="I6",
)
def the_claim_does_not_set_maybe_executed(right):
    def claim(document, *, now, worker, schedules):
        change = right(document, now=now, worker=worker, schedules=schedules)
        if change is None:
            return None
        return replace(change, document=replace(change.document, maybe_executed=document.maybe_executed))

    return claim


@planted_bug(
    f"{SENDING}:expire_claim",
    breaks="A worker that died after its POST left counts as one that sent nothing.",
    within=5,
    speaks="A6",
)
def a_lease_that_ran_out_puts_the_old_maybe_executed_back(right):
    def expire_claim(document, *, now, schedules):
        change = right(document, now=now, schedules=schedules)
        if change is None:
            return None
        queued = replace(
            change.document,
            submission=Submission.QUEUED,
            maybe_executed=document.claim.doubted_before,
            next_action_at=now,
            doubt_since=None,
            doubt_reason=None,
            settles_at=None,
        )
        return replace(change, document=queued)

    return expire_claim


@planted_bug(
    f"{SENDING}:_apply",
    breaks="A 429 to the repetition wipes out that an earlier attempt may have passed.",
    within=1000,
    speaks="A6",
)
def throttling_clears_doubt(right):
    def apply(document, held, answer, now, schedules, rules):
        after, events = right(document, held, answer, now, schedules, rules)
        return (replace(after, maybe_executed=False) if isinstance(answer, Throttled) else after), events

    return apply


@planted_bug(
    f"{SENDING}:expire_claim",
    breaks="A document whose worker died stays SENDING for ever.",
    within=5,
    speaks="A17",
)
def a_lease_that_ran_out_is_not_noticed(right):
    def expire_claim(document, *, now, schedules):
        return None

    return expire_claim


@planted_bug(
    f"{DOUBT}:_may_resend",
    breaks="What the PAC called a repetition is repeated, with the same answer each time.",
    within=5,
    speaks="A17",
)
def a_known_repetition_is_repeated_without_end(right):
    def may_resend(document, policy, now, schedules):
        asked = replace(document, doubt_reason="", resends=0)
        return right(asked, policy, now, schedules)

    return may_resend


@planted_bug(
    "core.use_cases.submit_document:SubmitDocument._read_inbox",
    breaks="The bytes go out again although a webhook that lies in the inbox says that the PAC has them.",
    within=500,
    speaks="A10",
)
def the_inbox_is_not_read_before_a_send(right):
    async def read_inbox(self, document):
        return document

    return read_inbox


@planted_bug(
    "core.lifecycle.doubt:withhold",
    breaks="A repetition that was decided before the policy fell to park leaves all the same.",
    within=50,
    speaks="A10",
)
def a_repetition_is_not_withheld(right):
    def withhold(document, *, policy, now, schedules):
        return None

    return withhold
