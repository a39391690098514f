"""Bugs by which two documents stand for one sale: worlds in which what was refused is corrected, and was valid."""

from dataclasses import replace

from core.lifecycle.replacing import lives_beside_its_successor
from tests.simulation.planted_bug import Search, planted_bug

LATER = Search.LATER_WISHES
STAY_BEHIND = "core.use_cases.stay_behind_original:StayBehindOriginal"
REPLACING = "core.lifecycle.replacing"


@planted_bug(
    f"{STAY_BEHIND}.may_leave",
    breaks="A successor is sent whatever is known of the document that it replaces.",
    search=LATER,
    within=40,
    speaks="I3",
)
def a_successor_is_not_held_back(right):
    async def may_leave(self, successor, read_inbox):
        return True

    return may_leave


@planted_bug(
    f"{REPLACING}:lives_beside_its_successor",
    breaks="Evidence that made a replaced document valid is recorded, and its successor does not ask for it.",
    search=LATER,
    within=40,
    speaks="I3",
)
def late_evidence_for_the_original_is_ignored(right):
    return lambda _: False


@planted_bug(
    f"{REPLACING}:stands_in_the_way",
    breaks="What a webhook says of the original counts only when it was looked up, and the PAC cannot be asked now.",
    search=LATER,
    within=40,
    speaks="I3",
)
def a_hint_that_is_not_looked_up_yet_does_not_count(right):
    return lives_beside_its_successor


@planted_bug(
    f"{STAY_BEHIND}._originals",
    breaks="A successor of a successor asks for its own original alone, not for what that one replaced.",
    search=LATER,
    within=60,
    speaks="I3",
)
def only_the_nearest_original_is_asked(right):
    async def originals(self, successor, read_inbox):
        async for found in right(self, successor, read_inbox):
            yield found
            return

    return originals


@planted_bug(
    f"{REPLACING}:replace_with",
    breaks="Two calls at once both get a successor: nobody looks again under the lock of the row.",
    search=LATER,
    within=20,
    speaks="A1",
)
def a_document_is_replaced_twice(right):
    def replace_with(document, *, successor, actor, now):
        return right(replace(document, replaced_by=None), successor=successor, actor=actor, now=now)

    return replace_with


@planted_bug(
    f"{REPLACING}:refuse_unless_replaceable",
    breaks="What was refused with a code that no table knows is replaced at once, while the PAC may still accept it.",
    search=LATER,
    within=40,
    speaks="I3",
)
def what_may_still_be_accepted_is_replaced(right):
    return lambda document: right(replace(document, settles_at=None))
