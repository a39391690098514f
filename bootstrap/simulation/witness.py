"""Sees every change of every document the moment it is committed, and every POST the moment it leaves.

What it holds against the service after each step is written here anew, from docs of the protocol and not with the
service's own functions: an oracle that shares the code shares the mistake.
"""

import hashlib
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.alanube.fake.progression import DGI_AUTHORIZED
from bootstrap.simulation.successor_watch import SuccessorWatch, ValidIds
from bootstrap.simulation.trace import Trace
from core.documents import FiscalDocument, LegalStatus, Submission
from core.identifiers import DeliveryId, DocumentId, TenantId
from core.ports.webhook_inbox import Delivery, DeliveryState

MOST_VIOLATIONS = 20
_RANK = {
    LegalStatus.NONE: 0,
    LegalStatus.UNRECOGNISED: 0,
    LegalStatus.REGISTERED: 1,
    LegalStatus.PAC_AUTHORIZED: 2,
    LegalStatus.PAC_REJECTED: 3,
    LegalStatus.DGI_AUTHORIZED: 3,
    LegalStatus.DGI_REJECTED: 3,
}
_UNFINISHED = (Submission.QUEUED, Submission.SENDING, Submission.IN_DOUBT)
_FIXED = ("tenant_id", "series", "number", "expected_cufe", "security_code", "idempotency_key", "issued_at", "draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """``invariant``: an id of the invariant table."""

    invariant: str
    what: str

    def __str__(self) -> str:
        """As a line."""
        return f"{self.invariant}: {self.what}"


@dataclass(slots=True, kw_only=True)
class Watched:
    """What the witness knows of one document beyond its newest state."""

    body_digest: str | None = None
    doubted_at: datetime | None = None  # when an attempt last ended without proof
    posts: list[datetime] = field(default_factory=list)


class Witness:
    """One for a whole world; it outlives every process."""

    def __init__(
        self,
        trace: Trace,
        clock: Callable[[], datetime],
        status_at_pac: Callable[[str], str | None],
        valid_ids_at_pac: ValidIds,
        *,
        settling: timedelta,
    ) -> None:
        """``clock`` is the true time. ``status_at_pac``: the legal status that the PAC itself keeps of an id.
        ``valid_ids_at_pac``: the ids under which it holds a CUFE as authorised and not void.

        ``settling``: how long after a lost attempt nothing may be posted again.
        """
        self.violations: list[Violation] = []
        self.documents: dict[DocumentId, FiscalDocument] = {}
        self.watched: dict[DocumentId, Watched] = {}
        self.by_body: dict[str, DocumentId] = {}
        self.waiting: dict[DeliveryId, TenantId] = {}
        self.parked: set[TenantId] = set()  # tenants whose policy never sends twice
        self.companies: dict[TenantId, str] = {}
        self.successors = SuccessorWatch(self.documents, valid_ids_at_pac)
        self.checks = 0
        self._intents: dict[tuple[TenantId, str], DocumentId] = {}
        self._numbers: dict[tuple[object, ...], DocumentId] = {}
        self._due: list[tuple[datetime, DocumentId]] = []
        self._trace = trace
        self._clock = clock
        self._status_at_pac = status_at_pac
        self.settling = settling

    def accuse(self, invariant: str, what: str) -> None:
        """Something is wrong; the first of it are kept."""
        if len(self.violations) < MOST_VIOLATIONS:
            self.violations.append(Violation(invariant=invariant, what=what))

    # -- documents ------------------------------------------------------------------------------------------

    def recorded(self, document: FiscalDocument, body: bytes) -> None:
        """A new document with the bytes that every attempt must post."""
        digest = hashlib.sha256(body).hexdigest()
        if self.by_body.setdefault(digest, document.document_id) != document.document_id:
            self.accuse("A7", f"two documents have the same bytes: {_name(document)}")
        self.watched.setdefault(document.document_id, Watched()).body_digest = digest

    def saw(self, document: FiscalDocument) -> bool:
        """A document as it was just committed; whether it is due sooner than anything was."""
        before = self.documents.get(document.document_id)
        if before is not None and document.version <= before.version:
            if document.version == before.version and document != before:
                self.accuse("A30", f"version {document.version} of {_name(document)} has two contents")
            return False
        self.checks += 1
        self.documents[document.document_id] = document
        if before is None:
            self._appeared(document)
        else:
            self._moved(before, document)
        self._check_now(document)
        self._trace.note(
            "document", document.document_id, document.version, document.submission.value, document.legal_status.value
        )
        return self._note_due(document)

    def forget(self) -> None:
        """The database went back in time: what was lost is nobody's document any more. A number that was posted stays
        taken (A36); one that never left its process may be given again, since nobody outside saw it."""
        posted = {document_id for document_id, watched in self.watched.items() if watched.posts}
        self._numbers = {number: owner for number, owner in self._numbers.items() if owner in posted}
        self._intents.clear()
        self.documents.clear()
        self.successors.forget()
        self.waiting.clear()
        self._due.clear()

    def next_due(self) -> datetime | None:
        """When the next document is due."""
        while self._due:
            due, document_id = self._due[0]
            current = self.documents.get(document_id)
            if current is not None and current.next_action_at == due:
                return due
            heapq.heappop(self._due)
        return None

    def _note_due(self, document: FiscalDocument) -> bool:
        due = document.next_action_at
        if due is None:
            return False
        earlier = not self._due or due < self._due[0][0]
        heapq.heappush(self._due, (due, document.document_id))
        return earlier

    def _appeared(self, document: FiscalDocument) -> None:
        intent = (document.tenant_id, document.idempotency_key)
        if self._intents.setdefault(intent, document.document_id) != document.document_id:
            self.accuse("A1", f"intent {document.idempotency_key} has a second document: {_name(document)}")
        number = (document.tenant_id, document.series, document.number)
        if self._numbers.setdefault(number, document.document_id) != document.document_id:
            self.accuse("A3", f"the number of {_name(document)} was another document's")

    def _moved(self, before: FiscalDocument, after: FiscalDocument) -> None:
        for name in _FIXED:
            if getattr(before, name) != getattr(after, name):
                self.accuse("A3", f"{name} of {_name(after)} changed")
        if after.last_token < before.last_token or after.attempts < before.attempts:
            self.accuse("A31", f"the fencing token or the attempts of {_name(after)} went back")
        if _RANK[after.legal_status] < _RANK[before.legal_status]:
            self.accuse("A11", f"{_name(after)} went from {before.legal_status.value} to {after.legal_status.value}")
        if before.legal_status.is_terminal and after.legal_status is not before.legal_status:
            self.accuse("A12", f"{before.legal_status.value} of {_name(after)} became {after.legal_status.value}")
        if before.cufe is not None and after.cufe != before.cufe:
            self.accuse("A13", f"the CUFE of {_name(after)} changed")
        self._check_submission(before, after)
        if before.void is not None and (after.void is None or after.void.last_token < before.void.last_token):
            self.accuse("A21", f"the void of {_name(after)} was forgotten")
        if before.is_void and not after.is_void:
            self.accuse("A23", f"{_name(after)} was void and is not any more")

    def _check_submission(self, before: FiscalDocument, after: FiscalDocument) -> None:
        was, now = before.submission, after.submission
        if was is Submission.ACCEPTED and now not in (Submission.ACCEPTED, Submission.QUARANTINED):
            self.accuse("I6", f"{_name(after)} was ACCEPTED and is {now.value}")
        if was is Submission.SENDING and now is Submission.IN_DOUBT:
            self.watched.setdefault(after.document_id, Watched()).doubted_at = self._clock()
        if was is Submission.IN_DOUBT and now is Submission.QUEUED and not after.maybe_executed:
            self.accuse("A10", f"the doubt about {_name(after)} was forgotten on its way back to QUEUED")
        if was is not Submission.SENDING and now is Submission.SENDING and after.last_token == before.last_token:
            self.accuse("A31", f"{_name(after)} was claimed without a new token")
        if now is Submission.SENDING and after.last_token != before.last_token:
            self.successors.claimed(after)

    def _check_now(self, document: FiscalDocument) -> None:
        if document.submission in _UNFINISHED and document.next_action_at is None:
            self.accuse("A16", f"{_name(document)} is {document.submission.value} and nobody will look at it")
        if document.submission is Submission.ACCEPTED and document.next_action_at is None:
            wants_files = document.legal_status is LegalStatus.DGI_AUTHORIZED and len(document.files) < 2
            if not document.legal_status.is_terminal or wants_files:
                self.accuse("A16", f"{_name(document)} is not finished and nobody will look at it")
        if document.legal_status is LegalStatus.DGI_AUTHORIZED:
            if document.cufe is None or document.pac_document_id is None:
                self.accuse("A14", f"{_name(document)} is DGI_AUTHORIZED without CUFE or id")
            elif self._status_at_pac(document.pac_document_id) != DGI_AUTHORIZED:
                self.accuse("A15", f"{_name(document)} is DGI_AUTHORIZED here and not at the PAC")
        if document.submission is Submission.QUARANTINED and not document.quarantine_reason:
            self.accuse("A17", f"{_name(document)} is quarantined without a reason")

    # -- what leaves ----------------------------------------------------------------------------------------

    def posted(self, body: bytes, *, company_id: str, worker: str) -> None:
        """A document's POST leaves a process: is it recorded, claimed by that process, and allowed by now?"""
        now = self._clock()
        document_id = self.by_body.get(hashlib.sha256(body).hexdigest())
        document = None if document_id is None else self.documents.get(document_id)
        if document is None:
            self.accuse("A7", f"{worker} posts bytes that nobody recorded")
            return
        watched = self.watched[document.document_id]
        if document.submission is not Submission.SENDING or document.claim is None:
            self.accuse("A9", f"{worker} posts {_name(document)}, which is {document.submission.value}")
        elif document.claim.worker != worker:
            self.accuse("A31", f"{worker} posts {_name(document)}, which {document.claim.worker} has claimed")
        if self.companies.get(document.tenant_id) != company_id:
            self.accuse("A27", f"{_name(document)} goes to company {company_id}")
        if watched.doubted_at is not None:
            if now - watched.doubted_at < self.settling:
                self.accuse("A10", f"{_name(document)} is posted again {now - watched.doubted_at} after a lost answer")
            if document.tenant_id in self.parked:
                self.accuse("A10", f"{_name(document)} is posted again although the policy is park")
        for original in self.successors.valid_and_told_of(document):
            self.accuse(
                "I3", f"{_name(document)} is posted and {_name(original)}, which it replaces, is known to be valid"
            )
        watched.posts.append(now)

    def voids(self, pac_document_id: str, *, worker: str) -> None:
        """A DELETE leaves a process: is its void claimed by that process, of a document that can be voided?"""
        own = (one for one in self.documents.values() if one.standing_id == pac_document_id)
        document = next(own, None)
        if document is None or document.void is None:
            self.accuse("A21", f"{worker} voids {pac_document_id}, and nobody asked for it")
            return
        if document.void.claim is None or document.void.claim.worker != worker:
            self.accuse("A9", f"{worker} voids {_name(document)} without a claim")
        if document.standing_status is not LegalStatus.DGI_AUTHORIZED:
            self.accuse("A22", f"{_name(document)} is voided while it is {document.legal_status.value}")

    # -- the inbox ------------------------------------------------------------------------------------------

    def stored(self, delivery: Delivery) -> None:
        """A delivery was committed or settled."""
        if delivery.state is DeliveryState.RECEIVED:
            self.waiting[delivery.delivery_id] = delivery.tenant_id
        else:
            self.waiting.pop(delivery.delivery_id, None)


def _name(document: FiscalDocument) -> str:
    return f"{document.series.document_type.value}-{document.number:010d} ({document.idempotency_key})"
