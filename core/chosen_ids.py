"""Ids that follow from a caller's key, so that a call which creates something can be repeated."""

import hashlib

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, as in a ULID


def id_from_key(operation: str, owner: str, key: str) -> str:
    """26 characters in the form of a ULID; the same words give the same id."""
    digest = hashlib.sha256(f"{operation}\x00{owner}\x00{key}".encode()).digest()
    number = int.from_bytes(digest[:16])
    return "".join(_LETTERS[(number >> shift) & 31] for shift in range(125, -1, -5))
