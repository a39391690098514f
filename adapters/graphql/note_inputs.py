"""Inputs of credit and debit notes as the domain's own values."""

from adapters.graphql.inputs import Input, given, read_line, read_previewed
from core.codes import DocumentType
from core.drafts import DraftInstalment, DraftPayment, Modification
from core.errors import Path, Wording
from core.failures import MalformedInputError
from core.identifiers import DocumentId, OfficeId
from core.notes.crediting import CreditTerms
from core.notes.debiting import DebitTerms
from core.notes.intents import Origin
from core.notes.taking import LineCredit
from core.ports.document_repository import DocumentFilter
from core.use_cases.create_credit import NewCredit
from core.use_cases.create_debit import NewDebit
from core.use_cases.create_invoice import NewInvoice

CREDITS = tuple(each for each in DocumentType if each.is_credit_note)
DEBITS = tuple(each for each in DocumentType if each.is_debit_note)

_EMPTY = Wording("an empty text names nothing; leave it out", "un texto vacío no nombra nada; omítalo")
_NAMES = {"invoice_id": "invoiceId", "office_id": "officeId", "billing_point": "billingPoint"}


def read_credit(data: Input) -> NewCredit:
    """Raises MalformedInputError for an empty name of a thing."""
    lines = tuple(LineCredit(**given(line)) for line in data.get("lines") or ())
    terms = CreditTerms(lines=lines, reason=data["reason"], payments=_payments(data))
    return NewCredit(invoice_id=DocumentId(data["invoice_id"]), terms=terms, origin=_origin(data))


def read_debit(data: Input) -> NewDebit:
    """Raises MalformedInputError for an empty name of a thing."""
    said = given(data)
    terms = DebitTerms(
        lines=tuple(read_line(line) for line in data["lines"]),
        reason=data["reason"],
        payments=_payments(data),
        instalments=tuple(DraftInstalment(**given(each)) for each in data.get("instalments") or ()),
        **{name: said[name] for name in ("prices_include_itbms", "payment_time") if name in said},
        **({"modification": said["purpose"]} if "purpose" in said else {}),
    )
    return NewDebit(invoice_id=DocumentId(data["invoice_id"]), terms=terms, origin=_origin(data))


def read_generic_note(data: Input, document_type: DocumentType) -> NewInvoice:
    """A note by lines alone. Raises MalformedInputError for an empty name of a thing."""
    terms = {name: value for name, value in data.items() if name not in ("reason", "purpose")}
    purpose = data.get("purpose") or (Modification.ADJUSTMENT if document_type.is_debit_note else None)
    said = {"document_type": document_type, "information": data["reason"], "modification": purpose}
    return read_previewed(terms | said)


def read_note_filter(data: Input | None, document_types: tuple[DocumentType, ...]) -> DocumentFilter:
    """Which notes a page shows."""
    wanted = data or {}
    invoice_id = wanted.get("invoice_id")
    return DocumentFilter(
        document_types=document_types,
        parent_id=DocumentId(invoice_id) if invoice_id is not None else None,
        submission=tuple(dict.fromkeys(wanted.get("submission") or ())),
        legal_status=tuple(dict.fromkeys(wanted.get("legal_status") or ())),
        external_id=wanted.get("external_id"),
        updated_since=wanted.get("updated_since"),
    )


def locate_in_note(path: Path) -> list[str]:
    """A place of the core in the arguments: what a note has from its invoice is mended by naming another one."""
    steps = [str(step) for step in path]
    if not steps or steps[0] in ("input", "mode", "idempotencyKey", "waitSeconds", "id"):
        return steps
    if steps[0] == "information":
        return ["input", "reason"]
    return ["input", *steps]


def locate_in_naming_note(path: Path) -> list[str]:
    """As ``locate_in_note``, for a note whose receiver and reference are its invoice's."""
    located = locate_in_note(path)
    return ["input", "invoiceId"] if located[1:2] in (["references"], ["receiver"]) else located


def _origin(data: Input) -> Origin:
    for name, argument in _NAMES.items():
        if data.get(name) == "":
            raise MalformedInputError(path=(argument,), problem=_EMPTY)
    office_id = data.get("office_id")
    return Origin(
        office_id=OfficeId(office_id) if office_id is not None else None,
        billing_point=data.get("billing_point"),
        external_id=data.get("external_id"),
    )


def _payments(data: Input) -> tuple[DraftPayment, ...]:
    return tuple(DraftPayment(**given(payment)) for payment in data.get("payments") or ())
