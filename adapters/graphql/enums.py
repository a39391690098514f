"""The schema's enums and the domain's: the same English names, except where Panama's own word is meant."""

from enum import Enum

from ariadne import EnumType

from core import codes
from core.cafe import CafePaper, CafeStanding
from core.circuits import CircuitState
from core.diagnosis import OperatorAction
from core.documents import DocumentKind, DocumentMode, FileKind, LegalStatus, Submission
from core.events import EventKind
from core.notices import NoticeOutcome
from core.number_ledger import NumberUse
from core.ports.ruc_registry import ReceiverClass
from core.preflight import Severity
from core.statement_codes import DifferenceCode
from core.tenants import DoubtPolicy, Role
from core.use_cases.ask_registry import RucSource
from core.use_cases.refresh_document import PdfOutcome

CONTRIBUTOR_TYPES = {"NATURAL": codes.RucType.NATURAL, "JURIDICO": codes.RucType.LEGAL}
INVOICE_TYPES = {member.name: member for member in codes.DocumentType if member.is_invoice}
SEVERITIES = {member.name: member for member in (Severity.ERROR, Severity.WARNING)}

_SAME_NAMES: tuple[type[Enum], ...] = (
    DocumentMode,
    Submission,
    LegalStatus,
    EventKind,
    FileKind,
    PdfOutcome,
    Role,
    DoubtPolicy,
    CircuitState,
    OperatorAction,
    NumberUse,
    CafePaper,
    CafeStanding,
    NoticeOutcome,
    ReceiverClass,
    RucSource,
    codes.Environment,
    codes.ReceiverType,
    codes.ForeignIdentityKind,
    codes.DocumentType,
    codes.ItbmsRate,
    codes.OtiCode,
    codes.PaymentForm,
    codes.PaymentTime,
    codes.RetentionCode,
    codes.EmissionType,
    codes.OperationNature,
    codes.OperationType,
    codes.Destination,
    codes.SaleType,
    codes.CafeFormat,
    codes.CafeDelivery,
    codes.ContainerHandling,
)


def enums() -> list[EnumType]:
    """The enums, ready to be bound to the schema."""
    return [
        *(EnumType(enum.__name__, enum) for enum in _SAME_NAMES),
        EnumType("SourceType", DocumentKind),
        EnumType("StatementDifferenceCode", DifferenceCode),
        EnumType("ContributorType", dict(CONTRIBUTOR_TYPES)),
        EnumType("InvoiceType", dict(INVOICE_TYPES)),
        EnumType("Severity", dict(SEVERITIES)),
    ]
