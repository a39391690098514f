"""Secrets at rest: AES-256-GCM, bound to the tenant and the kind of secret, so that no row can stand in for another.

A sealed secret is one format byte, eight bytes that name the key (for a rotation), the nonce of twelve bytes and
the ciphertext with its tag.
"""

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.failures import SecretUnreadableError
from core.identifiers import TenantId
from core.tenants import SecretKind

KEY_BYTES = 32
_FORMAT = b"\x01"
_KEY_NAME_BYTES = 8
_NONCE_BYTES = 12
_HEADER_BYTES = len(_FORMAT) + _KEY_NAME_BYTES


class SecretBox:
    """Seals with ``key``; opens what it or one of ``older_keys`` sealed."""

    def __init__(self, key: bytes, *, older_keys: Sequence[bytes] = ()) -> None:
        """Raises ValueError for a key that has not 32 bytes."""
        for one in (key, *older_keys):
            if len(one) != KEY_BYTES:
                raise ValueError(f"a secrets key has {KEY_BYTES} bytes, this one has {len(one)}")
        self._newest = _name_of(key)
        self._ciphers = {_name_of(one): AESGCM(one) for one in (*older_keys, key)}

    def __repr__(self) -> str:
        """Names no key."""
        return "SecretBox(...)"

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the newest key sealed it."""
        return sealed.startswith(_FORMAT + self._newest)

    def seal(self, secret: str, tenant_id: TenantId, kind: SecretKind) -> bytes:
        """The secret as it may lie in a database."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, secret.encode(), _bound_to(tenant_id, kind))
        return _FORMAT + self._newest + nonce + sealed

    def open(self, sealed: bytes, tenant_id: TenantId, kind: SecretKind) -> str:
        """The secret itself. Raises SecretUnreadableError for another key, tenant or kind, and for changed bytes."""
        cipher = self._ciphers.get(sealed[len(_FORMAT) : _HEADER_BYTES])
        if cipher is None or not sealed.startswith(_FORMAT):
            raise SecretUnreadableError
        nonce = sealed[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, sealed[_HEADER_BYTES + _NONCE_BYTES :], _bound_to(tenant_id, kind)).decode()
        except (InvalidTag, ValueError) as error:
            raise SecretUnreadableError from error


def _name_of(key: bytes) -> bytes:
    return hashlib.sha256(b"istmo secrets key\x00" + key).digest()[:_KEY_NAME_BYTES]


def _bound_to(tenant_id: TenantId, kind: SecretKind) -> bytes:
    return f"{tenant_id}\x00{kind.value}".encode()
