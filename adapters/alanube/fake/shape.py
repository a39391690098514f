"""A strict checker of JSON shapes with the vendor's two ways of saying what is wrong.

The codes are the vendor's (known from another of its countries) unless a field has a DGI rule number of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from adapters.alanube.fake.records import Finding

REQUIRED = "AP10067"
WRONG_TYPE = "AP10068"
WRONG_LENGTH = "AP10069"
OUT_OF_RANGE = "AP10070"
UNKNOWN_FIELD = "AP10071"
WRONG_PATTERN = "AP10078"
NOT_IN_ENUM = "AP10079"
NOT_A_ULID = "AP10100"

ULID_PATTERN = "[0-9A-HJKMNP-TV-Z]{26}"


class Kind(Enum):
    """The JSON types; a boolean is never a number."""

    TEXT = "string"
    WHOLE = "integer"
    NUMBER = "number"
    OBJECT = "object"
    ARRAY = "array"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One value. ``code`` replaces the vendor's code when the DGI has a rule of its own for the field."""

    kinds: tuple[Kind, ...]
    required: bool = False
    code: str | None = None
    missing_code: str | None = None
    pattern: str | None = None
    choices: tuple[str | int, ...] = ()
    length: tuple[int, int] | None = None
    least: Decimal | None = None
    above: Decimal | None = None
    whole_digits: int | None = None
    decimals: int | None = None
    fields: "Mapping[str, Shape]" = field(default_factory=dict)
    elements: "Shape | None" = None
    nullable: bool = False


def text(
    low: int = 0,
    high: int = 10_000,
    *,
    pattern: str | None = None,
    required: bool = False,
    code: str | None = None,
    missing_code: str | None = None,
) -> Shape:
    """A string of ``low`` to ``high`` characters."""
    return Shape(
        kinds=(Kind.TEXT,),
        length=(low, high),
        pattern=pattern,
        required=required,
        code=code,
        missing_code=missing_code,
    )


def choice(*choices: str | int, required: bool = False, code: str | None = None) -> Shape:
    """One of the values, all text or all whole numbers."""
    kind = Kind.TEXT if isinstance(choices[0], str) else Kind.WHOLE
    return Shape(kinds=(kind,), choices=choices, required=required, code=code)


def amount(decimals: int, whole_digits: int, *, required: bool = False, above_zero: bool = False) -> Shape:
    """A number without a sign, with at most so many digits before and after the point (format section 5.1)."""
    zero = Decimal(0)
    return Shape(
        kinds=(Kind.NUMBER,),
        required=required,
        least=None if above_zero else zero,
        above=zero if above_zero else None,
        whole_digits=whole_digits,
        decimals=decimals,
    )


def record(
    fields: Mapping[str, Shape], *, required: bool = False, missing_code: str | None = None, nullable: bool = False
) -> Shape:
    """An object."""
    return Shape(kinds=(Kind.OBJECT,), fields=fields, required=required, missing_code=missing_code, nullable=nullable)


def listing(
    elements: Shape,
    low: int,
    high: int,
    *,
    required: bool = False,
    code: str | None = None,
    missing_code: str | None = None,
) -> Shape:
    """An array of ``low`` to ``high`` elements."""
    return Shape(
        kinds=(Kind.ARRAY,),
        elements=elements,
        length=(low, high),
        required=required,
        code=code,
        missing_code=missing_code,
    )


def check(value: object, shape: Shape, path: str = "", *, closed: bool = False) -> Iterator[Finding]:
    """Everything about ``value`` that the shape refuses. ``closed`` refuses unknown fields as well."""
    if value is None and shape.nullable:
        return
    if not any(_HAS_KIND[kind](value) for kind in shape.kinds):
        names = ",".join(kind.value for kind in shape.kinds)
        yield _finding(shape.code or WRONG_TYPE, path, f"is not of a type(s) {names}")
    elif isinstance(value, dict):
        yield from _check_object(value, shape, path, closed=closed)
    elif isinstance(value, list):
        yield from _check_array(value, shape, path, closed=closed)
    elif isinstance(value, str):
        yield from _check_text(value, shape, path)
    elif not isinstance(value, bool):
        yield from _check_number(Decimal(str(value)), value, shape, path)


def required_property(path: str, name: str, code: str = REQUIRED) -> Finding:
    """The finding for a field that is missing under ``path``."""
    return Finding(code=code, message=f'{_spoken(path)} requires property "{name}"', field=_joined(path, name))


def _check_object(value: dict[str, Any], shape: Shape, path: str, *, closed: bool) -> Iterator[Finding]:
    for name, inner in shape.fields.items():
        if name not in value:
            if inner.required:
                yield required_property(path, name, inner.missing_code or REQUIRED)
            continue
        yield from check(value[name], inner, _joined(path, name), closed=closed)
    if closed and shape.fields:
        for name in value:
            if name not in shape.fields:
                words = f'is not allowed to have the additional property "{name}"'
                yield Finding(code=UNKNOWN_FIELD, message=f"{_spoken(path)} {words}", field=_joined(path, name))


def _check_array(value: list[Any], shape: Shape, path: str, *, closed: bool) -> Iterator[Finding]:
    low, high = shape.length or (0, 1000)
    if len(value) < low:
        yield _finding(shape.code or WRONG_LENGTH, path, f"does not meet minimum length of {low}")
    if len(value) > high:
        yield _finding(shape.code or WRONG_LENGTH, path, f"does not meet maximum length of {high}")
        return
    if shape.elements is not None:
        for place, element in enumerate(value):
            yield from check(element, shape.elements, f"{path}[{place}]", closed=closed)


def _check_text(value: str, shape: Shape, path: str) -> Iterator[Finding]:
    low, high = shape.length or (0, 10_000)
    if shape.choices and value not in shape.choices:
        yield _not_in_enum(shape, path)
    if len(value) < low:
        yield _finding(shape.code or WRONG_LENGTH, path, f"does not meet minimum length of {low}")
    if len(value) > high:
        yield _finding(shape.code or WRONG_LENGTH, path, f"does not meet maximum length of {high}")
    if shape.pattern is not None and re.fullmatch(shape.pattern, value, re.ASCII) is None:
        code = NOT_A_ULID if shape.pattern == ULID_PATTERN else WRONG_PATTERN
        yield _finding(shape.code or code, path, f'does not match pattern "{shape.pattern}"')


def _check_number(exact: Decimal, value: object, shape: Shape, path: str) -> Iterator[Finding]:
    if shape.choices and value not in shape.choices:
        yield _not_in_enum(shape, path)
    if shape.least is not None and (exact < shape.least or exact.is_signed()):
        yield _finding(shape.code or OUT_OF_RANGE, path, f"must be greater than or equal to {shape.least}")
    if shape.above is not None and exact <= shape.above:
        yield _finding(shape.code or OUT_OF_RANGE, path, f"must be strictly greater than {shape.above}")
    if shape.whole_digits is not None and abs(exact) >= Decimal(10) ** shape.whole_digits:
        yield _finding(OUT_OF_RANGE, path, f"must have at most {shape.whole_digits} integer digits")
    if shape.decimals is not None and _decimals(exact) > shape.decimals:
        yield _finding(WRONG_PATTERN, path, f"must have at most {shape.decimals} decimals")


def _decimals(exact: Decimal) -> int:
    exponent = exact.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _not_in_enum(shape: Shape, path: str) -> Finding:
    values = ",".join(str(value) for value in shape.choices)
    return _finding(shape.code or NOT_IN_ENUM, path, f"is not one of enum values: {values}")


def _finding(code: str, path: str, words: str) -> Finding:
    return Finding(code=code, message=f"{_spoken(path)} {words}", field=path)


def _spoken(path: str) -> str:
    return f"instance.{path}" if path else "instance"


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_HAS_KIND: dict[Kind, Callable[[object], bool]] = {
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.WHOLE: _is_whole,
    Kind.NUMBER: lambda value: _is_whole(value) or isinstance(value, Decimal),
    Kind.OBJECT: lambda value: isinstance(value, dict),
    Kind.ARRAY: lambda value: isinstance(value, list),
    Kind.BOOLEAN: lambda value: isinstance(value, bool),
}
