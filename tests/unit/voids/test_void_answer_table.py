"""Every status with every shape of body, read as the answer to a DELETE, and what it does to a void."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.alanube.void_answers import classify_void
from core.documents import FiscalDocument, LegalStatus, Submission
from core.identifiers import PacDocumentId, TenantId
from core.lifecycle.sending import AnswerRules
from core.lifecycle.voiding import claim_void, record_void_answer
from core.ports.pac_gateway import (
    AlreadyVoided,
    Misconfigured,
    NotSent,
    Throttled,
    Unknown,
    VoidAnswer,
    Voided,
    VoidNotFound,
    VoidRefused,
)
from core.schedules import Schedules
from core.voids import Void, VoidState
from tests.builders import a_document

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
ASKED = PacDocumentId("01JQZ0000000000000000000AA")
SCHEDULES = Schedules()
STATUSES = (*range(100, 104), *range(200, 209), *range(300, 309), *range(400, 452), *range(500, 512))
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "html": b"<html>502</html>",
    "cut json": b'{"message": "Document can',
    "an empty object": b"{}",
    "a list": b"[1, 2]",
    "the document": json.dumps({"message": "ok", "document": {"id": ASKED, "legalStatus": "DGI_AUTHORIZED"}}).encode(),
    "another document": json.dumps({"message": "ok", "document": {"id": "01JQZ0000000000000000000BB"}}).encode(),
    "a message": b'{"message": "Document cancelled"}',
    "an inner 500": b'{"httpStatusCode": 500, "message": "no"}',
    "already void": b'{"errors": [{"code": "0622", "message": "ya tiene un evento"}]}',
    "already void in words": b'{"message": ["0622: ya tiene un evento"]}',
    "already void in a document": json.dumps(
        {"document": {"id": ASKED, "governmentResponse": [{"code": "0622", "message": "ya"}]}}
    ).encode(),
    "outside the window": b'{"code": 400, "errors": [{"code": "AP10141", "message": "plazo vencido"}]}',
    "an unknown code": b'{"code": 400, "errors": [{"code": "AP77777", "message": "no"}]}',
    "a short reason": b'{"message": ["instance.reason does not meet minimum length of 15"]}',
    "misconfigured": b'{"code": "AP1010", "message": "qr"}',
}
PROOFS = ("already void", "already void in words", "already void in a document")


def answer_to(status: int, body: bytes) -> VoidAnswer:
    return classify_void(Reply(status=status, body=body, received_at=NOW), ASKED, KnownCodes())


def expected(status: int, shape: str) -> type:
    """The table of docs/voids.md, said once more."""
    if status == 204 and shape == "nothing":
        return Voided
    if shape in ("nothing", "html", "cut json", "a list"):
        return {401: Misconfigured, 403: Misconfigured, 429: Throttled}.get(status, Unknown)
    if shape in PROOFS:
        return AlreadyVoided
    if 200 <= status <= 299:
        return Voided if status in (200, 201) and shape in ("the document", "a message") else Unknown
    if status in (401, 403):
        return Misconfigured
    if shape == "misconfigured" and 400 <= status <= 499:
        return Misconfigured
    special = {429: Throttled, 404: VoidNotFound}.get(status)
    if special is not None:
        return special
    return VoidRefused if status in (400, 422) and shape != "an empty object" else Unknown


@pytest.mark.parametrize("shape", BODIES)
def test_every_status_with_every_body_says_what_the_table_says(shape: str) -> None:
    wrong = {
        status: type(answer).__name__
        for status in STATUSES
        if not isinstance(answer := answer_to(status, BODIES[shape]), expected(status, shape))
    }
    assert wrong == {}


def test_the_walk_meets_every_member_of_the_union() -> None:
    met = {type(answer_to(status, body)) for status in STATUSES for body in BODIES.values()}
    met.add(type(classify_void(Silence(reason="refused", left=False), ASKED, KnownCodes())))
    assert met == set(get_args(VoidAnswer))


@pytest.mark.parametrize(("left", "kind"), [(True, Unknown), (False, NotSent)])
def test_silence_is_doubt_only_when_something_left(left: bool, kind: type) -> None:
    assert isinstance(classify_void(Silence(reason="reset", left=left), ASKED, KnownCodes()), kind)


def test_an_answer_that_was_cut_off_proves_nothing() -> None:
    for body in BODIES.values():
        cut = Reply(status=200, body=body, received_at=NOW, cut="connection lost")
        assert isinstance(classify_void(cut, ASKED, KnownCodes()), Unknown)


@pytest.mark.parametrize(
    ("beside", "kind"),
    [
        ({"governmentResponse": [{"code": "0600", "message": "Evento registrado"}]}, Voided),
        ({"governmentResponse": [{"code": "0601", "message": "Fuera de plazo"}]}, Unknown),
        ({"governmentResponse": {"code": "0601", "value": ["Fuera de plazo"]}}, Unknown),
        ({"document": {"id": ASKED, "governmentResponse": [{"code": "1606", "message": "Sin dirección"}]}}, Voided),
        ({"document": {"id": ASKED, "legalStatus": "DGI_REJECTED"}}, Unknown),
    ],
)
def test_a_success_beside_which_the_government_refuses_is_none(beside: dict[str, object], kind: type) -> None:
    body = json.dumps({"message": "ok", "document": {"id": ASKED}} | beside).encode()
    assert isinstance(answer_to(200, body), kind)


def test_a_known_refusal_is_recognised_and_a_strange_one_is_not() -> None:
    recognised = {shape: answer_to(400, BODIES[shape]) for shape in BODIES}
    told = {shape: one.is_recognised for shape, one in recognised.items() if isinstance(one, VoidRefused)}
    assert told["outside the window"]
    assert told["a short reason"]
    assert not told["an unknown code"]


def claimed(*, doubted: bool) -> FiscalDocument:
    """A document whose DELETE is under way; ``doubted``: an earlier one's answer was lost."""
    void = Void(
        state=VoidState.IN_DOUBT if doubted else VoidState.REQUESTED,
        reason="El cliente desistió",
        requested_at=NOW,
        requested_by="caller:test",
        idempotency_key="void",
        attempts=1 if doubted else 0,
        maybe_executed=doubted,
        due_at=NOW,
        doubt_since=NOW if doubted else None,
    )
    document = replace(
        a_document(TenantId("01TEST")),
        submission=Submission.ACCEPTED,
        legal_status=LegalStatus.DGI_AUTHORIZED,
        pac_document_id=ASKED,
        void=void,
        next_action_at=NOW,
    )
    change = claim_void(document, body=b"{}", now=NOW, worker="w", schedules=SCHEDULES)
    assert change is not None
    return change.document


def state_after(outcome: Outcome, *, doubted: bool, rules: AnswerRules | None = None) -> VoidState:
    document = claimed(doubted=doubted)
    change = record_void_answer(
        document,
        token=document.void.last_token if document.void else 0,
        answer=classify_void(outcome, ASKED, KnownCodes()),
        now=NOW,
        schedules=SCHEDULES,
        rules=rules or AnswerRules(),
    )
    assert change.document.void is not None
    assert change.document.legal_status is LegalStatus.DGI_AUTHORIZED
    assert len(change.exchanges) == 1, "the raw answer is kept"
    return change.document.void.state


@pytest.mark.parametrize("shape", BODIES)
def test_after_a_lost_answer_only_proof_settles_a_void(shape: str) -> None:
    for status in STATUSES:
        outcome = Reply(status=status, body=BODIES[shape], received_at=NOW)
        proves = expected(status, shape) in (Voided, AlreadyVoided)
        state = state_after(outcome, doubted=True)
        assert state is (VoidState.VOIDED if proves else VoidState.IN_DOUBT), status


@pytest.mark.parametrize("shape", BODIES)
def test_the_first_and_only_delete_is_settled_by_a_clean_answer(shape: str) -> None:
    ends = {
        Voided: VoidState.VOIDED,
        AlreadyVoided: VoidState.VOIDED,
        VoidRefused: VoidState.FAILED,
        VoidNotFound: VoidState.FAILED,
        Unknown: VoidState.IN_DOUBT,
        Throttled: VoidState.REQUESTED,
        Misconfigured: VoidState.REQUESTED,
    }
    for status in STATUSES:
        outcome = Reply(status=status, body=BODIES[shape], received_at=NOW)
        assert state_after(outcome, doubted=False) is ends[expected(status, shape)], status


def test_a_strange_refusal_is_doubt_where_the_setting_says_so() -> None:
    strange = Reply(status=400, body=BODIES["an unknown code"], received_at=NOW)
    known = Reply(status=400, body=BODIES["outside the window"], received_at=NOW)
    careful = AnswerRules(unrecognised_is_doubt=True)
    assert state_after(strange, doubted=False, rules=careful) is VoidState.IN_DOUBT
    assert state_after(known, doubted=False, rules=careful) is VoidState.FAILED
