"""One onboarded tenant, as tests know it."""

from dataclasses import dataclass

from core.tenants import Office, Tenant
from core.trade import Client

WEBHOOK_SECRET = "the secret that the PAC echoes"


@dataclass(slots=True, kw_only=True)
class Shop:
    """One onboarded tenant."""

    tenant: Tenant
    office: Office
    client: Client
