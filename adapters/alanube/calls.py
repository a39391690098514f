"""Calls whose failures become errors instead of answers: accounts, offices, the registry."""

import json
from typing import Any

from adapters.alanube.bodies import findings_in, read_object
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Outcome, Reply, Silence
from core.failures import PacMisconfiguredError, PacRefusedError, PacUnavailableError

REASON_LENGTH_MAX = 300


def good_reply(outcome: Outcome, known: KnownCodes) -> Reply:
    """The whole 2xx reply.

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
        raise PacRefusedError(reason="; ".join(messages or codes)[:REASON_LENGTH_MAX])
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
