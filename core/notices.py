"""E-mails and webhooks that the PAC is asked for: who may be written to, how often, and how the timeline tells it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from core.documents import FiscalDocument, Submission
from core.events import ChainedEvent, Event, EventKind
from core.failures import (
    EmailAddressMissingError,
    EmailOfDebitError,
    IdempotencyConflictError,
    MalformedEmailAddressError,
    MalformedEmailMessageError,
    NoticeLimitError,
    NoticeNotPossibleError,
    TooManyEmailAddressesError,
)
from core.identifiers import PacDocumentId
from core.ports.pac_gateway import Misconfigured, NotSent, Throttled, Unknown
from core.ports.pac_notifier import HandedOver, NoticeAnswer, NoticeRefused

LONGEST_ADDRESS = 50  # the DGI's limit, and the PAC's
MOST_ADDRESSES = 5  # of one call
LONGEST_MESSAGE = 1000
LONGEST_REASON = 300
ATTEMPT, REQUEST, FINGERPRINT = "attempt", "request", "fingerprint"

# One mailbox in ASCII and nothing else: no name, no comment, no quotes, no list, no end of a header.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class NoticeOutcome(Enum):
    """What became of a request. Only HANDED_OVER says that the PAC took it."""

    HANDED_OVER = "HANDED_OVER"
    REFUSED = "REFUSED"
    NOT_SENT = "NOT_SENT"  # it did not reach the PAC, or the PAC would not hear it: nothing was done
    UNKNOWN = "UNKNOWN"  # it may have been done; nobody repeats it


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """One kind of request, with its events and its limit per document."""

    requested: EventKind
    answered: EventKind
    most: int
    within: timedelta


EMAIL = NoticeKind(
    requested=EventKind.EMAIL_REQUESTED, answered=EventKind.EMAIL_ANSWERED, most=5, within=timedelta(hours=24)
)
WEBHOOK = NoticeKind(
    requested=EventKind.WEBHOOK_REQUESTED, answered=EventKind.WEBHOOK_ANSWERED, most=10, within=timedelta(hours=1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRequest:
    """What is asked for. ``name`` is the caller's idempotency key, "" for none; ``facts`` go into the timeline."""

    name: str = ""
    fingerprint: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeResult:
    """What became of one request, with the PAC's words or the reason. ``address`` "" for a webhook."""

    outcome: NoticeOutcome
    reason: str = ""
    address: str = ""


def id_at_the_pac(document: FiscalDocument) -> PacDocumentId:
    """The id under which the PAC has the document. Raises NoticeNotPossibleError when it did not accept it."""
    if document.submission is not Submission.ACCEPTED or document.standing_id is None:
        raise NoticeNotPossibleError(state=document.submission.value)
    return document.standing_id


def require_mailable(document: FiscalDocument) -> PacDocumentId:
    """The same for an e-mail. Raises EmailOfDebitError, and NoticeNotPossibleError also before the PAC authorised."""
    if document.document_type.is_debit_note:
        raise EmailOfDebitError
    pac_document_id = id_at_the_pac(document)
    if not document.standing_status.is_authorized:
        raise NoticeNotPossibleError(state=document.legal_status.value)
    return pac_document_id


def addresses_for(document: FiscalDocument, given: Sequence[str] | None) -> tuple[str, ...]:
    """The given addresses, or those of the document's receiver, each once.

    Raises EmailAddressMissingError, TooManyEmailAddressesError, MalformedEmailAddressError.
    """
    wanted = tuple(dict.fromkeys(document.draft.receiver.emails if given is None else given))
    if not wanted:
        raise EmailAddressMissingError(path=("emails",))
    if len(wanted) > MOST_ADDRESSES:
        raise TooManyEmailAddressesError(path=("emails",), count=len(wanted), limit=MOST_ADDRESSES)
    for place, address in enumerate(wanted):
        if len(address) > LONGEST_ADDRESS or _ADDRESS.fullmatch(address) is None:
            shown = "".join(each if each.isprintable() else "?" for each in address[:60])
            raise MalformedEmailAddressError(path=("emails", place), email=shown, limit=LONGEST_ADDRESS)
    return wanted


def checked_message(message: str) -> str:
    """The text of an e-mail, its line ends as one character. Raises MalformedEmailMessageError."""
    text = message.replace("\r\n", "\n")
    if len(text) > LONGEST_MESSAGE or _CONTROL.search(text):
        raise MalformedEmailMessageError(path=("message",), limit=LONGEST_MESSAGE)
    return text


def refuse_above_limit(
    events: Sequence[ChainedEvent], kind: NoticeKind, *, now: datetime, attempt: str | None = None
) -> None:
    """Raise NoticeLimitError when the limit is used up by what was asked before ``attempt``, or by all there is.

    The order of the timeline decides between requests that come at once, so that not one more gets through.
    """
    asked = [each for each in _asked(events, kind) if each.at > now - kind.within]
    if attempt is not None:
        asked = asked[: next(place for place, each in enumerate(asked) if each.facts[ATTEMPT] == attempt)]
    if len(asked) >= kind.most:
        again_at = asked[-kind.most].at + kind.within
        hours = int(kind.within.total_seconds() // 3600)
        raise NoticeLimitError(limit=kind.most, hours=hours, again_at=again_at.isoformat(timespec="seconds"))


def first_attempt(events: Sequence[ChainedEvent], kind: NoticeKind, request: NoticeRequest) -> str | None:
    """The attempt that serves a request: of several with one key the first. Raises IdempotencyConflictError."""
    for each in _asked(events, kind):
        if each.facts.get(REQUEST) == request.name:
            if each.facts.get(FINGERPRINT) != request.fingerprint:
                raise IdempotencyConflictError(path=("idempotencyKey",))
            return each.facts[ATTEMPT]
    return None


def results_of(events: Sequence[ChainedEvent], kind: NoticeKind, attempt: str) -> dict[str, NoticeResult]:
    """What the timeline tells of an attempt, by address."""
    found = {}
    for each in (chained.event for chained in events):
        if each.kind is kind.answered and each.facts.get(ATTEMPT) == attempt:
            address = each.facts.get("address", "")
            outcome = NoticeOutcome(each.facts["outcome"])
            found[address] = NoticeResult(outcome=outcome, reason=each.facts.get("reason", ""), address=address)
    return found


def _asked(events: Sequence[ChainedEvent], kind: NoticeKind) -> list[Event]:
    return [each.event for each in events if each.event.kind is kind.requested]


def requested(kind: NoticeKind, attempt: str, request: NoticeRequest, *, at: datetime, actor: str) -> Event:
    """The event that is kept before the PAC hears of the request: a lost answer leaves it without one."""
    named = {REQUEST: request.name, FINGERPRINT: request.fingerprint} if request.name else {}
    return Event(at=at, kind=kind.requested, actor=actor, facts={ATTEMPT: attempt, **named, **request.facts})


def answered(kind: NoticeKind, attempt: str, result: NoticeResult, *, at: datetime, actor: str) -> Event:
    """The event that tells what became of it."""
    facts = {ATTEMPT: attempt, "outcome": result.outcome.value}
    facts |= {name: value for name, value in (("address", result.address), ("reason", result.reason)) if value}
    return Event(at=at, kind=kind.answered, actor=actor, facts=facts)


def result_of(answer: NoticeAnswer, *, address: str = "", secret: str = "") -> NoticeResult:
    """What an answer means. A ``secret`` that the PAC repeats in its words is taken out of them."""
    outcome, reason = _judged(answer)
    if secret:
        reason = reason.replace(secret, "[secret]")
    printable = "".join(each if each.isprintable() else " " for each in reason)
    return NoticeResult(outcome=outcome, reason=printable[:LONGEST_REASON], address=address)


def _judged(answer: NoticeAnswer) -> tuple[NoticeOutcome, str]:
    match answer:
        case HandedOver():
            return NoticeOutcome.HANDED_OVER, ""
        case NoticeRefused():
            return NoticeOutcome.REFUSED, "; ".join((*answer.codes, *answer.messages))
        case NotSent():
            return NoticeOutcome.NOT_SENT, answer.reason
        case Throttled():
            return NoticeOutcome.NOT_SENT, "the PAC asks to slow down"
        case Misconfigured():
            return NoticeOutcome.NOT_SENT, f"the PAC refuses the credentials: {answer.code}"
        case Unknown():
            return NoticeOutcome.UNKNOWN, answer.reason
