"""Every kind of thing that can be wrong, the invariant that it breaks and what a person does about it.

Numbers I1 to I14 are those of the submission protocol. Codes are part of ``istmo doctor --json``: never renamed.
"""

from enum import Enum
from typing import Self


class Severity(Enum):
    """BROKEN: an invariant does not hold. NOTICE: worth a look, and no reason for an alarm."""

    BROKEN = "broken"
    NOTICE = "notice"


_BACKUP = "Compare with the newest backup; somebody or something wrote past Istmo. Do not edit it by hand."
_WORKER = "See that `istmo serve` or `istmo worker` runs and can reach the PAC; then run the doctor again."


class Fault(Enum):
    """``value`` is the code."""

    def __new__(cls, code: str, _invariant: str, _advice: str, _severity: Severity = Severity.BROKEN) -> Self:
        """The code alone is the value."""
        member = object.__new__(cls)
        member._value_ = code
        return member

    def __init__(self, _code: str, invariant: str, advice: str, severity: Severity = Severity.BROKEN) -> None:
        self.invariant = invariant
        self.advice = advice
        self.severity = severity

    INTENT_TWICE = "intent_twice", "I1", f"One idempotency key has two documents: the unique index is gone. {_BACKUP}"
    ORDER_BILLED_TWICE = (
        "order_billed_twice",
        "I1",
        "Late evidence revived a refused invoice after its order was billed anew. Credit or void one of the two.",
    )
    REPLACED_AND_VALID = (
        "replaced_and_valid",
        "I3",
        (
            "Late evidence made a document valid after another one was issued in its place. Unless that was done "
            "already, void or credit one of the two."
        ),
        Severity.NOTICE,
    )
    NUMBER_TWICE = "number_twice", "I2", f"Two documents have one number: the unique index is gone. {_BACKUP}"
    CUFE_TWICE = "cufe_twice", "I2", f"Two documents expect one CUFE: the unique index is gone. {_BACKUP}"
    PAC_ID_TWICE = "pac_id_twice", "I3", f"Two documents claim one document of the PAC. {_BACKUP}"
    NUMBER_GAP = (
        "number_gap",
        "I4",
        (
            "No document and no move of the series explains the gap. Restore the lost documents from a backup; if the "
            "numbers were issued elsewhere, keep a note of it for the DGI."
        ),
    )
    NUMBER_OUTSIDE_SERIES = "number_outside_series", "I4", f"The series does not know the number. {_BACKUP}"
    SERIES_UNKNOWN = "series_unknown", "I4", f"Documents have numbers of a series that does not exist. {_BACKUP}"
    SERIES_BEHIND = (
        "series_behind",
        "I4",
        "The series would give a used number again: issuing fails until it is moved past it with `istmo series set`.",
    )
    MARK_TOO_LOW = (
        "mark_too_low",
        "A36",
        "A restored backup could give numbers again that the PAC has seen. `istmo doctor --fix` raises the mark.",
    )
    MARK_AHEAD = (
        "mark_ahead",
        "A36",
        (
            "Numbers were sent that this database does not know: it was restored from a backup. Move the series past "
            "the mark with `istmo series set` before anything is issued."
        ),
    )
    DOCUMENT_LOST = (
        "document_lost",
        "A36",
        (
            "It left before a restore, and this database does not know it. Its caller's repetition may bring it back; "
            "else look its CUFE up at the PAC or the DGI, and say so with `istmo lost issued` or `istmo lost "
            "never-issued`."
        ),
        Severity.NOTICE,
    )
    MARK_UNREADABLE = "mark_unreadable", "A36", "Restore the file of the mark; never lower it, never delete it."
    BODY_MISSING = "body_missing", "I5", f"The bytes that were posted, or will be, are gone. {_BACKUP}"
    BODY_CHANGED = "body_changed", "I5", f"A resend would post other bytes than the first attempt. {_BACKUP}"
    BODY_ENCODED_OTHERWISE = (
        "body_encoded_otherwise",
        "I5",
        (
            "This version would encode the document in other bytes. After an upgrade that is expected, and the stored "
            "bytes are what is posted; otherwise compare with a backup."
        ),
        Severity.NOTICE,
    )
    CUFE_WRONG = "cufe_wrong", "A13", f"The CUFE does not follow from the document's own parts. {_BACKUP}"
    STATE_CONTRADICTS = "state_contradicts", "I6", f"The document's fields exclude each other. {_BACKUP}"
    TIMELINE_CONTRADICTS = "timeline_contradicts", "I6", f"The state is not the one that the events led to. {_BACKUP}"
    COLUMNS_DISAGREE = "columns_disagree", "I6", f"Searches and indexes see other values than the document. {_BACKUP}"
    DUE_TIME_MISSING = (
        "due_time_missing",
        "I8",
        "Nobody would look at the document again. `istmo doctor --fix` gives it a due time.",
    )
    VOID_CONTRADICTS = "void_contradicts", "A23", f"A void's fields or events exclude each other. {_BACKUP}"
    VOID_FORGOTTEN = (
        "void_forgotten",
        "A21",
        "A void was asked for and nobody would go on with it. `istmo doctor --fix` gives it a due time.",
    )
    VOID_IN_DOUBT = (
        "void_in_doubt",
        "A21",
        (
            "The PAC never said what became of a void. Ask it whether the document is void, then confirmVoided or "
            "giveUpVoid."
        ),
        Severity.NOTICE,
    )
    OVERDUE = "overdue", "I8", f"The work is due and nobody does it. {_WORKER}"
    LEASE_EXPIRED = "lease_expired", "I8", f"An attempt was interrupted and nobody settled it. {_WORKER}"
    FILE_TWICE = "file_twice", "I9", f"A document has two current files of one kind: the index is gone. {_BACKUP}"
    FILE_ROW_DIFFERS = "file_row_differs", "I9", f"The document and its list of files disagree. {_BACKUP}"
    FILE_MISSING = (
        "file_missing",
        "I9",
        "Restore the file store from its backup, or fetch the file again with attachPacPdf.",
    )
    FILE_CORRUPT = "file_corrupt", "I9", "Restore the file from the file store's backup. Check the disk."
    FILE_NOT_PDF = "file_not_pdf", "I9", "The stored PDF is none. Fetch it again with attachPacPdf."
    DELIVERY_STUCK = "delivery_stuck", "I10", f"A webhook was stored and is not processed. {_WORKER}"
    DELIVERY_CHANGED = "delivery_changed", "I10", f"A webhook's bytes are gone or changed. {_BACKUP}"
    DELIVERY_LOST = "delivery_lost", "I10", f"A processed webhook names no document of its tenant. {_BACKUP}"
    TOTALS_WRONG = "totals_wrong", "I11", f"The stored figures do not follow from the lines. {_BACKUP}"
    CREDITS_EXCEED_INVOICE = (
        "credits_exceed_invoice",
        "I12",
        "Late evidence revived a refused credit note after its amount was credited anew. Void one of the credit notes.",
    )
    CREDITED_AND_VOID = (
        "credited_and_void",
        "A25",
        "An invoice is voided or credited, never both: somebody did one of them at the PAC. Void the credit notes.",
    )
    STRAY_ROW = "stray_row", "I13", f"A row's parent is missing or belongs to another tenant. {_BACKUP}"
    STRANGE_TENANT = "strange_tenant", "I13", f"Rows belong to a tenant that does not exist. {_BACKUP}"
    OFFICE_DIFFERS = "office_differs", "I13", "A billing point belongs to one office alone. Find out who moved it."
    CHAIN_BROKEN = "chain_broken", "I14", f"Events were changed, removed or reordered. {_BACKUP}"
    ADMIN_CHAIN_BROKEN = (
        "admin_chain_broken",
        "I14",
        f"Events of administrative changes were changed, removed or reordered. {_BACKUP}",
    )
    ADMIN_CHANGE_UNANSWERED = (
        "admin_change_unanswered",
        "I14",
        "The process died, or the store failed, during this change: look whether it was made (`istmo admin events`).",
        Severity.NOTICE,
    )
    UNREADABLE_ROW = (
        "unreadable_row",
        "I6",
        f"A newer version wrote it, or it was damaged. Run the newer version's doctor. {_BACKUP}",
    )
    SECRET_UNREADABLE = "secret_unreadable", "B78", "Set ISTMO_SECRETS_KEY to the key that sealed the secret."
    CERTIFICATE_ENDED = (
        "certificate_ended",
        "A28",
        "The PAC cannot sign with it: put the renewed one in with `istmo onboard certificate`.",
    )
    CERTIFICATE_ENDS = (
        "certificate_ends",
        "A28",
        "Renew it and put the new one in with `istmo onboard certificate`.",
        Severity.NOTICE,
    )
    ORPHAN_BLOB = (
        "orphan_blob",
        "A20",
        (
            "No row names these bytes: a process was stopped between file and row, or they were a download of "
            "makeArchive or makeEvidence. `istmo doctor --fix` removes what is older than a day."
        ),
        Severity.NOTICE,
    )
