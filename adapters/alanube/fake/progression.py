"""How a document's legal status moves after it was accepted: at once, after a time, after n reads, or by a script."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from adapters.alanube.fake.records import FakeDocument, Finding

PAC_AUTHORIZED = "PAC_AUTHORIZED"
DGI_AUTHORIZED = "DGI_AUTHORIZED"
PAC_REJECTED = "PAC_REJECTED"
DGI_REJECTED = "DGI_REJECTED"
REGISTERED = "REGISTERED"
TERMINAL = frozenset({DGI_AUTHORIZED, PAC_REJECTED, DGI_REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move. Due when ``after`` has passed since the acceptance **and** the document was read ``reads`` times."""

    legal_status: str
    after: timedelta = timedelta(0)
    reads: int = 0
    government: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progression:
    """Where a document starts and the moves that follow, in order. No steps: the DGI stays silent for ever."""

    first_status: str = PAC_AUTHORIZED
    steps: tuple[Step, ...] = ()


def immediate() -> Progression:
    """PAC_AUTHORIZED in the answer, DGI_AUTHORIZED at the first look."""
    return after(timedelta(0))


def after(delay: timedelta) -> Progression:
    """DGI_AUTHORIZED when ``delay`` has passed."""
    return Progression(steps=(Step(legal_status=DGI_AUTHORIZED, after=delay),))


def after_reads(reads: int) -> Progression:
    """DGI_AUTHORIZED in the answer to the ``reads``-th GET."""
    return Progression(steps=(Step(legal_status=DGI_AUTHORIZED, reads=reads),))


def silent() -> Progression:
    """PAC_AUTHORIZED and nothing more."""
    return Progression()


def dgi_rejection(code: str, message: str, delay: timedelta = timedelta(0)) -> Progression:
    """DGI_REJECTED with one government entry."""
    entry = Finding(code=code, message=message)
    return Progression(steps=(Step(legal_status=DGI_REJECTED, after=delay, government=(entry,)),))


def script(steps: Iterable[Step], first_status: str = PAC_AUTHORIZED) -> Progression:
    """Any order of moves, the impossible ones included."""
    return Progression(first_status=first_status, steps=tuple(steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMatch:
    """Which documents a rule is about; None matches all."""

    company_id: str | None = None
    document_type: str | None = None
    billing_point: str | None = None
    numeration: str | None = None
    receiver_ruc: str | None = None

    def matches(self, document: FakeDocument) -> bool:
        """Whether every named field agrees."""
        ruc = (document.payload["receiver"].get("ruc") or {}).get("ruc")
        pairs = (
            (self.company_id, document.company_id),
            (self.document_type, document.document_type),
            (self.billing_point, document.billing_point),
            (self.numeration, document.numeration),
            (self.receiver_ruc, ruc),
        )
        return all(wanted is None or wanted == actual for wanted, actual in pairs)
