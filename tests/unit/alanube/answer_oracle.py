"""What an answer of the PAC may lead to and what never: read from the bytes, without a line of the client."""

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args

from adapters.alanube.replies import Reply
from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.identifiers import PacDocumentId, TenantId
from core.lifecycle.following import apply_look_up
from core.ports.pac_gateway import (
    Accepted,
    Duplicate,
    Found,
    LookUpAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    Rejected,
    SubmitAnswer,
    Throttled,
    Unknown,
)
from tests.builders import a_document

NOW = datetime(2026, 3, 4, 15, 15, tzinfo=UTC)
ANY = a_document(TenantId("01TENANT000000000000000000"))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What anybody can see in an answer. ``document_id`` is one that could stand in a path."""

    is_readable: bool
    document_id: str | None = None
    legal_status: object = None
    inner: int | None = None
    says_duplicate: bool = False
    text: str = ""

    @property
    def is_rejected(self) -> bool:
        return self.legal_status == "PAC_REJECTED"


def reading(body: bytes) -> Reading:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    def no_constant(name: str) -> float:
        raise ValueError(name)

    try:
        value = json.loads(body, object_pairs_hook=once, parse_constant=no_constant)
    except (ValueError, RecursionError):
        return Reading(is_readable=False)
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(value, dict):
        return Reading(is_readable=False)
    shown = value["document"] if isinstance(value.get("document"), dict) else value
    name, inner = shown.get("id"), value.get("httpStatusCode")
    inner = int(inner) if isinstance(inner, str) and re.fullmatch("[45][0-9][0-9]", inner) else inner
    errors = [entry for each in (value, shown) for entry in _list(each.get("errors")) if isinstance(entry, dict)]
    return Reading(
        is_readable=True,
        document_id=name if isinstance(name, str) and re.fullmatch(r"[0-9A-Za-z_-]{1,64}", name, re.ASCII) else None,
        legal_status=shown.get("legalStatus"),
        inner=inner if isinstance(inner, int) and not isinstance(inner, bool) and 400 <= inner <= 599 else None,
        says_duplicate=any(entry.get("code") in ("1002", 1002) for entry in errors),
        text=json.dumps(value),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def judge_answer(answer: SubmitAnswer, reply: Reply, seen: Reading) -> None:
    """No member of the union without what proves it."""
    assert isinstance(answer, get_args(SubmitAnswer))
    assert (answer.raw.status, answer.raw.body) == (reply.status, reply.body)
    assert not isinstance(answer, NotSent), "an answer came, so something left"
    good = 200 <= reply.status <= 299
    told = seen.inner if good and seen.inner is not None else reply.status
    if isinstance(answer, Accepted):
        assert good
        assert seen.document_id is not None
        assert answer.document.pac_document_id == seen.document_id
        assert not seen.is_rejected
        assert seen.inner is None
    if isinstance(answer, Rejected):
        assert seen.is_readable
        assert not seen.says_duplicate
        if good and seen.document_id is not None:
            assert seen.is_rejected
        else:
            assert told in (400, 422)
    if isinstance(answer, Misconfigured):
        assert told in (401, 403) or (400 <= told <= 499 and re.search("AP101[01]", seen.text))
    if isinstance(answer, Throttled):
        assert told == 429
    if isinstance(answer, Duplicate):
        assert told == 409 or "1002" in seen.text
    if good and seen.document_id is not None and not seen.is_rejected:
        assert isinstance(answer, Accepted | Unknown), "an id of a living document is never thrown away"
    if not seen.is_readable or told >= 500 or told in (404, 413):
        assert not isinstance(answer, Accepted | Rejected)
    if seen.says_duplicate and not (good and seen.document_id is not None and not seen.is_rejected):
        assert isinstance(answer, Duplicate | Unknown)


def judge_change(before: FiscalDocument, change: Change, answer: SubmitAnswer, reply: Reply, seen: Reading) -> None:
    """No state without what proves it, and the raw answer beside it."""
    after = change.document
    assert [(kept.status, kept.body) for kept in change.exchanges] == [(reply.status, reply.body)]
    doubted = before.claim is not None and before.claim.doubted_before
    match after.submission:
        case Submission.ACCEPTED:
            assert after.pac_document_id == seen.document_id
            assert after.pac_document_id is not None
            assert 200 <= reply.status <= 299
            assert after.legal_status.value in (seen.legal_status, "NONE", "UNRECOGNISED")
            assert after.legal_status is not LegalStatus.PAC_REJECTED
        case Submission.REFUSED:
            assert isinstance(answer, Rejected)
            assert not doubted, "a rejection of a resend says nothing of the first attempt"
        case Submission.QUEUED:
            assert isinstance(answer, Misconfigured | Throttled)
            assert after.maybe_executed is doubted
            assert after.next_action_at is not None
            assert after.next_action_at > NOW
        case Submission.IN_DOUBT:
            assert after.maybe_executed
            assert after.settles_at is not None
        case _:
            raise AssertionError(after.submission)
    if 200 <= reply.status <= 299 and seen.document_id is not None and not seen.is_rejected:
        assert seen.document_id in {after.pac_document_id, *after.hinted_ids}, "the id is lost"
    assert after.claim is None
    assert (after.expected_cufe, after.number, after.series) == (before.expected_cufe, before.number, before.series)


def judge_look_up(answer: LookUpAnswer, reply: Reply, seen: Reading) -> None:
    """Nothing is found or missing without proof; a document changes only by what is shown under its own id."""
    assert isinstance(answer, get_args(LookUpAnswer))
    assert (answer.raw.status, answer.raw.body) == (reply.status, reply.body)
    good = 200 <= reply.status <= 299
    if isinstance(answer, NotFound):
        assert reply.status == 404 or (good and seen.inner == 404)
    if not isinstance(answer, Found):
        return
    assert good
    assert seen.is_readable
    assert answer.document.pac_document_id == seen.document_id
    for before in (LegalStatus.NONE, LegalStatus.PAC_AUTHORIZED, LegalStatus.DGI_AUTHORIZED, LegalStatus.DGI_REJECTED):
        own = PacDocumentId(seen.document_id or "01JA0B1C2D3E4F5G6H7J8K9M0N")
        for pac_document_id in (own, PacDocumentId("01JYYYYYYYYYYYYYYYYYYYYYYY")):
            held = replace(
                ANY,
                submission=Submission.ACCEPTED,
                pac_document_id=pac_document_id,
                legal_status=before,
                raw_legal_status=before.value,
                cufe=ANY.expected_cufe,
            )
            change = apply_look_up(held, answer.document, now=NOW, actor="sweep")
            assert change is not None
            after = change.document
            assert (after.cufe, after.pac_document_id) == (held.cufe, held.pac_document_id)
            if before.is_terminal or seen.document_id not in (None, pac_document_id):
                assert after.legal_status is before
            elif after.legal_status is not before:
                assert after.legal_status.value in (seen.legal_status, "UNRECOGNISED")
