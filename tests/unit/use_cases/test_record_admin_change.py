"""A change is kept as asked before it, and as what came of it after it, whatever fails in between."""

import pytest

from adapters.persistence.in_memory_store import InMemoryStore, in_memory_stores
from adapters.scheduler.manual_clock import ManualClock
from core.administration import AdminEvent, AdminKind, AdminOutcome, ChainedAdminEvent
from core.failures import ApiKeyNotFoundError, PacUnavailableError, StoreUnavailableError
from core.ports.administration_journal import AdminEventFilter, AdminEventPage, AdministrationJournal
from core.use_cases.record_admin_change import AdminChange, RecordAdminChange
from tests.builders import NOW

CHANGE = AdminChange(actor="operator:ana", kind=AdminKind.API_KEY_REVOKED, subject="01KEY", facts={"name": "till"})


class JournalThatLoses(AdministrationJournal):
    """Cannot be written when it comes to one outcome."""

    def __init__(self, lost: AdminOutcome | None = None) -> None:
        self.store = InMemoryStore()
        self._inner = in_memory_stores(self.store).administration
        self._lost = lost

    async def append(self, event: AdminEvent) -> ChainedAdminEvent:
        if event.outcome is self._lost:
            raise StoreUnavailableError
        return await self._inner.append(event)

    async def page(self, wanted: AdminEventFilter, *, before: int | None, limit: int) -> AdminEventPage:
        return await self._inner.page(wanted, before=before, limit=limit)

    @property
    def outcomes(self) -> list[str]:
        return [each.event.outcome.value for each in self.store.admin_events]


class Work:
    """What is done, and how often it was."""

    def __init__(self, failure: BaseException | None = None) -> None:
        self.times = 0
        self._failure = failure

    async def __call__(self) -> str:
        self.times += 1
        if self._failure is not None:
            raise self._failure
        return "a secret that is shown once"


async def test_nothing_is_done_that_cannot_be_kept_as_asked() -> None:
    journal, work = JournalThatLoses(AdminOutcome.ASKED), Work()
    with pytest.raises(StoreUnavailableError):
        await RecordAdminChange(journal, ManualClock(NOW))(CHANGE, work)
    assert (work.times, journal.outcomes) == (0, [])


async def test_what_was_done_is_answered_though_its_outcome_is_lost_and_the_question_stays() -> None:
    journal, work = JournalThatLoses(AdminOutcome.DONE), Work()
    assert await RecordAdminChange(journal, ManualClock(NOW))(CHANGE, work) == "a secret that is shown once"
    assert (work.times, journal.outcomes) == (1, ["ASKED"])


@pytest.mark.parametrize(
    ("failure", "outcome", "code"),
    [
        (ApiKeyNotFoundError(key_id="01KEY"), "REFUSED", "api_key_not_found"),
        (PacUnavailableError(reason="silence"), "UNKNOWN", "pac_unavailable"),
        (RuntimeError("a bug"), "UNKNOWN", None),
        (KeyboardInterrupt(), "UNKNOWN", None),
    ],
)
async def test_a_failure_is_kept_and_told(failure: BaseException, outcome: str, code: str | None) -> None:
    journal = JournalThatLoses()
    with pytest.raises(type(failure)):
        await RecordAdminChange(journal, ManualClock(NOW))(CHANGE, Work(failure), notes={"next_step": "office"})
    assert journal.outcomes == ["ASKED", outcome]
    facts = journal.store.admin_events[-1].event.facts
    assert (facts.get("code"), facts["next_step"]) == (code, "office")


async def test_facts_stay_within_their_limits() -> None:
    journal = JournalThatLoses()
    facts = {f"fact {number:02}": "x" * 1000 for number in range(50)}
    long = AdminChange(actor="operator:ana", kind=AdminKind.SECRET_SET, subject="s" * 999, facts=facts)
    await RecordAdminChange(journal, ManualClock(NOW))(long, Work())
    for kept in journal.store.admin_events:
        assert len(kept.event.facts) == 20
        assert {len(value) for value in kept.event.facts.values()} == {200}
        assert len(kept.event.subject) == 64
