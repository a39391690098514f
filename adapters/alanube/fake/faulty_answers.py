"""What a fault makes of an answer, before or after the request was processed."""

import dataclasses
from collections.abc import Sequence

from adapters.alanube.fake.faults import FaultKind, FaultRule
from adapters.alanube.fake.refusals import QR_NOT_REQUESTED, UNEXPECTED, coded, unauthorised
from adapters.alanube.fake.wire import TransportFault, WireAnswer, json_answer, write_json

DEFAULT_HANG_SECONDS = 60.0
DEFAULT_LATE_SECONDS = 45.0
DEFAULT_DRIP_SECONDS = 5.0
_HTML = b"<!doctype html><html><head><title>502</title></head><body>Bad gateway</body></html>"
_AFTER = (
    FaultKind.DROP_AFTER_ACCEPT,
    FaultKind.ERROR_500_AFTER_ACCEPT,
    FaultKind.ERROR_502_AFTER_ACCEPT,
    FaultKind.TIME_OUT_AFTER_ACCEPT,
    FaultKind.SLOW_DRIP,
    FaultKind.TRUNCATE_BODY,
    FaultKind.CUT_MID_BODY,
    FaultKind.HTML_200,
    FaultKind.EMPTY_200,
    FaultKind.NO_ID_200,
    FaultKind.INNER_ERROR_200,
    FaultKind.WEBHOOK_BEFORE_ANSWER,
)


def answer_instead(rules: Sequence[FaultRule]) -> WireAnswer | None:
    """The answer of the first fault that keeps the request from being processed now, or None."""
    for rule in rules:
        answer = _instead(rule)
        if answer is not None:
            return dataclasses.replace(answer, faults=(rule.kind.value,))
    return None


def _instead(rule: FaultRule) -> WireAnswer | None:
    match rule.kind:
        case FaultKind.DROP_BEFORE:
            return WireAnswer(status=0, body=None, transport=TransportFault.REFUSE)
        case FaultKind.ERROR_503_BEFORE:
            return json_answer(503, {"code": 503, "message": "Service Unavailable"})
        case FaultKind.UNAUTHORIZED_401:
            return unauthorised()
        case FaultKind.FORBIDDEN_403:
            return json_answer(403, {"code": 403, "message": "Forbidden"})
        case FaultKind.THROTTLED_429:
            answer = json_answer(429, {"code": 429, "message": "Too Many Requests"})
            if rule.seconds is None:
                return answer
            return dataclasses.replace(answer, headers={**answer.headers, "retry-after": str(int(rule.seconds))})
        case FaultKind.MISCONFIGURED_AP1010:
            return coded(400, QR_NOT_REQUESTED, "company qr not requested or wrong")
        case FaultKind.REDIRECT_307:
            return WireAnswer(status=307, headers={"location": "http://203.0.113.7/pan/v1/invoices"})
        case FaultKind.TIME_OUT_THEN_ACCEPT_LATE:
            return _hang(rule)
        case _:
            return None


def spoilt(answer: WireAnswer, rules: Sequence[FaultRule]) -> WireAnswer:
    """The answer of a processed request after every fault of the plan had its way with it."""
    for rule in rules:
        if rule.kind in _AFTER:
            answer = _spoil(answer, rule)
    names = tuple(rule.kind.value for rule in rules)
    return dataclasses.replace(answer, faults=names) if names else answer


def _spoil(answer: WireAnswer, rule: FaultRule) -> WireAnswer:
    body = answer.body or b""
    match rule.kind:
        case FaultKind.DROP_AFTER_ACCEPT:
            return WireAnswer(status=0, body=None, transport=TransportFault.CLOSE_WITHOUT_ANSWER)
        case FaultKind.TIME_OUT_AFTER_ACCEPT:
            return _hang(rule)
        case FaultKind.ERROR_500_AFTER_ACCEPT:
            return coded(500, UNEXPECTED, "Unexpected error")
        case FaultKind.ERROR_502_AFTER_ACCEPT:
            return WireAnswer(status=502, headers={"content-type": "text/html"}, body=_HTML)
        case FaultKind.HTML_200:
            return WireAnswer(status=200, headers={"content-type": "text/html"}, body=_HTML)
        case FaultKind.EMPTY_200:
            return WireAnswer(status=200, headers={"content-type": "application/json"}, body=b"")
        case FaultKind.INNER_ERROR_200:
            return json_answer(200, {"httpStatusCode": 500, "code": UNEXPECTED, "message": "Unexpected error"})
        case FaultKind.TRUNCATE_BODY:
            return dataclasses.replace(answer, body=body[: len(body) // 2])
        case FaultKind.CUT_MID_BODY:
            return dataclasses.replace(answer, transport=TransportFault.CUT_MID_BODY)
        case FaultKind.SLOW_DRIP:
            seconds = DEFAULT_DRIP_SECONDS if rule.seconds is None else rule.seconds
            return dataclasses.replace(answer, transport=TransportFault.DRIP, hold_seconds=seconds)
        case FaultKind.WEBHOOK_BEFORE_ANSWER:
            return dataclasses.replace(answer, webhooks_first=True)
        case _:
            return _without_id(answer)


def _without_id(answer: WireAnswer) -> WireAnswer:
    try:
        body = answer.json()
    except ValueError:
        return answer
    if not isinstance(body, dict):
        return answer
    body.pop("id", None)
    if isinstance(body.get("document"), dict):
        body["document"].pop("id", None)
    return dataclasses.replace(answer, body=write_json(body))


def _hang(rule: FaultRule) -> WireAnswer:
    seconds = DEFAULT_HANG_SECONDS if rule.seconds is None else rule.seconds
    return WireAnswer(status=0, body=None, transport=TransportFault.HANG, hold_seconds=seconds)
