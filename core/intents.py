"""A wish to create something, named by its caller: the same wish, however often it comes, creates once."""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.failures import MalformedIdempotencyKeyError
from core.fingerprint import fingerprint

KEY_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """``key`` is the caller's own and holds for one tenant and one operation; it never expires.

    Another ``fingerprint`` (SHA-256 hex of the input's meaning) under the same key is another wish: a conflict.
    """

    key: str
    fingerprint: str
    operation: str  # the mutation: createClient


def checked_key(idempotency_key: str) -> str:
    """The key itself. Raises MalformedIdempotencyKeyError."""
    if not 1 <= len(idempotency_key) <= KEY_MAX or not idempotency_key.isprintable():
        raise MalformedIdempotencyKeyError(path=("idempotencyKey",))
    return idempotency_key


def read_intent(operation: str, idempotency_key: str | None, meaning: Mapping[str, object]) -> Intent | None:
    """The intent of a call, or None for a caller who gave no key. Raises MalformedIdempotencyKeyError."""
    if idempotency_key is None:
        return None
    return Intent(key=checked_key(idempotency_key), fingerprint=fingerprint(operation, meaning), operation=operation)


def meaning_of(given: object, *, without: Collection[str]) -> dict[str, object]:
    """The fields of a dataclass but for those that are not the caller's to say: new ids and times."""
    if not dataclasses.is_dataclass(given) or isinstance(given, type):
        raise TypeError(f"A {type(given).__name__} has no fields")
    return {
        field.name: getattr(given, field.name)
        for field in dataclasses.fields(given)
        if field.name not in without and getattr(given, field.name) not in (None, ())
    }
