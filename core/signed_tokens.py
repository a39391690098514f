"""Short-lived tokens that carry their own claims: whoever holds one may open what it names, and nothing else."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from core.failures import DownloadLinkInvalidError
from core.ports.clock import Clock

TOKEN_MAX = 1000


class SignedTokens:
    """Makes and reads tokens of one purpose: HMAC-SHA256 over the purpose, the claims and the expiry."""

    def __init__(self, key: bytes, purpose: str, clock: Clock, *, lifetime_seconds: float) -> None:
        """``key``: at least 32 random bytes. A token of one ``purpose`` opens nothing of another."""
        self._key = key
        self._purpose = f"istmo {purpose}\n".encode()
        self._clock = clock
        self._lifetime = timedelta(seconds=lifetime_seconds)

    def seal(self, *claims: str) -> tuple[str, datetime]:
        """The token and when it expires."""
        expires_at = (self._clock.now() + self._lifetime).replace(microsecond=0)
        payload = json.dumps([*claims, int(expires_at.timestamp())], separators=(",", ":")).encode()
        return _encode(payload) + "." + _encode(self._mac(payload)), expires_at

    def open(self, token: str) -> list[str]:
        """The claims. Raises DownloadLinkInvalidError for a token that is forged, cut or expired."""
        try:
            payload_text, mac_text = token[:TOKEN_MAX].split(".")
            payload, mac = _decode(payload_text), _decode(mac_text)
        except (ValueError, binascii.Error):
            raise DownloadLinkInvalidError from None
        if not hmac.compare_digest(mac, self._mac(payload)):
            raise DownloadLinkInvalidError
        content: list[Any] = json.loads(payload)
        *claims, expires = content
        if datetime.fromtimestamp(expires, UTC) <= self._clock.now():
            raise DownloadLinkInvalidError
        return claims

    def _mac(self, payload: bytes) -> bytes:
        return hmac.new(self._key, self._purpose + payload, hashlib.sha256).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
