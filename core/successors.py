"""What a corrected document says: what the one before it said, with the caller's changes laid over it.

What a caller does not name stays; what a caller names as nothing goes back to what is usual, or to what the client
says now.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from core.codes import DocumentType
from core.documents import FiscalDocument
from core.drafts import Draft, DraftReceiver
from core.errors import Wording
from core.failures import MalformedInputError
from core.identifiers import ClientId, OfficeId
from core.receivers import AdHocReceiver, lay_over, resolve_receiver, resolve_retention
from core.trade import Client
from core.usual_terms import usual_terms


class Kept(Enum):
    """Says that a caller did not name something, which is not the same as naming nothing."""

    KEPT = "kept"


KEPT = Kept.KEPT
_TYPES_OWN = frozenset({"nature", "sale_type"})  # whose usual value depends on the document type
_NEEDED = Wording("a document cannot be without it", "un documento no puede carecer de ello")
_OF_THE_INVOICE = frozenset(
    {
        *("lines", "discounts", "freight", "insurance", "other_charges", "prices_include_itbms"),
        *("retention", "retention_amount", "destination", "export"),
    }
)
_FOLLOWS = Wording(
    "what a credit note takes back follows from its invoice; a refused one holds nothing back: use createCredit again",
    "lo que una nota de crédito devuelve sale de su factura; una rechazada no retiene nada: use createCredit de nuevo",
)
_NOTE_STAYS = Wording("a note keeps its document type", "una nota conserva su tipo de documento")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """``terms``: fields of a Draft by name with their new values; None: the usual one."""

    terms: Mapping[str, object] = field(default_factory=dict)
    client_id: ClientId | Kept | None = KEPT
    receiver: AdHocReceiver | Kept | None = KEPT
    office_id: OfficeId | Kept | None = KEPT
    billing_point: str | Kept | None = KEPT
    external_id: str | Kept | None = KEPT

    @property
    def meaning(self) -> Mapping[str, object]:
        """For a fingerprint, in which naming nothing differs from not naming it."""
        beside = ("client_id", "receiver", "office_id", "billing_point", "external_id")
        named = {name: getattr(self, name) for name in beside if getattr(self, name) is not KEPT}
        return {"terms": sorted(self.terms.items()), "beside": sorted(named.items())}

    def client_of(self, original: FiscalDocument) -> ClientId | None:
        """Whom the successor names as its client."""
        return original.client_id if isinstance(self.client_id, Kept) else self.client_id

    @property
    def asks_client(self) -> bool:
        """Whether anything follows from the client as it is now, not as the original had it."""
        is_cleared = "retention" in self.terms and self.terms["retention"] is None
        return self.client_id is not KEPT or self.receiver is None or is_cleared


def succeed(original: FiscalDocument, changes: Changes, client: Client | None) -> Draft:
    """The successor's draft. ``client``: as it is now, when ``changes.asks_client``.

    Raises MalformedInputError (no lines, another type of a note, other amounts in a credit note that names its
    invoice), RetentionCodeMissingError.
    """
    said = original.draft
    if said.document_type is DocumentType.REFERRING_CREDIT_NOTE:
        for name in sorted(_OF_THE_INVOICE.intersection(changes.terms)):
            raise MalformedInputError(path=(_as_given(name),), problem=_FOLLOWS)
    document_type = changes.terms.get("document_type") or said.document_type
    if not isinstance(document_type, DocumentType):
        raise TypeError("a document type is meant")
    if document_type is not said.document_type and not (document_type.is_invoice and said.document_type.is_invoice):
        raise MalformedInputError(path=("documentType",), problem=_NOTE_STAYS)
    terms = {name: _or_usual(name, value, document_type) for name, value in changes.terms.items()}
    # the names come from the input's own type
    draft = replace(said, **(terms | {"document_type": document_type}))  # type: ignore[arg-type]
    is_resolved = said.document_type is DocumentType.REFERRING_CREDIT_NOTE or not changes.asks_client
    retention = draft.retention if is_resolved else resolve_retention(draft.retention, client)
    return replace(draft, receiver=_receiver(said.receiver, changes, client), retention=retention)


def _receiver(said: DraftReceiver, changes: Changes, client: Client | None) -> DraftReceiver:
    own = changes.receiver
    if changes.client_id is KEPT and own is not None:
        return said if isinstance(own, Kept) else lay_over(said, own)
    return resolve_receiver(client, None if isinstance(own, Kept) else own)


def _or_usual(name: str, value: object, document_type: DocumentType) -> object:
    if value is not None:
        return value
    if name in _TYPES_OWN:
        usual: object = getattr(usual_terms(document_type), name)
        return usual
    usual_of = {each.name: each.default for each in dataclasses.fields(Draft)}
    if usual_of[name] is dataclasses.MISSING and name != "document_type":
        raise MalformedInputError(path=(name,), problem=_NEEDED)
    return usual_of[name]


def _as_given(name: str) -> str:
    """A field's name in the caller's input: otherCharges."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
