"""What a document of a type says where its caller says nothing.

A credit note returns (nature 11) and a debit note sells (01): the rows of ``core.combinations``. A note has no kind of
sale (1531 belongs to invoices).
"""

from dataclasses import dataclass

from core.codes import DocumentType, OperationNature, SaleType


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTerms:
    """Defaults that depend on the document type."""

    nature: OperationNature
    sale_type: SaleType | None


def usual_terms(document_type: DocumentType) -> UsualTerms:
    """The defaults of ``document_type``; those of an invoice are a draft's own."""
    if document_type.is_invoice:
        return UsualTerms(nature=OperationNature.SALE, sale_type=SaleType.ORDINARY)
    nature = OperationNature.RETURN if document_type.is_credit_note else OperationNature.SALE
    return UsualTerms(nature=nature, sale_type=None)
