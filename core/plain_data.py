"""Values of the core as data that any program reads: texts, numbers, lists, and objects by field name."""

import dataclasses
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum


def plain(value: object, *, without: Collection[str] = ()) -> object:
    """Decimals and moments become texts, enums their values, dataclasses objects of all fields but ``without``.

    Raises TypeError for a value that is none of the core's.
    """
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case tuple() | list():
            return [plain(entry, without=without) for entry in value]
        case Mapping():
            return {str(name): plain(entry, without=without) for name, entry in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name), without=without)
            for field in dataclasses.fields(value)
            if field.name not in without
        }
    raise TypeError(f"A {type(value).__name__} has no plain form")
