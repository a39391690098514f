"""What a kill interrupted, read from our database and the fake right after it."""

from collections import Counter
from datetime import timedelta
from enum import StrEnum

from tests.torture.installation import Installation
from tests.torture.ledger import Ledger, Row
from tests.torture.posts import Posts


class Interrupted(StrEnum):
    """The state that a kill is counted under: the first of these that applies."""

    POSTED = "SENDING, between the first byte and the recorded answer"
    CLAIMED = "SENDING, claimed and not yet sent"
    STARTING = "starting"
    FILES = "files being fetched"
    QUEUED = "a document QUEUED"
    DOUBTED = "a document IN_DOUBT"
    FOLLOWED = "ACCEPTED, the DGI has not decided"
    IDLE = "idle"


class Interruptions:
    """Counts kills."""

    def __init__(self, installation: Installation, ledger: Ledger, posts: Posts) -> None:
        self._company_of: dict[str, str] = {shop.tenant_id: shop.company_id for shop in installation.shops}
        self._lease = timedelta(seconds=installation.plan.pace.lease_seconds)
        self._pac = installation.pac
        self._ledger = ledger
        self._posts = posts
        self.counts: Counter[Interrupted] = Counter()
        self.present: Counter[Interrupted] = Counter()  # kills at which such a document was there
        self.victims: Counter[str] = Counter()
        self.documents_posted = 0
        self.documents_claimed = 0

    async def count(self, victim: str, pid: int, *, was_ready: bool) -> Interrupted:
        """Classify the kill of ``pid``, which is dead already."""
        rows = self._ledger.documents(unsettled=True)
        await self._posts.look(self._pac)
        own = [row for row in rows if row.submission == "SENDING" and _pid_of(row) == pid]
        posted = [row for row in own if self._was_posted(row)]
        self.documents_posted += len(posted)
        self.documents_claimed += len(own) - len(posted)
        present = self._present(rows, own, posted, was_ready=was_ready)
        self.present.update(present)
        state = next((each for each in Interrupted if each in present), Interrupted.IDLE)
        self.counts[state] += 1
        self.victims[victim] += 1
        return state

    @staticmethod
    def _present(rows: list[Row], own: list[Row], posted: list[Row], *, was_ready: bool) -> set[Interrupted]:
        holds = {
            Interrupted.POSTED: bool(posted),
            Interrupted.CLAIMED: len(own) > len(posted),
            Interrupted.STARTING: not was_ready,
            Interrupted.FILES: any(row.legal_status == "DGI_AUTHORIZED" for row in rows),
            Interrupted.QUEUED: any(row.submission == "QUEUED" for row in rows),
            Interrupted.DOUBTED: any(row.submission == "IN_DOUBT" for row in rows),
            Interrupted.FOLLOWED: any(
                row.submission == "ACCEPTED" and row.legal_status != "DGI_AUTHORIZED" for row in rows
            ),
        }
        return {state for state, is_there in holds.items() if is_there}

    def _was_posted(self, row: Row) -> bool:
        if row.claim_expires_at is None:
            return False
        claimed_at = row.claim_expires_at - self._lease
        number = (self._company_of[row.tenant_id], row.billing_point, row.number)
        return bool(self._posts.since(number, claimed_at))


def _pid_of(row: Row) -> int:
    return int((row.claim_worker or "-:0").rpartition(":")[2])
