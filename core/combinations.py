"""Which document type goes with which nature, destination, operation and receiver.

The table is that of an integration in production, and rows with a rule number are also in a public validator
(confidence M). Credit notes carry nature 11; some issuers send 01, so both pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.codes import Destination, DocumentType, OperationNature, OperationType, ReceiverType

_ANYWHERE = frozenset(Destination)
_PANAMA = frozenset({Destination.PANAMA})
_ABROAD = frozenset({Destination.ABROAD})
_OUTGOING = frozenset({OperationType.OUTGOING})
_ANYONE = frozenset(ReceiverType)
_FOREIGNER = frozenset({ReceiverType.FOREIGNER})
_DOMESTIC_NATURES = frozenset(
    {
        OperationNature.SALE,
        OperationNature.TRANSFER,
        OperationNature.CONSIGNMENT,
        OperationNature.REMITTANCE,
        OperationNature.FREE_DELIVERY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedCombination:
    """What a document type allows, and the DGI's rule for each departure."""

    natures: frozenset[OperationNature]
    destinations: frozenset[Destination] = _ANYWHERE
    operations: frozenset[OperationType] = _OUTGOING
    receivers: frozenset[ReceiverType] = _ANYONE
    destination_rule: str = "1526"
    receiver_rule: str = "1600"


_CREDIT_NOTE = AllowedCombination(natures=frozenset({OperationNature.RETURN, OperationNature.SALE}))
_DEBIT_NOTE = AllowedCombination(natures=frozenset({OperationNature.SALE}))

COMBINATIONS: Mapping[DocumentType, AllowedCombination] = MappingProxyType(
    {
        DocumentType.DOMESTIC_INVOICE: AllowedCombination(
            natures=_DOMESTIC_NATURES, destinations=_PANAMA, destination_rule="1534"
        ),
        DocumentType.IMPORT_INVOICE: AllowedCombination(
            natures=frozenset({OperationNature.IMPORT}),
            destinations=_ABROAD,
            operations=frozenset({OperationType.INCOMING}),
        ),
        DocumentType.EXPORT_INVOICE: AllowedCombination(
            natures=frozenset({OperationNature.EXPORT, OperationNature.REEXPORT}),
            destinations=_ABROAD,
            receivers=_FOREIGNER,
            destination_rule="1533",
            receiver_rule="1620",
        ),
        DocumentType.REFERRING_CREDIT_NOTE: _CREDIT_NOTE,
        DocumentType.REFERRING_DEBIT_NOTE: _DEBIT_NOTE,
        DocumentType.GENERIC_CREDIT_NOTE: _CREDIT_NOTE,
        DocumentType.GENERIC_DEBIT_NOTE: _DEBIT_NOTE,
        DocumentType.FREE_ZONE_INVOICE: AllowedCombination(natures=_DOMESTIC_NATURES | {OperationNature.EXPORT}),
        DocumentType.REIMBURSEMENT: AllowedCombination(
            natures=frozenset({OperationNature.SALE, OperationNature.TRANSFER}), destinations=_PANAMA
        ),
        DocumentType.FOREIGN_OPERATION_INVOICE: AllowedCombination(
            natures=frozenset({OperationNature.FOREIGN_SOURCE_SALE}),
            destinations=_ABROAD,
            receivers=_FOREIGNER,
            receiver_rule="1623",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinationBreach:
    """One value that does not go with the document type. ``aspect`` is nature, destination, operation or receiver."""

    aspect: str
    rule: str
    given: str
    allowed: tuple[str, ...]


def combination_breaches(
    *,
    document_type: DocumentType,
    nature: OperationNature,
    destination: Destination,
    operation: OperationType,
    receiver_type: ReceiverType,
) -> tuple[CombinationBreach, ...]:
    """Everything that does not go with ``document_type``; empty when the combination is allowed."""
    row = COMBINATIONS[document_type]
    aspects = (
        ("nature", "1524", nature, row.natures),
        ("destination", row.destination_rule, destination, row.destinations),
        ("operation", "1525", operation, row.operations),
        ("receiver", row.receiver_rule, receiver_type, row.receivers),
    )
    return tuple(
        CombinationBreach(
            aspect=aspect, rule=rule, given=str(given), allowed=tuple(sorted(str(code) for code in allowed))
        )
        for aspect, rule, given, allowed in aspects
        if given not in allowed
    )
