"""How the fake behaves where Alanube is not known for certain. Every field is an assumption with a default.

The numbers are those of docs/assumptions.md.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class ErrorStyle(StrEnum):
    """Shape of a refusal (contract section 3.3, ASSUME-009)."""

    ERRORS_ARRAY = "errors"  # {code: 400, errors: [{code, message, field}]}
    MESSAGE_ARRAY = "messages"  # {code: 400, message: ["instance requires property ..."]}


class RejectionRoute(StrEnum):
    """How a broken DGI rule is told (contract section 3.3, ASSUME-009)."""

    STATUS_400 = "status_400"  # 4xx without a document
    REJECTED_DOCUMENT = "rejected_document"  # 2xx with an id, PAC_REJECTED and errors


class DuplicateAnswer(StrEnum):
    """What a number that is taken already gets (ASSUME-001)."""

    BAD_REQUEST_KNOWN_CODE = "bad_request_known_code"  # 400 with the DGI's 1002
    BAD_REQUEST_UNKNOWN_CODE = "bad_request_unknown_code"  # 400 with a code that no table knows
    UNPROCESSABLE_UNKNOWN_CODE = "unprocessable_unknown_code"  # 422 with such a code
    CONFLICT_WITH_ID = "conflict_with_id"  # 409 that names the first document
    CONFLICT_WITHOUT_ID = "conflict_without_id"
    REJECTED_DOCUMENT = "rejected_document"  # 2xx, new id, PAC_REJECTED with the DGI's 1002
    REJECTED_DOCUMENT_UNKNOWN_CODE = "rejected_document_unknown_code"  # the same with a code that no table knows
    REJECTED_BY_DGI = "rejected_by_dgi"  # 2xx, new id, PAC_AUTHORIZED, then DGI_REJECTED with 1002
    ACCEPTED_TWICE = "accepted_twice"


UNKNOWN_CODE_FORMS = (
    DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE,
    DuplicateAnswer.UNPROCESSABLE_UNKNOWN_CODE,
    DuplicateAnswer.REJECTED_DOCUMENT_UNKNOWN_CODE,
)
"""The forms that nobody can tell from a refusal of the document itself."""


class RepeatedVoid(StrEnum):
    """What a DELETE of a document gets that is void already (ASSUME-037)."""

    REFUSED_KNOWN_CODE = "refused_known_code"  # 400 with the DGI's 0622
    REFUSED_UNKNOWN_CODE = "refused_unknown_code"  # 400 with a code that no table knows
    SUCCESS_AGAIN = "success_again"  # 200, and no second event


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """The settings of one fake PAC. Replace the whole value to change one (``dataclasses.replace``)."""

    error_style: ErrorStyle = ErrorStyle.ERRORS_ARRAY
    rejection_route: RejectionRoute = RejectionRoute.STATUS_400
    duplicate_answer: DuplicateAnswer = DuplicateAnswer.BAD_REQUEST_KNOWN_CODE
    number_checked_first: bool = False  # before the body is validated
    rejected_number_is_free: bool = True  # ASSUME-017
    closed_fields: bool = False  # refuse fields that the contract does not know (ASSUME-008)
    strict_registry: bool = False  # only registered RUCs exist (1602)
    address_required: bool = True  # receivers 01 and 03; false: notification 1606, 1607
    unknown_references: bool = False  # accept a note on a CUFE that this fake never issued
    late_rules: frozenset[str] = frozenset()  # DGI rules that only the DGI notices: DGI_REJECTED later
    contingency_start_key: str = "contingencyStart"  # Alanube's names are unknown
    contingency_reason_key: str = "contingencyReason"
    government_as_object: bool = False  # ASSUME-032: [{code, message}]; true: {code, value[]} as in another country
    accepted_status: int = 200  # ASSUME-002: 201 and 202 are possible too
    wrapped_document: bool = True  # {message, document}; false: the document at top level (ASSUME-002)
    webhook_on_acceptance: bool = True  # PAC_AUTHORIZED is told too, not the DGI's decision alone
    webhook_delay: timedelta = timedelta(0)
    webhook_retry_after: tuple[timedelta, ...] = (  # ASSUME-034
        timedelta(seconds=1),
        timedelta(seconds=5),
        timedelta(seconds=30),
        timedelta(minutes=5),
    )
    whole_pdf: bool = True  # false: a slip of five lines, for runs of thousands of documents
    pdf_ready_after: timedelta = timedelta(0)  # from acceptance
    signed_url_life: timedelta = timedelta(minutes=10)  # ASSUME-018
    void_window: timedelta = timedelta(hours=182)  # ASSUME-005
    void_window_first: bool = False  # ASSUME-037: a DELETE that comes late is too late, whatever is void already
    repeated_void: RepeatedVoid = RepeatedVoid.REFUSED_KNOWN_CODE
    void_in_view: bool = False  # ASSUME-038: a GET does not show the void
    affiliation_accepted_after: timedelta = timedelta(0)  # the customer accepts in eTax
    largest_body: int = 2 * 1024 * 1024
    kept_exchanges: int = 10_000
