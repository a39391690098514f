"""The fingerprint of an input: the same meaning gives the same text, whatever its spelling."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum


def fingerprint(operation: str, meaning: object) -> str:
    """SHA-256 hex over a canonical form. 1.50 and 1.5 mean the same, absent and None too; order of lines counts."""
    canonical = json.dumps([operation, _canonical(meaning)], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: object) -> object:
    match value:
        case Enum():
            return _canonical(value.value)
        case None | bool() | int() | str():
            return value
        case Decimal():
            return f"{value.normalize():f}" if value.is_finite() else str(value)
        case datetime():
            return value.astimezone().timestamp() if value.tzinfo is None else value.timestamp()
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_canonical(entry) for entry in value]
        case Mapping():
            return {str(name): _canonical(entry) for name, entry in value.items() if entry is not None}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: _canonical(entry) for name, entry in fields.items() if entry not in (None, ())}
    raise TypeError(f"A {type(value).__name__} has no canonical form")
