"""Who issues: tenants with their offices, billing points and API keys."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.codes import Environment, RucType
from core.identifiers import ApiKeyId, OfficeId, TenantId


class DoubtPolicy(Enum):
    """What happens to a document whose answer was lost when no evidence comes by itself."""

    PARK = "park"  # wait for evidence; quarantine at the deadline
    RESEND = "resend"  # the identical bytes once more after the settling time


class WebhookAuthentication(Enum):
    """How the sender of a webhook proves itself."""

    SHARED_SECRET = "shared_secret"  # noqa: S105 - the name of a way; X-Pac-Signature is the secret itself, as Alanube sends it
    HMAC_SHA256 = "hmac_sha256"  # X-Pac-Signature is "t=<unix seconds>,v1=<hex>" over "<t>.<body>"


class Role(Enum):
    """What an API key may do."""

    VIEWER = "viewer"  # read
    ISSUER = "issuer"  # read and issue
    OPERATOR = "operator"  # all of that, and offices, attachments, repairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One taxpayer who issues through this installation."""

    tenant_id: TenantId
    name: str
    ruc: str
    ruc_type: RucType
    dv: str
    environment: Environment
    created_at: datetime
    pac_company_id: str | None = None
    doubt_policy: DoubtPolicy = DoubtPolicy.PARK
    webhook_authentication: WebhookAuthentication = WebhookAuthentication.SHARED_SECRET


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A branch. Its code is part of the CUFE; each of its billing points belongs to it alone."""

    tenant_id: TenantId
    office_id: OfficeId
    code: str  # 4 characters, 0000 is the head office
    pac_office_id: str
    address: str
    coordinates: str  # "+8.9892,-79.5201"
    location_code: str  # 8-8-7
    telephone: str
    billing_points: tuple[str, ...]
    created_at: datetime


def first_billing_point(office_code: str, default: str) -> str:
    """The billing point an office starts with: the last three digits of its code, else (0000) the default."""
    digits = office_code[-3:]
    return default if not digits.isdecimal() or digits == "000" else digits


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A caller's key. Only the SHA-256 of the secret is kept."""

    key_id: ApiKeyId
    tenant_id: TenantId
    name: str
    role: Role
    secret_digest: str
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who a request comes from, found by its API key. The tenant is never an argument of a request."""

    tenant_id: TenantId
    key_id: ApiKeyId
    role: Role


class SecretKind(Enum):
    """The secrets a tenant can have. Each is encrypted at rest, bound to tenant and kind."""

    WEBHOOK = "webhook"  # up to two during a rotation
    PAC_KEY = "pac_key"  # overrides the installation's own
