"""What must be true of one document after every turn and at its end, seen from both sides: our rows and the PAC.

Every assertion ends with the invariant that it speaks for, in brackets.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind, posts_a_document
from adapters.alanube.fake.progression import DGI_AUTHORIZED
from adapters.alanube.fake.records import Exchange as PacExchange
from adapters.alanube.fake.records import FakeDocument
from adapters.persistence.in_memory_state import InMemoryStore, StoredDocument
from core.documents import FiscalDocument, LegalStatus, Submission
from core.events import Event, EventKind
from core.invariants.attachments import check_attachment_rows, check_content
from core.invariants.contents import BODY_DIGEST, check_body, check_cufe
from core.invariants.faults import Severity
from core.invariants.findings import Finding
from core.invariants.inbox import check_delivery
from core.invariants.numbering import SeriesWalk, check_mark
from core.invariants.states import Lateness, check_due_time, check_state
from core.invariants.timelines import check_timeline
from core.lifecycle.following import RANKS
from core.lifecycle.siblings import TWICE
from core.ports.store_inspection import NumberUse, StoredAttachment
from core.tenants import DoubtPolicy
from tests.simulation.small_plan import Plan
from tests.world import World

GRACE = timedelta(seconds=60)
KNOWN_WITHIN = timedelta(minutes=60)
PROVES_NOTHING_HAPPENED = frozenset({FaultKind.DROP_BEFORE, FaultKind.UNAUTHORIZED_401, FaultKind.THROTTLED_429})
LEAVES_NO_DOUBT = frozenset({*PROVES_NOTHING_HAPPENED, "before_claim", "after_record"})


class OneDocumentOracle:
    """Judges the only document of a world."""

    def __init__(self, world: World, memory: InMemoryStore, plan: Plan) -> None:
        self._world = world
        self._memory = memory
        self._plan = plan
        self._before: FiscalDocument | None = None
        self._webhooks: list[bytes] = []
        self._told_at: datetime | None = None
        self._most_posts: int | None = None

    def let_nothing_leave(self) -> None:
        """From now on something speaks against any further POST."""
        self._most_posts = len(list(posts_of(self._world.engine.exchanges)))

    def take_webhook(self, body: bytes) -> None:
        """The door answered it with 200."""
        self._webhooks.append(body)
        self._told_at = self._told_at or self._world.clock.now()

    def after_turn(self) -> FiscalDocument:
        """The document as it stands. Raises AssertionError naming what broke."""
        stored = self._only_document()
        self._is_sound(stored)
        if self._before is not None:
            _never_goes_back(self._before, stored.document)
        self._before = stored.document
        return stored.document

    def at_the_end(self) -> None:
        """Raises AssertionError naming what broke."""
        stored = self._only_document()
        self._was_read_before_it_was_adopted(stored)
        self._ends_well(stored.document)
        self._is_known_as_the_pac_has_it(stored.document)
        self._what_told_of_it_was_heard(stored)
        self._a_second_one_is_noticed(stored)
        self._was_posted_by_the_rules(stored)
        self._numbers_are_accounted_for(stored.document)
        self._inbox_is_whole()

    def _only_document(self) -> StoredDocument:
        numbers = {stored.document.number for stored in self._memory.documents.values()}
        assert len(numbers) <= 1, "an order in doubt gets no second number (A3)"
        assert len(self._memory.documents) == 1, "one intent and one order have one document (I1)"
        return next(iter(self._memory.documents.values()))

    def _is_sound(self, stored: StoredDocument) -> None:
        document, events, files = stored.document, tuple(stored.events), stored.attachments
        _nothing_found(check_state(document))
        _nothing_found(check_due_time(document, Lateness(now=self._world.clock.now(), grace=GRACE)))
        _nothing_found(check_timeline(document, events, len(events)))
        _nothing_found(check_body(document, stored.body, events, None))
        _nothing_found(check_cufe(document))
        kept = [StoredAttachment(attachment=file, is_current=True) for file in files]
        _nothing_found(check_attachment_rows(document, kept))
        for file in files:
            content = self._memory.files.get((document.tenant_id, file.digest))
            assert content is not None, "no row without a blob (A20)"
            assert hashlib.sha256(content).hexdigest() == file.digest, "the blob is what its row says (I9)"
            _nothing_found(check_content(document, file, content))

    def _ends_well(self, document: FiscalDocument) -> None:
        if document.submission is Submission.ACCEPTED and document.legal_status is LegalStatus.DGI_AUTHORIZED:
            assert len(document.files) == 2, "authorised, so its files lie here (A19)"
            assert not any(file.is_provisional for file in document.files), "the final files lie here (A19)"
            assert document.next_action_at is None, "nothing is left to do for it (A17)"
            assert not document.hinted_ids, "every id that was named for it was looked at (A17)"
            return
        assert document.submission in (Submission.QUARANTINED, Submission.REFUSED), (
            f"{document.submission.value} {document.legal_status.value} is no end (A17)"
        )

    def _is_known_as_the_pac_has_it(self, document: FiscalDocument) -> None:
        plan, authorised = self._plan, self._authorised(document)
        repeats = plan.troubles.count(FaultKind.PROXY_REPEATS_POST)
        may_double = plan.duplicate is DuplicateAnswer.ACCEPTED_TWICE and (repeats or plan.policy is DoubtPolicy.RESEND)
        most = 1 + self._world.schedules.resends_max + repeats if may_double else 1
        assert len(authorised) <= most, "never two authorised documents for one intent (I3)"
        numbers = {held.numeration for held in self._world.engine.documents}
        assert len(numbers) <= 1, "never a second number for one intent (A3)"
        if document.submission is Submission.REFUSED and not plan.may_be_refused_wrongly:
            assert not authorised, "nothing authorised at the PAC is refused here (A6)"
            raise AssertionError("nobody refused this document (A17)")
        is_authorised_here = document.legal_status is LegalStatus.DGI_AUTHORIZED
        if is_authorised_here:
            assert document.pac_document_id in {held.id for held in authorised}, "authorised there too (A15)"
        if LEAVES_NO_DOUBT.issuperset(plan.troubles):
            assert is_authorised_here, "nothing was ever in doubt: it is authorised (A17)"
        is_held_back = self._most_posts is not None
        most = self._world.schedules.resends_max
        if plan.policy is DoubtPolicy.RESEND and not is_held_back and len(plan.troubles) <= most:
            assert authorised, "what never arrived is sent again (A17)"

    def _what_told_of_it_was_heard(self, stored: StoredDocument) -> None:
        document, authorised = stored.document, self._authorised(stored.document)
        if not authorised:
            return
        is_authorised_here = document.legal_status is LegalStatus.DGI_AUTHORIZED
        if self._told_at is not None:
            assert is_authorised_here, "a webhook told of it: it is known here (A5)"
            assert document.accepted_at is not None
            assert document.accepted_at - self._told_at <= KNOWN_WITHIN, "and it is known soon (A5)"
        answers = [one.body for one in stored.exchanges]
        if any(f'"{held.id}"'.encode() in answer for held in authorised for answer in answers):
            assert is_authorised_here, "an answer named it: it is known here (A5)"

    def _was_read_before_it_was_adopted(self, stored: StoredDocument) -> None:
        for one in stored.events:
            if one.event.kind in (EventKind.ADOPTED, EventKind.SIBLING_ADOPTED):
                self._was_read(one.event)

    def _was_read(self, adopted: Event) -> None:
        end = f"/{adopted.facts['pac_document_id']}"
        reads = (one for one in self._world.engine.exchanges if one.request.method == "GET" and one.at <= adopted.at)
        assert any(one.request.path.endswith(end) for one in reads), "what is adopted was read at the PAC (A15)"

    def _a_second_one_is_noticed(self, stored: StoredDocument) -> None:
        document = stored.document
        if len(self._authorised(document)) < 2 or self._told_at is None:
            return
        alarms = {one.event.facts.get("about") for one in stored.events if one.event.kind is EventKind.ALARM}
        assert alarms & {TWICE, "second_id_at_pac"}, "two ids for one number are noticed (I3)"
        policy = self._memory.tenants[document.tenant_id].doubt_policy
        assert policy is DoubtPolicy.PARK, "after two ids for one number nothing is sent twice any more (I3)"

    def _authorised(self, document: FiscalDocument) -> list[FakeDocument]:
        at_pac = self._world.engine.documents
        return [one for one in at_pac if one.cufe == document.expected_cufe and one.legal_status == DGI_AUTHORIZED]

    def _was_posted_by_the_rules(self, stored: StoredDocument) -> None:
        posts = list(posts_of(self._world.engine.exchanges))
        is_allowed = self._most_posts is None or len(posts) <= self._most_posts
        assert is_allowed, "no repetition against the policy, or against what the inbox says (A10)"
        recorded = next(one.event.facts[BODY_DIGEST] for one in stored.events if BODY_DIGEST in one.event.facts)
        digests = {hashlib.sha256(post.request.body).hexdigest() for post in posts}
        assert digests <= {recorded}, "every attempt posts the recorded bytes (I5)"
        claims = [one.event.at for one in stored.events if one.event.kind is EventKind.SENDING]
        for rank, post in enumerate(posts, start=1):
            older = sum(claimed_at <= post.at for claimed_at in claims)
            assert older >= rank, "no POST without a durable SENDING record that is older (A9)"
        uncertain = [post for post in posts if not proves_that_nothing_happened(post)]
        for earlier, later in pairwise(posts):
            waited = (later.at - earlier.at).total_seconds()
            is_certain = proves_that_nothing_happened(earlier)
            assert is_certain or waited >= self._world.schedules.settling, "no repetition before it settled (A10)"
        assert len(uncertain) <= 1 + self._world.schedules.resends_max, "repetitions have an end (A17)"
        self._kept_what_was_answered(stored, posts)

    def _kept_what_was_answered(self, stored: StoredDocument, posts: list[PacExchange]) -> None:
        answered = {post.answer.body or b"" for post in posts}
        kept = {one.body for one in stored.exchanges if one.status is not None}
        assert kept <= answered, "a raw answer is kept whole and never encoded anew (step 4)"

    def _numbers_are_accounted_for(self, document: FiscalDocument) -> None:
        ((key, state),) = self._memory.series.items()
        walk = SeriesWalk(document.tenant_id, state, self._memory.series_moves.get(key, []))
        _nothing_found(walk.take([NumberUse(number=document.number, document_id=document.document_id)]))
        _nothing_found(walk.end())
        sent = document.number if document.attempts else 0
        _nothing_found(check_mark(document.tenant_id, state, self._memory.marks.get(key, 0), sent))

    def _inbox_is_whole(self) -> None:
        taken = {hashlib.sha256(body).hexdigest() for body in self._webhooks}
        kept = [delivery.body_digest for delivery in self._memory.deliveries.values()]
        assert sorted(kept) == sorted(taken), "every webhook that was answered is in the inbox once (I10)"
        for delivery in self._memory.deliveries.values():
            found = check_delivery(delivery, now=self._world.clock.now(), grace=GRACE, is_lateness_judged=True)
            _nothing_found(found)


def posts_of(exchanges: Iterable[PacExchange]) -> Iterator[PacExchange]:
    """The POSTs of documents as they came in; one that is processed late came in once."""
    return (one for one in exchanges if posts_a_document(one.request) and "accepted_late" not in one.answer.faults)


def proves_that_nothing_happened(post: PacExchange) -> bool:
    """Whether whoever gets this answer knows that the POST had no effect."""
    return not PROVES_NOTHING_HAPPENED.isdisjoint(post.answer.faults)


def _nothing_found(found: Iterable[Finding]) -> None:
    for finding in found:
        if finding.fault.severity is Severity.BROKEN:
            raise AssertionError(f"{finding.fault.value}: {finding.detail} ({finding.fault.invariant})")


def _never_goes_back(before: FiscalDocument, after: FiscalDocument) -> None:
    if before.legal_status.is_terminal:
        assert after.legal_status is before.legal_status, "a terminal legal status never changes (A11)"
    if after.submission is Submission.ACCEPTED:
        assert RANKS[after.legal_status] >= RANKS[before.legal_status], "the legal status moves upward only (A11)"
    if before.submission is Submission.ACCEPTED:
        assert after.submission in (Submission.ACCEPTED, Submission.QUARANTINED), "ACCEPTED never goes back (I6)"
    if before.cufe is not None:
        assert after.cufe == before.cufe, "a CUFE once set never changes (A13)"
