"""The tables of an installation. The migrations make them; a test compares both."""

from adapters.persistence.tables.administration_tables import administration_events, administration_head
from adapters.persistence.tables.circuit_tables import circuits
from adapters.persistence.tables.columns import metadata
from adapters.persistence.tables.document_tables import (
    document_attachments,
    document_bodies,
    document_contents,
    document_events,
    document_exchanges,
    documents,
)
from adapters.persistence.tables.intent_tables import intents
from adapters.persistence.tables.lost_document_tables import lost_documents
from adapters.persistence.tables.onboarding_tables import onboardings
from adapters.persistence.tables.payment_tables import document_payments, payment_reversals
from adapters.persistence.tables.reference_tables import catalogue_copies, ruc_answers
from adapters.persistence.tables.tenant_tables import api_keys, billing_points, offices, tenant_secrets, tenants
from adapters.persistence.tables.trade_tables import clients, orders, series, series_moves
from adapters.persistence.tables.webhook_tables import webhook_bodies, webhook_deliveries

__all__ = [
    "administration_events",
    "administration_head",
    "api_keys",
    "billing_points",
    "catalogue_copies",
    "circuits",
    "clients",
    "document_attachments",
    "document_bodies",
    "document_contents",
    "document_events",
    "document_exchanges",
    "document_payments",
    "documents",
    "intents",
    "lost_documents",
    "metadata",
    "offices",
    "onboardings",
    "orders",
    "payment_reversals",
    "ruc_answers",
    "series",
    "series_moves",
    "tenant_secrets",
    "tenants",
    "webhook_bodies",
    "webhook_deliveries",
]
