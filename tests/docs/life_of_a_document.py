"""What a document can go through, found by letting the real steps loose on it until nothing new comes.

Every step of ``core.lifecycle`` (a public function that gives a Change) is tried on every kind of document that was
reached so far, with every kind of answer, look-up, delivery and decision. So the picture is what the code does, and
a new step or a new kind of answer is in it, or fails here because nobody said what to give it.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from itertools import product
from typing import Any, get_args

import core.lifecycle
from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.errors import IstmoError
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.lifecycle.sending import AnswerRules
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
from core.schedules import Schedules
from tests.builders import a_delivery, a_document

SCHEDULES = Schedules()
RAW = RawAnswer(status=None, body=b"")
IDS = (PacDocumentId("PAC-1"), PacDocumentId("PAC-2"))
TENANT = TenantId("01TEST")
WAITS = (timedelta(), timedelta(hours=1), timedelta(days=2))
STATUSES = (
    ("REGISTERED", ()),
    ("PAC_AUTHORIZED", ()),
    ("DGI_AUTHORIZED", ()),
    ("PAC_REJECTED", ("1602",)),
    ("DGI_REJECTED", ("1602",)),
    ("DGI_REJECTED", ("1002",)),
    ("A_STATUS_NEVER_SEEN", ()),
)
OTHER_CUFE_NUMBER = 77
OF_VOIDS = ("voiding", "void_states", "void_wishes")  # they move neither axis: tests/unit/voids/test_void_steps.py
PROVING_REASONS = ("duplicate", "rejected_after_doubt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One change of one axis and what can cause it: the name of a step, or of the PAC's answer to a POST."""

    before: Enum
    after: Enum
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All arrows that there are."""

    submission: frozenset[Arrow]
    legal_status: frozenset[Arrow]


@cache
def steps() -> dict[str, Callable[..., Change | None]]:
    """Every step by name."""
    modules = [
        importlib.import_module(each.name)
        for each in pkgutil.walk_packages(core.lifecycle.__path__, f"{core.lifecycle.__name__}.")
        if each.name.rpartition(".")[2] not in OF_VOIDS
    ]
    found: dict[str, Callable[..., Change | None]] = {}
    for module in modules:
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                kinds = get_args(value.__annotations__["return"]) or (value.__annotations__["return"],)
                if Change in kinds:
                    found[name] = value
    return found


def callers_own_checks() -> dict[str, Callable[[FiscalDocument], bool]]:
    """Steps that their caller takes only after a look of its own, which belongs to the step."""
    siblings = importlib.import_module("core.lifecycle.siblings")
    return {
        "leave_repetition": lambda document: any(
            siblings.is_refused_repetition(document, each) for each in shown(document.expected_cufe)
        ),
        "refute": lambda _: False,  # a part of judge_hint and judge_sibling, which are tried
    }


@cache
def life() -> Life:
    """Every arrow, by walking from the recorded document."""
    start = a_document(TENANT)
    known = {kind_of(start)}
    waiting = [start]
    submission: set[Arrow] = set()
    legal_status: set[Arrow] = set()
    checks = callers_own_checks()
    while waiting:
        document = waiting.pop()
        for name, step in steps().items():
            if name in checks and not checks[name](document):
                continue
            for arguments in choices(step, document):
                after = _after(step, arguments)
                if after is None:
                    continue
                cause = type(arguments["answer"]).__name__ if "answer" in arguments else name
                if after.submission is not document.submission:
                    submission.add(Arrow(before=document.submission, after=after.submission, cause=cause))
                if after.legal_status is not document.legal_status:
                    legal_status.add(Arrow(before=document.legal_status, after=after.legal_status, cause=name))
                if kind_of(after) not in known:
                    known.add(kind_of(after))
                    waiting.append(after)
    return Life(submission=frozenset(submission), legal_status=frozenset(legal_status))


def kind_of(document: FiscalDocument) -> tuple[object, ...]:
    """What may decide which arrow a document takes next. Two documents of one kind need not both be tried."""
    return (
        document.submission,
        document.legal_status,
        document.maybe_executed,
        document.claim is not None and document.claim.doubted_before,
        min(document.attempts, 2),
        min(len(document.hinted_ids), 2),
        document.pac_document_id is not None,
        document.doubt_reason if document.doubt_reason in (None, *PROVING_REASONS) else "lost",
        document.next_action_at is None,
        min(document.resends, 1),
    )


def choices(step: Callable[..., Change | None], document: FiscalDocument) -> Iterator[dict[str, Any]]:
    """Every combination of arguments that means something for this document."""
    names = list(parameters_of(step))
    for values in product(*(list(_values(name, document, step)) for name in names)):
        yield dict(zip(names, values, strict=True))


@cache
def shown(own_cufe: str) -> tuple[PacDocument, ...]:
    """What the PAC may show for an id: this document or another, in any legal status."""
    other_cufe = a_document(TENANT, number=OTHER_CUFE_NUMBER).expected_cufe
    return (
        PacDocument(pac_document_id=None),
        *(
            PacDocument(pac_document_id=None, legal_status=status, cufe=cufe, codes=codes)
            for (status, codes), cufe in product(STATUSES, (own_cufe, other_cufe))
        ),
    )


@cache
def answers(own_cufe: str) -> tuple[SubmitAnswer, ...]:
    """Every member of the closed union, in each of its forms."""
    every: tuple[SubmitAnswer, ...] = (
        *(Accepted(raw=RAW, document=replace(each, pac_document_id=IDS[0])) for each in shown(own_cufe)),
        *(Rejected(raw=RAW, codes=("1602",), messages=(), is_recognised=known) for known in (True, False)),
        *(Duplicate(raw=RAW, pac_document_id=known) for known in (None, IDS[1])),
        NotSent(raw=RAW, reason="refused"),
        Throttled(raw=RAW),
        Misconfigured(raw=RAW, code="HTTP_401"),
        *(Unknown(raw=RAW, reason="time-out", hinted_id=known) for known in (None, IDS[0])),
    )
    if {type(each) for each in every} != set(get_args(SubmitAnswer)):
        raise AssertionError("the union of answers has a member that is not tried")
    return every


@cache
def parameters_of(step: Callable[..., Change | None]) -> dict[str, object]:
    """The names and annotations of what a step takes."""
    return {name: each.annotation for name, each in inspect.signature(step).parameters.items()}


def _values(name: str, document: FiscalDocument, step: Callable[..., Change | None]) -> Iterator[object]:
    match name:
        case "document":
            yield document
        case "now" | "until":
            depends_on_time = not {"answer", "shown"} & parameters_of(step).keys()
            yield from (_latest(document) + wait for wait in (WAITS if depends_on_time else WAITS[:1]))
        case "schedules":
            yield SCHEDULES
        case "token":
            yield from {document.last_token, document.last_token - 1}
        case "answer":
            yield from answers(document.expected_cufe)
        case "shown":
            yield from shown(document.expected_cufe)
        case "rules":
            yield from (AnswerRules(), AnswerRules(unrecognised_is_doubt=True))
        case "hint" | "sibling":
            yield from document.hinted_ids
        case "delivery":
            yield from (a_delivery(TENANT, pac_document_id=each) for each in IDS)
        case "fetched" | "events":
            yield ()
        case "said" | "original":
            yield from _others(document, name)
        case _:
            yield from _of_kind(parameters_of(step)[name], name, step.__name__)


def _others(document: FiscalDocument, name: str) -> Iterator[FiscalDocument]:
    if name == "said":
        yield document
        return
    refused = replace(document, submission=Submission.REFUSED, replaced_by=DocumentId("01SUCCESSOR"))
    yield from (refused, replace(refused, submission=Submission.ACCEPTED, legal_status=LegalStatus.NONE))


def _of_kind(kind: object, name: str, step: str) -> Iterator[object]:
    if kind is bool:
        yield from (False, True)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from kind
    elif kind in (str, float, int):
        yield name if kind is str else 0
    else:
        raise AssertionError(f"say here what {step} may be given as {name}")


def _after(step: Callable[..., Change | None], arguments: dict[str, Any]) -> FiscalDocument | None:
    try:
        change = step(**arguments)
    except IstmoError:
        return None
    if change is None:
        return None
    return replace(change.document, updated_at=arguments.get("now", change.document.updated_at))


def _latest(document: FiscalDocument) -> datetime:
    moments = (document.updated_at, document.next_action_at if document.claim is None else None)
    return max(moment for moment in moments if moment is not None)
