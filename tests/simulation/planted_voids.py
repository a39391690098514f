"""Bugs in the protocol of a void: core.lifecycle.voiding and what an answer to a DELETE is taken to prove."""

from dataclasses import replace

from core.lifecycle.voiding import ToldByPac, fail_void, is_void_due, with_void
from core.ports.pac_gateway import AlreadyVoided, NotSent, Unknown, VoidNotFound, VoidRefused
from core.voids import VoidState
from tests.simulation.planted_bug import Search, planted_bug

VOIDING = "core.lifecycle.voiding"
VOIDS = Search.SMALL_VOIDS
OUTSIDE_THE_WINDOW = "AP10141"


def _believed(right, is_meant):
    """``_apply`` that takes the answers that are meant at their word, whatever was sent before."""

    def apply(document, void, held, answer, *others):
        if is_meant(answer):
            held = replace(held, doubted_before=False)
        return right(document, void, held, answer, *others)

    return apply


@planted_bug(
    f"{VOIDING}:_apply",
    breaks="The DELETE whose answer was lost had voided the document; the repetition comes too late and settles it.",
    search=VOIDS,
    within=25,
    speaks="A23",
)
def outside_the_window_settles_a_void_in_doubt(right):
    def is_meant(answer):
        return isinstance(answer, VoidRefused) and OUTSIDE_THE_WINDOW in answer.codes

    return _believed(right, is_meant)


@planted_bug(
    f"{VOIDING}:_apply",
    breaks="A refusal of the repetition in a code that no table knows settles a void that the PAC has executed.",
    search=VOIDS,
    within=10,
    speaks="A23",
)
def an_unknown_refusal_settles_a_void_in_doubt(right):
    return _believed(right, lambda answer: isinstance(answer, VoidRefused) and not answer.is_recognised)


@planted_bug(
    f"{VOIDING}:_apply",
    breaks="A 404 for the repetition settles a void that the PAC has executed.",
    search=VOIDS,
    within=500,
    speaks="A23",
)
def a_404_settles_a_void_in_doubt(right):
    return _believed(right, lambda answer: isinstance(answer, VoidNotFound))


@planted_bug(
    "adapters.alanube.void_answers:classify_void",
    breaks="The code that says that it is void already is read as a refusal.",
    search=VOIDS,
    within=10,
    speaks="A21",
)
def already_voided_is_taken_as_a_refusal(right):
    def classify_void(outcome, asked, known):
        answer = right(outcome, asked, known)
        if not isinstance(answer, AlreadyVoided):
            return answer
        return VoidRefused(raw=answer.raw, codes=answer.codes, messages=answer.messages, is_recognised=True)

    return classify_void


@planted_bug(
    "adapters.alanube.void_answers:classify_void",
    breaks="A DELETE whose answer did not come counts as one that never left.",
    search=VOIDS,
    within=5,
    speaks="A10",
)
def a_lost_answer_to_a_delete_counts_as_not_sent(right):
    def classify_void(outcome, asked, known):
        answer = right(outcome, asked, known)
        return NotSent(raw=answer.raw, reason=answer.reason) if isinstance(answer, Unknown) else answer

    return classify_void


@planted_bug(
    f"{VOIDING}:expire_void_claim",
    breaks="A worker that died in its DELETE ends the void: nobody asks for it any more.",
    search=VOIDS,
    within=50,
    speaks="A23",
)
def a_void_whose_lease_ran_out_has_failed(right):
    def expire_void_claim(document, *, now, schedules):
        change = right(document, now=now, schedules=schedules)
        if change is None:
            return None
        return fail_void(document, document.void, ToldByPac(codes=("lease",)), now=now, actor="void")

    return expire_void_claim


@planted_bug(
    f"{VOIDING}:_doubt",
    breaks="The DELETE is repeated while the PAC may still execute the first one late.",
    search=VOIDS,
    within=5,
    speaks="A21",
)
def a_void_in_doubt_does_not_settle(right):
    def doubt(document, void, held, reason, told, now, schedules):
        change = right(document, void, held, reason, told, now, schedules)
        hasty = replace(change.document.void, settles_at=now, due_at=now)
        return replace(change, document=with_void(change.document, hasty, now=now))

    return doubt


@planted_bug(
    f"{VOIDING}:is_void_due",
    breaks="A void in doubt is asked for once and then left alone.",
    search=VOIDS,
    within=5,
    speaks="A21",
)
def a_void_in_doubt_is_not_asked_for_again(right):
    def is_void_due_(document, *, now):
        void = document.void
        return right(document, now=now) and not (void.state is VoidState.IN_DOUBT and void.claim is None)

    assert right is is_void_due
    return is_void_due_
