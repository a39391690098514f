"""How the sender of a webhook proves itself. Every comparison is on bytes and in constant time.

Shared secret: ``X-Pac-Signature`` is the secret itself, as Alanube sends it. HMAC-SHA256, for senders who can:
``t=<unix seconds>,v1=<hex of HMAC over "<t>." + body>``, at most five minutes old.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.tenants import WebhookAuthentication

TOLERANCE = timedelta(minutes=5)
SIGNATURE_MAX = 4096
_TIMED = re.compile(rb"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def is_authentic(
    mode: WebhookAuthentication, secrets: Sequence[str], signature: bytes | None, body: bytes, now: datetime
) -> bool:
    """Whether one of the secrets in force made this signature. No secret, an empty one or no header: never."""
    usable = [secret.encode() for secret in secrets if secret]
    if signature is None or not usable or len(signature) > SIGNATURE_MAX:
        return False
    match mode:
        case WebhookAuthentication.SHARED_SECRET:
            # every secret is compared, so that the time does not tell which one is in force
            return sum(hmac.compare_digest(_digest(secret), _digest(signature)) for secret in usable) > 0
        case WebhookAuthentication.HMAC_SHA256:
            return _is_timed_signature(usable, signature, body, now)


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The HMAC signature of a body, for senders who can and for tests."""
    seconds = str(int(at.timestamp()))
    return f"t={seconds},v1={_timed_digest(secret.encode(), seconds.encode(), body)}"


def _is_timed_signature(secrets: Sequence[bytes], signature: bytes, body: bytes, now: datetime) -> bool:
    parts = _TIMED.fullmatch(signature)
    if parts is None:
        return False
    seconds, claimed = parts.groups()
    if abs(now - datetime.fromtimestamp(int(seconds), UTC)) > TOLERANCE:
        return False
    return sum(hmac.compare_digest(_timed_digest(secret, seconds, body).encode(), claimed) for secret in secrets) > 0


def _timed_digest(secret: bytes, seconds: bytes, body: bytes) -> str:
    return hmac.new(secret, seconds + b"." + body, hashlib.sha256).hexdigest()


def _digest(text: bytes) -> bytes:
    """Equal length for every input, so that compare_digest does not tell the secret's length."""
    return hashlib.sha256(text).digest()
