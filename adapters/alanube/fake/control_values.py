"""Reading what a control call sends: faults, progressions, settings. Every error is a ValueError with words."""

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from adapters.alanube.fake.behaviour import Behaviour
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.progression import (
    DocumentMatch,
    Progression,
    Step,
    after,
    after_reads,
    immediate,
    script,
    silent,
)
from adapters.alanube.fake.records import Finding
from adapters.alanube.fake.wire import JsonObject

MOST_RULES = 1000


def fault_plan(body: JsonObject) -> FaultPlan:
    """``{seed, rules: [{kind, match, nth, rate, times, seconds}]}``."""
    rules = _list(body.get("rules", []), "rules")
    return FaultPlan(rules=tuple(_fault_rule(rule) for rule in rules), seed=_whole(body.get("seed", 0), "seed"))


def _fault_rule(given: Any) -> FaultRule:
    body = _object(given, "rule", {"kind", "match", "nth", "rate", "times", "seconds"})
    try:
        kind = FaultKind(str(body.get("kind")))
    except ValueError as error:
        message = f"kind must be one of {', '.join(FaultKind)}"
        raise ValueError(message) from error
    match = body.get("match")
    rate = _number(body.get("rate", 1), "rate")
    if not 0 <= rate <= 1:
        message = "rate must be 0 to 1"
        raise ValueError(message)
    return FaultRule(
        kind=kind,
        match=None if match is None else _request_match(match),
        nth=frozenset(_whole(each, "nth") for each in _list(body.get("nth", []), "nth")),
        rate=rate,
        times=None if body.get("times") is None else _whole(body["times"], "times"),
        seconds=None if body.get("seconds") is None else _number(body["seconds"], "seconds"),
    )


def _request_match(given: Any) -> RequestMatch:
    body = _object(given, "match", {"method", "pathContains", "companyId", "bodyContains"})
    return RequestMatch(
        method=_optional_text(body, "method"),
        path_contains=_optional_text(body, "pathContains"),
        company_id=_optional_text(body, "companyId"),
        body_contains=_optional_text(body, "bodyContains"),
    )


def progression(body: JsonObject) -> tuple[Progression, DocumentMatch | None]:
    """``{policy: immediate | after | reads | silent | script, seconds, reads, first, steps, match}``."""
    match = body.get("match")
    policies: dict[str, Callable[[], Progression]] = {
        "immediate": immediate,
        "after": lambda: after(seconds(body.get("seconds"), "seconds")),
        "reads": lambda: after_reads(_whole(body.get("reads"), "reads")),
        "silent": silent,
        "script": lambda: script(
            [_step(step) for step in _list(body.get("steps", []), "steps")],
            _text(body.get("first", "PAC_AUTHORIZED"), "first"),
        ),
    }
    policy = policies.get(str(body.get("policy")))
    if policy is None:
        message = f"policy must be one of {', '.join(policies)}"
        raise ValueError(message)
    return policy(), None if match is None else _document_match(match)


def _step(given: Any) -> Step:
    body = _object(given, "step", {"legalStatus", "seconds", "reads", "governmentResponse"})
    entries = _list(body.get("governmentResponse", []), "governmentResponse")
    return Step(
        legal_status=_text(body.get("legalStatus"), "legalStatus"),
        after=seconds(body.get("seconds", 0), "seconds"),
        reads=_whole(body.get("reads", 0), "reads"),
        government=tuple(
            Finding(code=_text(entry.get("code"), "code"), message=_text(entry.get("message"), "message"))
            for entry in (_object(each, "governmentResponse", {"code", "message"}) for each in entries)
        ),
    )


def _document_match(given: Any) -> DocumentMatch:
    names = {"companyId", "documentType", "billingPoint", "numeration", "receiverRuc"}
    body = _object(given, "match", names)
    return DocumentMatch(
        company_id=_optional_text(body, "companyId"),
        document_type=_optional_text(body, "documentType"),
        billing_point=_optional_text(body, "billingPoint"),
        numeration=_optional_text(body, "numeration"),
        receiver_ruc=_optional_text(body, "receiverRuc"),
    )


def behaviour_changes(current: Behaviour, body: JsonObject) -> dict[str, Any]:
    """Settings by their Python names; times are seconds, choices their values."""
    changes: dict[str, Any] = {}
    names = {field.name for field in dataclasses.fields(current)}
    for name, given in body.items():
        if name not in names:
            message = f"no setting {name}; there are {', '.join(sorted(names))}"
            raise ValueError(message)
        changes[name] = _converted(name, getattr(current, name), given)
    return changes


def _converted(name: str, current: object, given: Any) -> object:
    if isinstance(current, StrEnum):
        return type(current)(given)
    if isinstance(current, bool):
        return _boolean(given, name)
    if isinstance(current, int):
        return _whole(given, name)
    if isinstance(current, timedelta):
        return seconds(given, name)
    if isinstance(current, frozenset):
        return frozenset(_text(each, name) for each in _list(given, name))
    if isinstance(current, tuple):
        return tuple(seconds(each, name) for each in _list(given, name))
    return _text(given, name)


def jump(body: JsonObject, now: datetime) -> timedelta:
    """How far to go: ``{seconds}``, or ``{until}`` as ISO 8601 with an offset."""
    if "until" not in body:
        return seconds(needed(body, "seconds"), "seconds")
    until = datetime.fromisoformat(_text(body["until"], "until"))
    if until.tzinfo is None:
        message = "until needs an offset, such as 2026-03-04T10:15:00-05:00"
        raise ValueError(message)
    return until - now


def behaviour_view(behaviour: Behaviour) -> JsonObject:
    """The settings as JSON, in the form in which they can be sent back."""
    return {field.name: _shown(getattr(behaviour, field.name)) for field in dataclasses.fields(behaviour)}


def _shown(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset | tuple):
        return [_shown(each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
    return value


def _object(given: Any, name: str, allowed: set[str]) -> JsonObject:
    if not isinstance(given, dict):
        message = f"{name} must be an object"
        raise ValueError(message)  # noqa: TRY004 - one kind of error for every bad value
    unknown = set(given) - allowed
    if unknown:
        message = f"{name} has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(allowed))}"
        raise ValueError(message)
    return given


def _list(given: Any, name: str) -> list[Any]:
    if not isinstance(given, list) or len(given) > MOST_RULES:
        message = f"{name} must be an array of at most {MOST_RULES}"
        raise ValueError(message)
    return given


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str):
        message = f"{name} must be text"
        raise ValueError(message)  # noqa: TRY004
    return given


def _optional_text(body: JsonObject, name: str) -> str | None:
    return None if body.get(name) is None else _text(body[name], name)


def _whole(given: Any, name: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        message = f"{name} must be a whole number, 0 or more"
        raise ValueError(message)
    return given


def _boolean(given: Any, name: str) -> bool:
    if not isinstance(given, bool):
        message = f"{name} must be true or false"
        raise ValueError(message)  # noqa: TRY004
    return given


def _number(given: Any, name: str) -> float:
    if not isinstance(given, int | float | Decimal) or isinstance(given, bool) or not 0 <= given <= 10**9:
        message = f"{name} must be a number from 0 to 1000000000"
        raise ValueError(message)
    return float(given)


def needed(body: JsonObject, name: str) -> Any:
    """A field that must be there."""
    if name not in body:
        message = f"{name} is missing"
        raise ValueError(message)
    return body[name]


def seconds(given: Any, name: str) -> timedelta:
    """A span of time from its seconds."""
    return timedelta(seconds=_number(given, name))
