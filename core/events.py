"""What happened to a document: the entries of its timeline, and the PAC's raw answers beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


class EventKind(Enum):
    """What happened to a document. The timeline of a document is its events in order."""

    RECORDED = "RECORDED"
    SENDING = "SENDING"
    NOT_SENT = "NOT_SENT"
    ANSWERED = "ANSWERED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    IN_DOUBT = "IN_DOUBT"
    EVIDENCE = "EVIDENCE"
    ADOPTED = "ADOPTED"
    ID_REFUTED = "ID_REFUTED"
    QUARANTINED = "QUARANTINED"
    STATUS = "STATUS"
    STATUS_IGNORED = "STATUS_IGNORED"
    CHECK_FAILED = "CHECK_FAILED"
    WEBHOOK = "WEBHOOK"
    FILE_STORED = "FILE_STORED"
    FILE_FAILED = "FILE_FAILED"
    RESENDING = "RESENDING"
    ALARM = "ALARM"
    SIBLING_ADOPTED = "SIBLING_ADOPTED"
    CONFIRMED_AT_DGI = "CONFIRMED_AT_DGI"
    GIVEN_UP = "GIVEN_UP"
    POSTPONED = "POSTPONED"
    EMAIL_REQUESTED = "EMAIL_REQUESTED"
    EMAIL_ANSWERED = "EMAIL_ANSWERED"
    WEBHOOK_REQUESTED = "WEBHOOK_REQUESTED"
    WEBHOOK_ANSWERED = "WEBHOOK_ANSWERED"
    VOID_REQUESTED = "VOID_REQUESTED"
    VOID_SENDING = "VOID_SENDING"
    VOID_POSTPONED = "VOID_POSTPONED"
    VOID_IN_DOUBT = "VOID_IN_DOUBT"
    VOIDED = "VOIDED"
    VOID_FAILED = "VOID_FAILED"
    CREDITED = "CREDITED"
    DEBITED = "DEBITED"
    PAYMENT_RECORDED = "PAYMENT_RECORDED"
    PAYMENT_REVERSED = "PAYMENT_REVERSED"
    DRAFT_CHANGED = "DRAFT_CHANGED"
    CONVERTED = "CONVERTED"
    WITHDRAWN = "WITHDRAWN"
    REPLACED = "REPLACED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, before it has its place in the chain. Facts are plain text and hold no secret."""

    at: datetime
    kind: EventKind
    actor: str  # submission, webhook, sweep, operator:<key id>, caller:<key id>
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEvent:
    """An event with its place in the document's hash chain (I14)."""

    sequence: int  # 1, 2, 3 ... per document
    event: Event
    digest: str  # SHA-256 over the previous digest and this event, hex


class ExchangeKind(Enum):
    """Which conversation with the PAC the raw bytes belong to: answers, and what a void sent."""

    SUBMIT = "SUBMIT"
    LOOK_UP = "LOOK_UP"
    VOID_REQUEST = "VOID_REQUEST"  # the body of a DELETE as it was about to leave
    VOID = "VOID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One raw answer of the PAC, kept whole: bytes, never re-encoded. ``status`` None: no answer came."""

    at: datetime
    kind: ExchangeKind
    attempt: int
    status: int | None
    body: bytes
    note: str = ""
