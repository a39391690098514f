"""What one document may look like."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.claims import Claim
from core.documents import DocumentMode, FileKind, FiscalDocument, LegalStatus, Refusal, Submission
from core.events import Event, EventKind
from core.identifiers import PacDocumentId, TenantId
from core.invariants.attachments import check_attachment_rows, check_content
from core.invariants.contents import BODY_DIGEST, check_body, check_cufe, check_totals
from core.invariants.faults import Fault
from core.invariants.findings import Finding, RestoreDueTime
from core.invariants.states import Lateness, check_due_time, check_state
from core.invariants.timelines import check_timeline
from core.lifecycle.sending import ACTOR as SENDER
from core.ports.store_inspection import StoredAttachment
from core.timeline import chain
from tests.builders import NOW, a_document, an_attachment, an_event

TENANT = TenantId("01TENANT")
ON_TIME = Lateness(now=NOW, grace=timedelta(minutes=2))
ACCEPTED: dict[str, Any] = {
    "submission": Submission.ACCEPTED,
    "pac_document_id": PacDocumentId("pac-1"),
    "accepted_at": NOW,
    "attempts": 1,
    "maybe_executed": True,
}
CLAIM = Claim(token=1, worker="w", expires_at=NOW + timedelta(seconds=90), doubted_before=False)


def faults(found: Any) -> list[Fault]:
    return [finding.fault for finding in found]


def accepted(status: LegalStatus = LegalStatus.REGISTERED, **changes: Any) -> FiscalDocument:
    document = a_document(TENANT, **ACCEPTED, legal_status=status, raw_legal_status=status.value)
    return replace(document, cufe=document.expected_cufe if status.is_authorized else None, **changes)


@pytest.mark.parametrize(
    "document",
    [
        a_document(TENANT),
        a_document(TENANT, submission=Submission.SENDING, claim=CLAIM, last_token=1, maybe_executed=True),
        a_document(TENANT, submission=Submission.IN_DOUBT, doubt_since=NOW, maybe_executed=True),
        a_document(TENANT, submission=Submission.REFUSED, refusal=Refusal(codes=("1",), messages=())),
        accepted(),
        accepted(LegalStatus.DGI_AUTHORIZED),
        accepted(LegalStatus.DGI_REJECTED),
    ],
    ids=lambda document: f"{document.submission.value} {document.legal_status.value}",
)
def test_documents_as_the_protocol_makes_them_have_no_finding(document: FiscalDocument) -> None:
    assert list(check_state(document)) == []
    assert list(check_cufe(document)) == []
    assert list(check_totals(document)) == []


@pytest.mark.parametrize(
    "document",
    [
        a_document(TENANT, submission=Submission.SENDING, maybe_executed=True),
        a_document(TENANT, claim=CLAIM, last_token=1),
        a_document(TENANT, submission=Submission.SENDING, claim=CLAIM, last_token=0, maybe_executed=True),
        a_document(TENANT, submission=Submission.IN_DOUBT, doubt_since=NOW),
        a_document(TENANT, submission=Submission.IN_DOUBT, maybe_executed=True),
        a_document(TENANT, submission=Submission.REFUSED),
        a_document(TENANT, submission=Submission.QUARANTINED),
        accepted(pac_document_id=None),
        replace(accepted(), submission=Submission.QUEUED),
        a_document(TENANT, legal_status=LegalStatus.REGISTERED, raw_legal_status="REGISTERED"),
        accepted(raw_legal_status=None),
        replace(accepted(LegalStatus.DGI_AUTHORIZED), cufe=None),
        replace(accepted(), cufe=a_document(TENANT).expected_cufe),
    ],
)
def test_fields_that_exclude_each_other_are_found(document: FiscalDocument) -> None:
    assert set(faults(check_state(document))) == {Fault.STATE_CONTRADICTS}


@pytest.mark.parametrize(
    ("document", "waits"),
    [
        (a_document(TENANT), True),
        (accepted(LegalStatus.PAC_AUTHORIZED), True),
        (accepted(LegalStatus.DGI_AUTHORIZED), True),  # its files are missing
        (accepted(LegalStatus.DGI_AUTHORIZED, files=(an_attachment(), an_attachment(kind=FileKind.XML))), False),
        (accepted(LegalStatus.DGI_REJECTED), False),
        (a_document(TENANT, submission=Submission.QUARANTINED), False),
        (a_document(TENANT, submission=Submission.QUARANTINED, hinted_ids=(PacDocumentId("x"),)), True),
        (a_document(TENANT, submission=Submission.DRAFT, mode=DocumentMode.PROFORM), False),
    ],
)
def test_only_a_document_that_waits_for_something_needs_a_due_time(document: FiscalDocument, *, waits: bool) -> None:
    found = list(check_due_time(replace(document, next_action_at=None), ON_TIME))
    assert faults(found) == ([Fault.DUE_TIME_MISSING] if waits else [])
    remedy = RestoreDueTime(tenant_id=TENANT, document_id=document.document_id)
    assert [finding.remedy for finding in found] == ([remedy] if waits else [])


def test_work_is_late_after_the_grace_and_never_where_lateness_is_not_judged() -> None:
    document = a_document(TENANT, next_action_at=NOW - timedelta(minutes=3))
    assert faults(check_due_time(document, ON_TIME)) == [Fault.OVERDUE]
    assert faults(check_due_time(document, replace(ON_TIME, grace=timedelta(minutes=3)))) == []
    assert faults(check_due_time(document, replace(ON_TIME, is_judged=False))) == []
    sending = replace(document, submission=Submission.SENDING, claim=CLAIM)
    assert faults(check_due_time(sending, ON_TIME)) == [Fault.LEASE_EXPIRED]


def timeline(document: FiscalDocument, *kinds: EventKind, to: str = "") -> list[Finding]:
    facts = {"to": to} if to else {}
    events = chain((Event(at=NOW, kind=kind, actor="test", facts=facts) for kind in kinds), after=None)
    return list(check_timeline(document, events, len(events)))


def test_a_state_that_the_events_did_not_lead_to_is_found() -> None:
    whole = (EventKind.RECORDED, EventKind.SENDING, EventKind.ACCEPTED)
    assert timeline(accepted(), *whole, EventKind.STATUS, to="REGISTERED") == []
    for document, kinds, to in (
        (accepted(), (*whole, EventKind.STATUS), "PAC_AUTHORIZED"),
        (accepted(), whole, ""),
        (accepted(), (EventKind.RECORDED, EventKind.SENDING, EventKind.STATUS), "REGISTERED"),
        (a_document(TENANT, attempts=1), whole, ""),
        (a_document(TENANT, attempts=2), (EventKind.RECORDED, EventKind.SENDING), ""),
    ):
        assert set(faults(timeline(document, *kinds, to=to))) == {Fault.TIMELINE_CONTRADICTS}


def test_an_attempt_has_one_outcome_and_ends_before_the_next_one_begins() -> None:
    def found(*happened: tuple[EventKind, str]) -> list[str]:
        sent = sum(kind is EventKind.SENDING for kind, _ in happened)
        told = chain((Event(at=NOW, kind=kind, actor=actor) for kind, actor in happened), after=None)
        return [one.detail for one in check_timeline(a_document(TENANT, attempts=sent), told, len(told))]

    sending, lost = (EventKind.SENDING, SENDER), (EventKind.IN_DOUBT, SENDER)
    again, parked = (EventKind.NOT_SENT, SENDER), (EventKind.IN_DOUBT, "sweep")
    recorded, adopted = (EventKind.RECORDED, "caller:x"), (EventKind.ADOPTED, "evidence")
    assert found(recorded, sending, lost, sending, again, parked, adopted) == []
    assert found(recorded, sending, lost, again) == ["event 4: NOT_SENT by an attempt that was over"]
    assert found(recorded, sending, parked, lost) == ["event 4: IN_DOUBT by an attempt that was over"]
    assert found(recorded, sending, sending, again) == ["event 3: an attempt began while another was under way"]


def test_a_chain_is_broken_by_a_missing_end_by_no_event_and_by_one_that_cannot_be_read() -> None:
    document = a_document(TENANT)
    events = chain([an_event(), an_event()], after=None)
    assert faults(check_timeline(document, events[:1], 2)) == [Fault.CHAIN_BROKEN]
    assert faults(check_timeline(document, events[1:], 2)) == [Fault.CHAIN_BROKEN]
    assert faults(check_timeline(document, [], 0)) == [Fault.CHAIN_BROKEN]
    assert faults(check_timeline(document, None, 2)) == [Fault.CHAIN_BROKEN]


def test_a_body_is_held_against_its_recorded_digest_else_against_what_it_must_contain() -> None:
    document = a_document(TENANT, number=7)
    body = f"0000000007 {document.security_code}".encode()
    unsigned = chain([an_event()], after=None)
    signed = chain([an_event(facts={BODY_DIGEST: hashlib.sha256(body).hexdigest()})], after=None)
    assert faults(check_body(document, body, signed, b"other")) == []
    assert faults(check_body(document, body + b" ", signed, None)) == [Fault.BODY_CHANGED]
    assert faults(check_body(document, b"0000000007", unsigned, None)) == [Fault.BODY_CHANGED]
    assert faults(check_body(document, body, unsigned, b"other")) == [Fault.BODY_ENCODED_OTHERWISE]
    assert faults(check_body(document, body, unsigned, body)) == []
    assert faults(check_body(document, None, unsigned, body)) == [Fault.BODY_MISSING]


def test_a_cufe_must_follow_from_the_documents_own_parts() -> None:
    document = a_document(TENANT)
    assert faults(check_cufe(replace(document, number=2))) == [Fault.CUFE_WRONG]
    assert faults(check_cufe(replace(document, expected_cufe=document.expected_cufe[:-1] + "x"))) == [Fault.CUFE_WRONG]


def test_figures_must_follow_from_the_lines_to_the_cent() -> None:
    document = a_document(TENANT)
    off = replace(document.totals, itbms_total=document.totals.itbms_total + document.totals.total / 100)
    assert faults(check_totals(replace(document, totals=off))) == [Fault.TOTALS_WRONG]


def test_the_documents_list_of_files_is_its_current_rows() -> None:
    pdf, older = an_attachment(), an_attachment(digest="0" * 64)
    document = a_document(TENANT, files=(pdf,))
    current, replaced = (
        StoredAttachment(attachment=pdf, is_current=True),
        StoredAttachment(attachment=older, is_current=False),
    )
    assert faults(check_attachment_rows(document, [replaced, current])) == []
    assert faults(check_attachment_rows(document, [replaced])) == [Fault.FILE_ROW_DIFFERS]
    twice = [current, replace(replaced, is_current=True)]
    assert faults(check_attachment_rows(document, twice)) == [Fault.FILE_TWICE, Fault.FILE_ROW_DIFFERS]
    assert faults(check_attachment_rows(document, None)) == [Fault.FILE_ROW_DIFFERS]


def test_a_stored_pdf_has_its_size_and_is_one() -> None:
    document = a_document(TENANT)
    assert faults(check_content(document, an_attachment(size=5), b"%PDF-")) == []
    assert faults(check_content(document, an_attachment(size=6), b"%PDF-")) == [Fault.FILE_CORRUPT]
    assert faults(check_content(document, an_attachment(size=5), b"<htm>")) == [Fault.FILE_NOT_PDF]
