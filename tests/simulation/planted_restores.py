"""Bugs in what is remembered outside the database, and in what a restore makes of it: random worlds."""

from core.use_cases.recall_departures import Recalled
from tests.simulation.planted_bug import Search, planted_bug

WORLDS = Search.RANDOM_WORLDS


@planted_bug(
    "core.use_cases.recall_departures:RecallDepartures.__call__",
    breaks="After a restore nobody looks at what had left: the same key issues its sale a second time.",
    search=WORLDS,
    within=5,
    speaks="A1",
)
def the_departure_log_is_ignored_in_recovery(right):
    async def recall(self, tenants):
        return Recalled(reach=await self._departures.reach())

    return recall


@planted_bug(
    "core.use_cases.submit_document:SubmitDocument._remember_outside",
    breaks="What leaves is remembered outside the database only from its second attempt on.",
    search=WORLDS,
    within=10,
    speaks="A1",
)
def the_first_departure_is_not_remembered(right):
    async def remember_outside(self, document, body):
        if document.attempts:
            return await right(self, document, body)
        return await self._high_water.raise_to(document.tenant_id, document.series, document.number)

    return remember_outside


@planted_bug(
    "core.use_cases.recall_lost:RecallLost.recalled",
    breaks="What comes back after a restore is sent at once, as if it had never left.",
    search=WORLDS,
    within=10,
    speaks="A6",
)
def a_document_that_comes_back_is_sent_blindly(right):
    return lambda _self, recording, _lost: recording
