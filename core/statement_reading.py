"""What the PAC shows of one document, judged against what is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.documents import FiscalDocument, LegalStatus, Submission
from core.identifiers import DocumentId, PacDocumentId
from core.lifecycle.following import RANKS, is_own_cufe, read_status, shows_another
from core.money import exact_arithmetic
from core.ports.pac_gateway import PacDocument
from core.statement_codes import DifferenceCode

_NOTHING = Decimal("0.00")
_OPEN: dict[Submission, DifferenceCode] = {
    Submission.QUEUED: DifferenceCode.UNDER_WAY,
    Submission.SENDING: DifferenceCode.UNDER_WAY,
    Submission.IN_DOUBT: DifferenceCode.IN_DOUBT,
    Submission.QUARANTINED: DifferenceCode.QUARANTINED,
    Submission.ISSUED_ID_UNKNOWN: DifferenceCode.ID_UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one id led to at the PAC: a document, nothing (``shown`` None), or no answer (``unread`` says why).

    ``total``: what the XML states, when it could be had.
    """

    document_id: DocumentId
    pac_document_id: PacDocumentId
    shown: PacDocument | None = None
    total: Decimal | None = None
    unread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One difference of a document; ``count`` and ``amount``: ours less the PAC's."""

    code: DifferenceCode
    pac_document_id: PacDocumentId | None = None
    ours: str = ""
    pac: str = ""
    count: int = 0
    amount: Decimal = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A document with what became of the comparison. ``pac_totals``: one for each id that counts at the PAC."""

    document: FiscalDocument
    remarks: tuple[Remark, ...]
    unread: tuple[Reading, ...]
    pac_totals: tuple[Decimal, ...]
    amounts_unread: int
    is_open: bool  # it counts here, and the PAC could not be asked about it


def ids_of(document: FiscalDocument) -> tuple[PacDocumentId, ...]:
    """Every id of it that anybody told us, also those that were found to be another's or a repetition."""
    own = () if document.pac_document_id is None else (document.pac_document_id,)
    return tuple(dict.fromkeys((*own, *document.authorised_beside, *document.hinted_ids, *document.refuted_ids)))


def counts_here(document: FiscalDocument) -> bool:
    """Whether we say that it is authorised, void or not."""
    is_held = document.submission is Submission.ACCEPTED and document.standing_status.is_authorized
    return is_held or document.submission is Submission.ISSUED_ID_UNKNOWN


def judge(document: FiscalDocument, readings: Sequence[Reading]) -> Finding:
    """Compare a document with the readings of its ids, in any order."""
    followed = document.standing_id if document.submission is Submission.ACCEPTED else None
    main = next((reading for reading in readings if reading.pac_document_id == followed), None)
    others = [reading for reading in readings if reading is not main and _is_own(document, reading)]
    remarks: list[Remark] = []
    at_pac: list[Reading] = []  # what counts there, the one that we mean first
    is_open = False
    if document.submission is Submission.ACCEPTED:
        is_open = counts_here(document) and (main is None or bool(main.unread))
        if main is not None and not main.unread:
            remarks += _of_main(document, main)
            at_pac += [main] if _counts_there(document, main) else []
    else:
        held = next((reading for reading in others if _counts(reading)), None)
        remarks += _of_open(document, held)
        if held is not None:
            others.remove(held)
            at_pac.append(held)
    for reading in at_pac:
        remarks += _of_amount(document, reading)
    for reading in others:
        remarks += _of_second(document, reading)
        at_pac += [reading] if _counts(reading) else []
    return Finding(
        document=document,
        remarks=tuple(remarks),
        unread=tuple(reading for reading in readings if reading.unread),
        pac_totals=tuple(_total(document, reading) for reading in at_pac),
        amounts_unread=sum(reading.total is None for reading in at_pac),
        is_open=is_open,
    )


def _of_main(document: FiscalDocument, reading: Reading) -> list[Remark]:
    """The id that we follow."""
    shown, own, asked = reading.shown, counts_here(document), reading.pac_document_id
    if shown is None:
        return [_remark(document, DifferenceCode.MISSING_AT_PAC, asked, document.standing_status.value, "", int(own))]
    cufe = document.cufe or document.expected_cufe
    cufe_differs = DifferenceCode.CUFE_DIFFERS
    if shows_another(document, shown):
        what = shown.cufe or shown.pac_document_id or ""
        return [_remark(document, cufe_differs, asked, cufe, what, int(own))]
    remarks = []
    if shown.cufe is not None and shown.cufe != cufe:
        remarks.append(_remark(document, cufe_differs, asked, cufe, shown.cufe, 0))
    theirs = read_status(shown.legal_status)
    ours = document.standing_status
    if theirs is not ours:
        is_above = theirs is not None and RANKS[theirs] > RANKS[ours]
        is_news = is_above or (theirs is not None and ours is LegalStatus.UNRECOGNISED)
        code = DifferenceCode.STATUS_DIFFERS if is_news else DifferenceCode.STATUS_CONTRADICTS
        effect = int(own) - int(_counts(reading))
        raw = (shown.legal_status or "")[:100]
        remarks.append(_remark(document, code, asked, ours.value, raw, effect))
    if shown.is_void and not document.is_void:
        remarks.append(_remark(document, DifferenceCode.VOID_DIFFERS, asked, "", "VOIDED", 0))
    return remarks


def _of_open(document: FiscalDocument, held: Reading | None) -> list[Remark]:
    """A document that is not ACCEPTED here; ``held`` is an id of it that counts at the PAC."""
    effect = int(counts_here(document)) - int(held is not None)
    code = _OPEN.get(document.submission, DifferenceCode.REFUSED_BUT_HELD)
    if code is DifferenceCode.REFUSED_BUT_HELD and held is None:
        return []
    shown = held.shown if held is not None else None
    status = (shown.legal_status or "")[:100] if shown is not None else ""
    asked = held.pac_document_id if held is not None else None
    return [_remark(document, code, asked, document.submission.value, status, effect)]


def _of_amount(document: FiscalDocument, reading: Reading) -> list[Remark]:
    if reading.total is None or reading.total == document.totals.total:
        return []
    with exact_arithmetic():
        less = document.totals.total - reading.total
    return [
        Remark(
            code=DifferenceCode.AMOUNT_DIFFERS,
            pac_document_id=reading.pac_document_id,
            ours=f"{document.totals.total:f}",
            pac=f"{reading.total:f}",
            amount=less,
        )
    ]


def _of_second(document: FiscalDocument, reading: Reading) -> list[Remark]:
    """Another id of the same CUFE; one that the PAC or the DGI rejected is a repetition that was refused."""
    status = read_status(reading.shown.legal_status) if reading.shown is not None else None
    if status is not None and status.is_rejected:
        return []
    counts = _counts(reading)
    return [
        Remark(
            code=DifferenceCode.SECOND_ID_AT_PAC,
            pac_document_id=reading.pac_document_id,
            ours=document.standing_id or "",
            pac=(status or LegalStatus.NONE).value,
            count=-1 if counts else 0,
            amount=-_total(document, reading) if counts else _NOTHING,
        )
    ]


def _remark(
    document: FiscalDocument,
    code: DifferenceCode,
    asked: PacDocumentId | None,
    ours: str,
    pac: str,
    effect: int,
) -> Remark:
    """``effect``: how many times the document counts here more than there."""
    with exact_arithmetic():
        amount = effect * document.totals.total if effect else _NOTHING
    return Remark(code=code, pac_document_id=asked, ours=ours, pac=pac, count=effect, amount=amount)


def _is_own(document: FiscalDocument, reading: Reading) -> bool:
    """Whether an id that is only hinted at, or was refuted, shows this document after all."""
    shown = reading.shown
    if shown is None or shown.cufe is None or shown.pac_document_id not in (None, reading.pac_document_id):
        return False
    return shown.cufe == document.cufe or is_own_cufe(document, shown.cufe)


def _counts_there(document: FiscalDocument, reading: Reading) -> bool:
    return reading.shown is not None and not shows_another(document, reading.shown) and _counts(reading)


def _counts(reading: Reading) -> bool:
    status = read_status(reading.shown.legal_status) if reading.shown is not None else None
    return status is not None and status.is_authorized


def _total(document: FiscalDocument, reading: Reading) -> Decimal:
    return document.totals.total if reading.total is None else reading.total
