"""What an answer to a DELETE proves: the void's own table. Pure, and never raises.

ASSUME-005: 200 with a message and perhaps the document. 204 without a body says the same in HTTP's own words. A 202 is
a promise and proves nothing. Whatever is not in this table leaves the void in doubt, where only success or "already
voided" can settle it, so that a wrong Unknown costs time and a wrong refusal would cost the truth.
"""

from adapters.alanube.bodies import (
    REJECTED,
    JsonObject,
    document_in,
    findings_in,
    inner_status,
    pac_id,
    read_object,
)
from adapters.alanube.known_codes import KnownCodes, is_schema_text
from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.alanube.retry_after import retry_after_seconds
from core.identifiers import PacDocumentId
from core.ports.pac_gateway import (
    AlreadyVoided,
    Misconfigured,
    NotSent,
    RawAnswer,
    Throttled,
    Unknown,
    VoidAnswer,
    Voided,
    VoidNotFound,
    VoidRefused,
)

SUCCESS = (200, 201)
GOOD_AT_DGI = frozenset({"0260", "0422", "0600", "0761"})  # authorised, query answered, event registered


def classify_void(outcome: Outcome, asked: PacDocumentId, known: KnownCodes) -> VoidAnswer:
    """The member of the closed union that ``outcome`` proves about the document ``asked``."""
    if isinstance(outcome, Silence):
        raw = RawAnswer(status=None, body=b"", note=outcome.reason)
        if outcome.left:
            return Unknown(raw=raw, reason=outcome.reason)
        return NotSent(raw=raw, reason=outcome.reason)
    raw = RawAnswer(status=outcome.status, body=outcome.body, note=outcome.cut or "")
    if outcome.status == 204 and not outcome.body and outcome.cut is None:
        return Voided(raw=raw)
    body = None if outcome.cut else read_object(outcome.body)
    if body is None:
        return _without_body(outcome, raw)
    if 200 <= outcome.status <= 299:
        return _two_hundred(outcome, raw, body, asked, known)
    return _refusal(outcome, outcome.status, raw, body, known)


def _without_body(reply: Reply, raw: RawAnswer) -> VoidAnswer:
    """Nothing readable: only a status that cannot have let the DELETE through says something."""
    if reply.status in (401, 403):
        return Misconfigured(raw=raw, code=f"HTTP_{reply.status}")
    if reply.status == 429:
        return Throttled(raw=raw, retry_after_seconds=retry_after_seconds(reply))
    what = reply.cut or ("an empty body" if not reply.body.strip() else "no readable JSON object")
    return Unknown(raw=raw, reason=f"status {reply.status}: {what}")


def _two_hundred(reply: Reply, raw: RawAnswer, body: JsonObject, asked: PacDocumentId, known: KnownCodes) -> VoidAnswer:
    inner = inner_status(body)
    if inner is not None:
        return _refusal(reply, inner, raw, body, known)
    codes, messages = findings_in(body)
    if known.already_voided_in(codes):
        return AlreadyVoided(raw=raw, codes=codes, messages=messages)
    shown = pac_id(document_in(body).get("id"))
    if shown not in (None, asked):
        return Unknown(raw=raw, reason=f"status {reply.status} with another document")
    if _speaks_of_errors(body):
        return Unknown(raw=raw, reason=f"status {reply.status} with errors {' '.join(codes[:5])}".rstrip())
    if reply.status not in SUCCESS or (shown is None and not _says_done(body)):
        return Unknown(raw=raw, reason=f"status {reply.status} without a word of the void")
    return Voided(raw=raw, messages=messages[:1] if isinstance(body.get("message"), str) else ())


def _speaks_of_errors(body: JsonObject) -> bool:
    """Errors, a document that was rejected, or a code anywhere but in what the government said of the document, which
    may be a mere notification. What it says beside the document is about the void: there only its good codes are."""
    document = document_in(body)
    beside = {name: value for name, value in body.items() if name not in ("document", "governmentResponse")}
    is_wrapped = document is not body or "id" not in body
    of_event = findings_in({"governmentResponse": body.get("governmentResponse")})[0] if is_wrapped else ()
    is_bad = not GOOD_AT_DGI.issuperset(of_event) or document.get("legalStatus") in REJECTED
    return bool(is_bad or findings_in(beside)[0] or body.get("errors") or document.get("errors"))


def _says_done(body: JsonObject) -> bool:
    """A plain message and nothing beside it that speaks of an error; a list of messages is how refusals look."""
    message = body.get("message")
    return isinstance(message, str) and bool(message.strip()) and not is_schema_text(message) and "error" not in body


def _refusal(reply: Reply, status: int, raw: RawAnswer, body: JsonObject, known: KnownCodes) -> VoidAnswer:
    """A status outside 2xx with a JSON object. ``status`` may be the one hidden inside a 2xx."""
    codes, messages = findings_in(body)
    if known.already_voided_in(codes):
        return AlreadyVoided(raw=raw, codes=codes, messages=messages)
    misconfigured = known.misconfigured_in(codes)
    if status in (401, 403):
        return Misconfigured(raw=raw, code=misconfigured or (codes[0] if codes else f"HTTP_{status}"))
    if 400 <= status <= 499 and misconfigured is not None:
        return Misconfigured(raw=raw, code=misconfigured)
    if status == 429:
        return Throttled(raw=raw, retry_after_seconds=retry_after_seconds(reply))
    if status == 404:
        return VoidNotFound(raw=raw, messages=messages)
    if status in (400, 422) and (codes or messages):
        recognised = known.recognises_void_refusal(codes, messages)
        return VoidRefused(raw=raw, codes=codes, messages=messages, is_recognised=recognised)
    return Unknown(raw=raw, reason=f"status {status}")
