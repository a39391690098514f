"""The body of a void (contract section 2.4). Pure: the same reason, the same bytes."""

import msgspec


def encode_void(reason: str) -> bytes:
    """``{"reason": ...}``; 15 to 1000 characters are the caller's to check."""
    return msgspec.json.encode({"reason": reason})
