"""Documents with what the PAC shows of them, and the codes that a statement must have of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.codes import DocumentType
from core.documents import FiscalDocument, LegalStatus, SeriesKey, Submission
from core.drafts import DraftLine
from core.identifiers import PacDocumentId, TenantId
from core.ports.pac_gateway import PacDocument
from core.statement_codes import DifferenceCode
from core.statement_reading import Reading
from core.voids import Void, VoidState
from tests.builders import NOW, a_document, a_draft

TENANT = TenantId("01MINE")
DAY = date(2026, 3, 2)
CENT = Decimal("0.01")
TYPES = (DocumentType.DOMESTIC_INVOICE, DocumentType.GENERIC_CREDIT_NOTE)
VOID = Void(state=VoidState.VOIDED, reason="x" * 15, requested_at=NOW, requested_by="caller:1", idempotency_key="v")


@dataclass(frozen=True)
class Planted:
    """A document with what the PAC shows of it, and the codes that must come of it."""

    document: FiscalDocument
    readings: tuple[Reading, ...] = ()
    codes: tuple[DifferenceCode, ...] = ()
    unread: int = 0


def sold(number: int, cents: int, document_type: DocumentType, **changes: object) -> FiscalDocument:
    line = DraftLine(description="Algo", quantity=Decimal(1), unit_price=cents * CENT)
    draft = replace(a_draft(), document_type=document_type, lines=(line,), payments=())
    known: dict[str, object] = {
        "submission": Submission.ACCEPTED,
        "legal_status": LegalStatus.DGI_AUTHORIZED,
        "pac_document_id": PacDocumentId(f"pac-{document_type.value}-{number}"),
    }
    series = SeriesKey(billing_point="001", document_type=document_type)
    made = a_document(TENANT, draft=draft, series=series, number=number, **(known | changes))
    return replace(made, cufe=made.expected_cufe) if made.submission is Submission.ACCEPTED else made


def shown(
    document: FiscalDocument, asked: str | None = None, *, total: Decimal | None = None, **changes: object
) -> Reading:
    """What the PAC shows of a document when nothing differs, with changes."""
    own = PacDocumentId(asked or document.pac_document_id or "")
    known = {"pac_document_id": own, "legal_status": "DGI_AUTHORIZED", "cufe": document.expected_cufe}
    return Reading(
        document_id=document.document_id,
        pac_document_id=own,
        shown=PacDocument(**(known | changes)),  # type: ignore[arg-type]
        total=document.totals.total if total is None else total,
    )


Plant = Callable[[int, int, DocumentType], Planted]


def _same(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    return Planted(document, (shown(document),))


def _same_pending(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, legal_status=LegalStatus.REGISTERED)
    return Planted(document, (shown(document, legal_status="REGISTERED"),))


def _same_void(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, void=VOID)
    return Planted(document, (shown(document),))  # that the PAC shows no void proves nothing


def _refused(number: int, cents: int, kind: DocumentType) -> Planted:
    hint = PacDocumentId(f"rejected-{number}")
    document = sold(
        number,
        cents,
        kind,
        submission=Submission.REFUSED,
        legal_status=LegalStatus.NONE,
        pac_document_id=None,
        refuted_ids=(hint,),
    )
    return Planted(document, (shown(document, hint, legal_status="PAC_REJECTED"),))


def _foreign_id_refuted(number: int, cents: int, kind: DocumentType) -> Planted:
    another = sold(number + 5_000, cents, kind)
    document = sold(number, cents, kind, refuted_ids=(PacDocumentId(f"foreign-{number}"),))
    foreign = shown(document, f"foreign-{number}", cufe=another.expected_cufe)
    return Planted(document, (shown(document), foreign))


def _status(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, legal_status=LegalStatus.REGISTERED)
    return Planted(document, (shown(document),), (DifferenceCode.STATUS_DIFFERS,))


def _contradiction(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    return Planted(document, (shown(document, legal_status="DGI_REJECTED"),), (DifferenceCode.STATUS_CONTRADICTS,))


def _known_status(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, legal_status=LegalStatus.UNRECOGNISED)
    return Planted(document, (shown(document, legal_status="REGISTERED"),), (DifferenceCode.STATUS_DIFFERS,))


def _no_status(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    return Planted(document, (shown(document, legal_status=None),), (DifferenceCode.STATUS_CONTRADICTS,))


def _missing(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    asked = PacDocumentId(document.pac_document_id or "")
    reading = Reading(document_id=document.document_id, pac_document_id=asked)
    return Planted(document, (reading,), (DifferenceCode.MISSING_AT_PAC,))


def _away(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    asked = PacDocumentId(document.pac_document_id or "")
    reading = Reading(document_id=document.document_id, pac_document_id=asked, unread="no answer")
    return Planted(document, (reading,), unread=1)


def _another_cufe(number: int, cents: int, kind: DocumentType) -> Planted:
    document, another = sold(number, cents, kind), sold(number + 5_000, cents, kind)
    return Planted(document, (shown(document, cufe=another.expected_cufe),), (DifferenceCode.CUFE_DIFFERS,))


def _another_date(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    stamped = replace(document, cufe=document.expected_cufe)
    later = document.expected_cufe.replace("20260302", "20260303")
    return Planted(stamped, (shown(stamped, cufe=later),), (DifferenceCode.CUFE_DIFFERS,))


def _amount(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    total = document.totals.total + CENT
    return Planted(document, (shown(document, total=total),), (DifferenceCode.AMOUNT_DIFFERS,))


def _amount_and_status(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, legal_status=LegalStatus.REGISTERED)
    codes = (DifferenceCode.STATUS_DIFFERS, DifferenceCode.AMOUNT_DIFFERS)
    return Planted(document, (shown(document, total=document.totals.total + CENT),), codes)


def _void(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    return Planted(document, (shown(document, is_void=True),), (DifferenceCode.VOID_DIFFERS,))


def _open(submission: Submission, code: DifferenceCode, *, is_held: bool = False) -> Plant:
    def plant(number: int, cents: int, kind: DocumentType) -> Planted:
        hint = PacDocumentId(f"hint-{number}")
        document = sold(
            number,
            cents,
            kind,
            submission=submission,
            legal_status=LegalStatus.NONE,
            pac_document_id=None,
            hinted_ids=(hint,) if is_held else (),
        )
        return Planted(document, (shown(document, hint),) if is_held else (), (code,))

    return plant


def _second(status: str) -> Plant:
    def plant(number: int, cents: int, kind: DocumentType) -> Planted:
        second = PacDocumentId(f"second-{number}")
        document = sold(number, cents, kind, refuted_ids=(second,))
        codes = () if status == "DGI_REJECTED" else (DifferenceCode.SECOND_ID_AT_PAC,)
        total = document.totals.total + CENT
        return Planted(document, (shown(document, second, legal_status=status, total=total), shown(document)), codes)

    return plant


PLANTS: dict[str, Plant] = {
    "the same": _same,
    "the same, pending": _same_pending,
    "the same, void": _same_void,
    "refused by both": _refused,
    "a foreign id that was refuted": _foreign_id_refuted,
    "a refused repetition": _second("DGI_REJECTED"),
    "a later status": _status,
    "another final status": _contradiction,
    "a status that is known again": _known_status,
    "no status": _no_status,
    "missing": _missing,
    "the PAC away": _away,
    "another CUFE": _another_cufe,
    "another date": _another_date,
    "another amount": _amount,
    "amount and status": _amount_and_status,
    "a void": _void,
    "queued": _open(Submission.QUEUED, DifferenceCode.UNDER_WAY),
    "sending": _open(Submission.SENDING, DifferenceCode.UNDER_WAY),
    "in doubt": _open(Submission.IN_DOUBT, DifferenceCode.IN_DOUBT),
    "in doubt and held": _open(Submission.IN_DOUBT, DifferenceCode.IN_DOUBT, is_held=True),
    "quarantined": _open(Submission.QUARANTINED, DifferenceCode.QUARANTINED),
    "id unknown": _open(Submission.ISSUED_ID_UNKNOWN, DifferenceCode.ID_UNKNOWN),
    "refused here, held there": _open(Submission.REFUSED, DifferenceCode.REFUSED_BUT_HELD, is_held=True),
    "a second id": _second("DGI_AUTHORIZED"),
    "a second id, pending": _second("REGISTERED"),
}
AGREEING = [name for name, plant in PLANTS.items() if not plant(1, 100, TYPES[0]).codes and name != "the PAC away"]
