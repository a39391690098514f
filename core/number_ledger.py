"""Every number of a series is reserved, used or burnt, with a reason (I4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from core.documents import LegalStatus, Refusal, SeriesKey, Submission
from core.identifiers import DocumentId
from core.ports.series_ledger import SeriesMove


class NumberUse(Enum):
    """What became of a number."""

    RESERVED = "RESERVED"  # its document is under way
    USED = "USED"  # authorised, or known to be issued
    BURNT = "BURNT"  # refused, rejected, given up, or passed over by a move
    IN_DOUBT = "IN_DOUBT"  # nobody knows yet
    UNEXPLAINED = "UNEXPLAINED"  # no document and no move: must not happen


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedDocument:
    """What the ledger needs of a document."""

    number: int
    document_id: DocumentId
    submission: Submission
    standing_status: LegalStatus  # what the document counts as
    reason: str = ""  # of a refusal or quarantine


def reason_of(refusal: Refusal | None, quarantine_reason: str | None, doubt_reason: str | None) -> str:
    """What a document itself says about the fate of its number, at most 500 characters; empty when nothing."""
    if refusal is not None:
        return ": ".join(part for part in (" ".join(refusal.codes), "; ".join(refusal.messages)) if part)[:500]
    return (quarantine_reason or doubt_reason or "")[:500]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One number, or a run of numbers with one reason. Both ends are included."""

    first: int
    last: int
    use: NumberUse
    reason: str
    document_id: DocumentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLedger:
    """The entries of a series over a range of numbers, without a hole. ``next_first``: where the next page begins,
    None when the range ends here."""

    series: SeriesKey
    entries: tuple[LedgerEntry, ...]
    first_number: int  # where this installation began
    next_number: int  # what the next document gets
    next_first: int | None = None


def explain(
    documents: Sequence[NumberedDocument], moves: Sequence[SeriesMove], *, first: int, last: int
) -> tuple[LedgerEntry, ...]:
    """Account for every number from ``first`` to ``last``. ``documents`` ascend by number."""
    entries: list[LedgerEntry] = []
    expected = first
    for document in documents:
        if document.number > expected:
            entries.extend(_gap(expected, document.number - 1, moves))
        use, reason = _use_of(document)
        entries.append(
            LedgerEntry(
                first=document.number,
                last=document.number,
                use=use,
                reason=reason,
                document_id=document.document_id,
            )
        )
        expected = document.number + 1
    if expected <= last:
        entries.extend(_gap(expected, last, moves))
    return tuple(entries)


def _use_of(document: NumberedDocument) -> tuple[NumberUse, str]:
    match document.submission:
        case Submission.REFUSED:
            return NumberUse.BURNT, document.reason or "refused by the PAC"
        case Submission.IN_DOUBT | Submission.QUARANTINED:
            return NumberUse.IN_DOUBT, document.reason or document.submission.value
        case Submission.ISSUED_ID_UNKNOWN:
            return NumberUse.USED, "issued, confirmed at the DGI"
        case Submission.ACCEPTED if document.standing_status.is_rejected:
            return NumberUse.BURNT, document.standing_status.value
        case Submission.ACCEPTED if document.standing_status is LegalStatus.DGI_AUTHORIZED:
            return NumberUse.USED, LegalStatus.DGI_AUTHORIZED.value
        case _:
            return NumberUse.RESERVED, document.submission.value


def _gap(first: int, last: int, moves: Sequence[SeriesMove]) -> list[LedgerEntry]:
    """Numbers without a document: each is covered by the move that passed over it, or is unexplained."""
    entries: list[LedgerEntry] = []
    at = first
    for move in sorted(moves, key=lambda move: move.from_number):
        start, end = max(at, move.from_number), min(last, move.to_number - 1)
        if start > end:
            continue
        if start > at:
            entries.append(LedgerEntry(first=at, last=start - 1, use=NumberUse.UNEXPLAINED, reason=""))
        entries.append(
            LedgerEntry(first=start, last=end, use=NumberUse.BURNT, reason=f"moved by {move.actor}: {move.reason}")
        )
        at = end + 1
    if at <= last:
        entries.append(LedgerEntry(first=at, last=last, use=NumberUse.UNEXPLAINED, reason=""))
    return entries
