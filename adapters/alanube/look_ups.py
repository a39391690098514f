"""What an answer to a GET of one document proves. Pure, and never raises."""

from adapters.alanube.bodies import findings_in, inner_status, read_object, read_whole
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.alanube.retry_after import retry_after_seconds
from core.ports.pac_gateway import Found, LookUpAnswer, NoAnswer, NotFound, RawAnswer


def classify_look_up(outcome: Outcome, known: KnownCodes) -> LookUpAnswer:
    """Found, NotFound or NoAnswer. Another document than the one that was asked for is reported as it is."""
    if isinstance(outcome, Silence):
        return NoAnswer(raw=RawAnswer(status=None, body=b"", note=outcome.reason), reason=outcome.reason)
    raw = RawAnswer(status=outcome.status, body=outcome.body, note=outcome.cut or "")
    if outcome.status == 404:
        return NotFound(raw=raw)
    body = None if outcome.cut else read_object(outcome.body)
    if not 200 <= outcome.status <= 299:
        return _no_answer(outcome, raw, known)
    if body is None:
        return NoAnswer(raw=raw, reason=outcome.cut or f"status {outcome.status} without a readable JSON object")
    if (inner := inner_status(body)) is not None:
        return NotFound(raw=raw) if inner == 404 else NoAnswer(raw=raw, reason=f"httpStatusCode {inner}")
    document = read_whole(body)
    if document.pac_document_id is None and document.legal_status is None and document.cufe is None:
        return NoAnswer(raw=raw, reason=f"status {outcome.status} without a document")
    return Found(raw=raw, document=document)


def _no_answer(reply: Reply, raw: RawAnswer, known: KnownCodes) -> NoAnswer:
    body = None if reply.cut else read_object(reply.body)
    code = known.misconfigured_in(findings_in(body)[0]) if body is not None else None
    reason = f"status {reply.status}" + (f" ({code})" if code else "")
    asked = retry_after_seconds(reply) if reply.status in (429, 503) else None
    return NoAnswer(raw=raw, reason=reason, retry_after_seconds=asked)
