"""Typed names of things. All are opaque strings; ours are 26-character ULIDs."""

from typing import NewType

TenantId = NewType("TenantId", str)
OfficeId = NewType("OfficeId", str)
ClientId = NewType("ClientId", str)
OrderId = NewType("OrderId", str)
DocumentId = NewType("DocumentId", str)
DeliveryId = NewType("DeliveryId", str)
ApiKeyId = NewType("ApiKeyId", str)
PacDocumentId = NewType("PacDocumentId", str)
PaymentId = NewType("PaymentId", str)
ReversalId = NewType("ReversalId", str)
