"""The pure step after a restore: nothing unsettled may be sent blindly, nothing settled is touched."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.claims import Claim
from core.documents import FiscalDocument, LegalStatus, Submission
from core.events import EventKind
from core.identifiers import PacDocumentId, TenantId
from core.lifecycle.recovering import TOKENS_APART, recover
from core.lifecycle.sending import AnswerRules, claim, record_answer
from core.ports.pac_gateway import Accepted, PacDocument, RawAnswer
from core.schedules import Schedules
from tests.builders import NOW, a_document

TENANT = TenantId("01TENANT")
SCHEDULES = Schedules()
LATER = NOW + timedelta(days=3)


def restored(document: FiscalDocument) -> FiscalDocument:
    change = recover(document, now=LATER, schedules=SCHEDULES)
    return document if change is None else change.document


def test_a_queued_document_may_have_been_accepted_after_the_backup() -> None:
    document = a_document(TENANT)
    change = recover(document, now=LATER, schedules=SCHEDULES)
    assert change is not None
    after = change.document
    assert after.submission is Submission.IN_DOUBT
    assert after.maybe_executed
    assert after.doubt_since == LATER
    assert after.doubt_reason == "restored"
    assert claim(after, now=LATER, worker="w", schedules=SCHEDULES) is None
    assert [event.kind for event in change.events] == [EventKind.IN_DOUBT]
    assert change.events[0].facts == {"reason": "restored", "was": "QUEUED"}


def test_it_settles_only_when_an_attempt_of_the_lost_time_would_have() -> None:
    after = restored(a_document(TENANT))
    assert after.settles_at == LATER + timedelta(seconds=SCHEDULES.lease + SCHEDULES.settling)
    assert after.next_action_at == after.settles_at


def test_evidence_that_is_at_hand_is_looked_at_now() -> None:
    after = restored(a_document(TENANT, hinted_ids=(PacDocumentId("pac-1"),)))
    assert after.next_action_at == LATER


def test_an_answer_of_the_lost_time_is_evidence_and_changes_no_state() -> None:
    """The lost claim had token 1. Without the leap the next claim would hold token 1 too."""
    claimed = claim(a_document(TENANT), now=NOW, worker="lost", schedules=SCHEDULES)
    assert claimed is not None
    lost_token = claimed.document.last_token
    queued_again = replace(restored(a_document(TENANT)), submission=Submission.QUEUED, next_action_at=LATER)
    anew = claim(queued_again, now=LATER, worker="new", schedules=SCHEDULES)
    assert anew is not None
    assert anew.document.last_token > TOKENS_APART
    answer = Accepted(
        raw=RawAnswer(status=201, body=b"{}"), document=PacDocument(pac_document_id=PacDocumentId("pac-lost"))
    )
    late = record_answer(
        anew.document, token=lost_token, answer=answer, now=LATER, schedules=SCHEDULES, rules=AnswerRules()
    )
    assert late.document.submission is Submission.SENDING
    assert late.document.hinted_ids == (PacDocumentId("pac-lost"),)


def test_the_reason_that_a_document_was_in_doubt_for_stays() -> None:
    document = a_document(
        TENANT, submission=Submission.IN_DOUBT, maybe_executed=True, doubt_reason="duplicate", doubt_since=NOW
    )
    after = restored(document)
    assert after.doubt_reason == "duplicate"
    assert after.doubt_since == LATER  # nobody waited while the installation was down


def test_an_accepted_document_is_followed_as_before() -> None:
    document = a_document(TENANT, submission=Submission.ACCEPTED, legal_status=LegalStatus.REGISTERED)
    after = restored(document)
    assert after == replace(document, maybe_executed=True)
    assert recover(after, now=LATER, schedules=SCHEDULES) is None


SETTLED = [
    {"submission": Submission.DRAFT},
    {"submission": Submission.IMPORTED},
    {"submission": Submission.REFUSED},
    {"submission": Submission.ISSUED_ID_UNKNOWN},
    *({"submission": Submission.ACCEPTED, "legal_status": status} for status in LegalStatus if status.is_terminal),
]


@pytest.mark.parametrize("state", SETTLED, ids=lambda state: "-".join(part.value for part in state.values()))
def test_what_is_settled_or_never_sent_is_left_alone(state: dict[str, object]) -> None:
    assert recover(a_document(TENANT, **state), now=LATER, schedules=SCHEDULES) is None


@given(
    submission=st.sampled_from(Submission),
    legal_status=st.sampled_from(LegalStatus),
    maybe_executed=st.booleans(),
    is_claimed=st.booleans(),
)
def test_after_a_restore_nothing_is_due_to_be_sent(
    submission: Submission, legal_status: LegalStatus, maybe_executed: bool, is_claimed: bool
) -> None:
    held = Claim(token=3, worker="w", expires_at=NOW, doubted_before=maybe_executed) if is_claimed else None
    document = a_document(
        TENANT,
        submission=submission,
        legal_status=legal_status,
        maybe_executed=maybe_executed,
        claim=held,
        last_token=3,
    )
    after = restored(document)
    assert after.submission not in (Submission.QUEUED, Submission.SENDING)
    assert claim(after, now=LATER, worker="w", schedules=SCHEDULES) is None
    if not after.is_settled and after.submission is not Submission.DRAFT:
        assert after.maybe_executed
    if after.submission is Submission.IN_DOUBT:
        assert after.claim is None
        assert after.next_action_at is not None
    again = restored(after)
    assert replace(again, last_token=after.last_token) == after
