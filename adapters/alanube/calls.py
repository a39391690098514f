"""Calls whose failures become errors instead of answers: accounts, offices, the registry."""

import json
import re
from collections.abc import Collection
from typing import Any

from adapters.alanube.bodies import findings_in, read_object
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Outcome, Reply, Silence
from core.failures import PacMisconfiguredError, PacRefusedError, PacUnavailableError

REASON_LENGTH_MAX = 300
_HIDDEN = "[...]"
_FILE = re.compile(r"[0-9A-Za-z+/]{100,}={0,2}")  # base64; words are shorter


def good_reply(outcome: Outcome, known: KnownCodes, *, unspeakable: Collection[str] = ()) -> Reply:
    """The whole 2xx reply. ``unspeakable``: secrets of the request, which no error repeats though the PAC does.

    Raises PacMisconfiguredError for 401, 403 and the codes that mean the same, PacRefusedError for any other 4xx that
    judges the input, and PacUnavailableError for everything else.
    """
    if isinstance(outcome, Silence):
        raise PacUnavailableError(reason=outcome.reason)
    if outcome.cut is not None:
        raise PacUnavailableError(reason=outcome.cut)
    if 200 <= outcome.status <= 299:
        return outcome
    body = read_object(outcome.body)
    codes, messages = findings_in(body) if body is not None else ((), ())
    misconfigured = known.misconfigured_in(codes) if 400 <= outcome.status <= 499 else None
    if outcome.status in (401, 403) or misconfigured is not None:
        raise PacMisconfiguredError(pac_code=misconfigured or f"HTTP {outcome.status}")
    if outcome.status in (400, 404, 409, 422) and (codes or messages):
        reason = _without_secrets("; ".join(messages or codes), unspeakable)
        raise PacRefusedError(reason=reason[:REASON_LENGTH_MAX])
    raise PacUnavailableError(reason=f"status {outcome.status}")


def read_entries(reply: Reply, limit: int) -> list[dict[str, Any]]:
    """The objects of a flat JSON array, at most ``limit``. Raises PacUnavailableError for anything else."""
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list):
        raise PacUnavailableError(reason="the list cannot be read")
    return [entry for entry in value[:limit] if isinstance(entry, dict)]


def read_entry(reply: Reply) -> dict[str, Any]:
    """One JSON object. Raises PacUnavailableError for anything else."""
    body = read_object(reply.body)
    if body is None:
        raise PacUnavailableError(reason="the answer cannot be read")
    return body


def _without_secrets(text: str, secrets: Collection[str]) -> str:
    if not secrets:
        return text
    for secret in sorted(filter(None, secrets), key=len, reverse=True):  # a longer one may hold a shorter one
        text = text.replace(secret, _HIDDEN)
    return _FILE.sub(_HIDDEN, text)
