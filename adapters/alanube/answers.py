"""What an answer to a POST proves: the table of the submission protocol, row by row. Pure, and never raises.

Where two rows could claim an answer the one that risks less wins: an id of a document that is not rejected is never
thrown away, and a repeated number is told before anything that would let the same bytes be sent again.
"""

from adapters.alanube.bodies import (
    JsonObject,
    document_in,
    findings_in,
    hinted_id,
    inner_status,
    pac_id,
    read_document,
    read_object,
    read_whole,
)
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.alanube.retry_after import retry_after_seconds
from core.ports.pac_gateway import (
    Accepted,
    Duplicate,
    Misconfigured,
    NotSent,
    PacDocument,
    RawAnswer,
    Rejected,
    SubmitAnswer,
    Throttled,
    Unknown,
)

PAC_REJECTED = "PAC_REJECTED"


def classify(outcome: Outcome, known: KnownCodes) -> SubmitAnswer:
    """The member of the closed union that ``outcome`` proves, and no more than it proves."""
    if isinstance(outcome, Silence):
        raw = RawAnswer(status=None, body=b"", note=outcome.reason)
        if outcome.left:
            return Unknown(raw=raw, reason=outcome.reason)
        return NotSent(raw=raw, reason=outcome.reason)
    raw = RawAnswer(status=outcome.status, body=outcome.body, note=outcome.cut or "")
    body = None if outcome.cut else read_object(outcome.body)
    if body is None:
        return _without_body(outcome, raw)
    if 200 <= outcome.status <= 299:
        return _two_hundred(outcome, raw, body, known)
    return _refusal(outcome, outcome.status, raw, body, known)


def _without_body(reply: Reply, raw: RawAnswer) -> SubmitAnswer:
    """Nothing readable: only a status that cannot have let the document through says something."""
    if reply.status in (401, 403):
        return Misconfigured(raw=raw, code=f"HTTP_{reply.status}")
    if reply.status == 409:
        return Duplicate(raw=raw, pac_document_id=hinted_id(reply.body))
    if reply.status == 429:
        return Throttled(raw=raw, retry_after_seconds=retry_after_seconds(reply))
    what = reply.cut or ("an empty body" if not reply.body.strip() else "no readable JSON object")
    return Unknown(raw=raw, reason=f"status {reply.status}: {what}", hinted_id=hinted_id(reply.body))


def _two_hundred(reply: Reply, raw: RawAnswer, body: JsonObject, known: KnownCodes) -> SubmitAnswer:
    shown = document_in(body)
    pac_document_id = pac_id(shown.get("id"))
    inner = inner_status(body)
    if pac_document_id is None:
        if inner is not None:
            return _refusal(reply, inner, raw, body, known)
        if known.duplicate_in(findings_in(body)[0]):
            return Duplicate(raw=raw)
        return Unknown(raw=raw, reason=f"status {reply.status} without an id", hinted_id=hinted_id(reply.body))
    if inner is not None:
        reason = f"status {reply.status} with an id and httpStatusCode {inner}"
        return Unknown(raw=raw, reason=reason, hinted_id=pac_document_id)
    document = read_whole(body)
    if document.legal_status != PAC_REJECTED:
        return Accepted(raw=raw, document=document)
    codes, messages = document.codes, document.messages
    if known.duplicate_in(codes):
        return Duplicate(raw=raw, pac_document_id=pac_document_id)
    return Rejected(
        raw=raw,
        codes=codes,
        messages=messages,
        is_recognised=known.recognises(codes, messages),
        document=document,
    )


def _refusal(reply: Reply, status: int, raw: RawAnswer, body: JsonObject, known: KnownCodes) -> SubmitAnswer:
    """A status outside 2xx with a JSON object. ``status`` may be the one hidden inside a 2xx."""
    codes, messages = findings_in(body)
    shown = document_in(body)
    pac_document_id = pac_id(shown.get("id"))
    if status == 409 or known.duplicate_in(codes):
        return Duplicate(raw=raw, pac_document_id=pac_document_id)
    if "legalStatus" in shown or "cufe" in shown:
        return _document_under_an_error(status, raw, read_document(shown), (codes, messages), known)
    misconfigured = known.misconfigured_in(codes)
    if status in (401, 403):
        return Misconfigured(raw=raw, code=misconfigured or (codes[0] if codes else f"HTTP_{status}"))
    if 400 <= status <= 499 and misconfigured is not None:
        return Misconfigured(raw=raw, code=misconfigured)
    if status == 429:
        return Throttled(raw=raw, retry_after_seconds=retry_after_seconds(reply))
    if status in (400, 422) and (codes or messages):
        recognised = known.recognises(codes, messages)
        return Rejected(raw=raw, codes=codes, messages=messages, is_recognised=recognised)
    return Unknown(raw=raw, reason=f"status {status}", hinted_id=hinted_id(reply.body))


def _document_under_an_error(
    status: int,
    raw: RawAnswer,
    document: PacDocument,
    told: tuple[tuple[str, ...], tuple[str, ...]],
    known: KnownCodes,
) -> SubmitAnswer:
    """An error status and yet a document with an id: only a rejected one under 400 or 422 means what it says."""
    if status not in (400, 422) or document.legal_status != PAC_REJECTED:
        reason = f"status {status} with a document"
        return Unknown(raw=raw, reason=reason, hinted_id=document.pac_document_id)
    codes, messages = _merged(document.codes, told[0]), _merged(document.messages, told[1])
    recognised = known.recognises(codes, messages)
    return Rejected(raw=raw, codes=codes, messages=messages, is_recognised=recognised, document=document)


def _merged(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
