"""What may become part of a path: nothing from outside but validated ids and digests."""

import re

from core.identifiers import TenantId

_TENANT = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def is_digest(text: str) -> bool:
    """Whether the text is a SHA-256 in lower-case hex digits."""
    return _DIGEST.fullmatch(text) is not None


def is_tenant_part(tenant_id: TenantId) -> bool:
    """Whether the id can name a folder."""
    return _TENANT.fullmatch(tenant_id) is not None


def tenant_part(tenant_id: TenantId) -> str:
    """The id as the name of a folder. Raises ValueError for one that cannot be."""
    if not is_tenant_part(tenant_id):
        raise ValueError("a tenant id is 1 to 64 letters, digits, hyphens and underscores")
    return tenant_id
