"""What no input may hold, whatever field it is meant for: no store keeps a NUL, no wire carries half a surrogate."""

import re

from core.errors import Path, Wording
from core.failures import MalformedInputError

NESTED_MAX = 50
SAFE_INTEGER_MAX = 2**53 - 1

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNPRINTABLE = Wording("the text holds a control character", "el texto contiene un carácter de control")
_TOO_LONG = Wording("the text has more than {limit} characters", "el texto tiene más de {limit} caracteres")
_TOO_MANY = Wording("the list has more than {limit} entries", "la lista tiene más de {limit} elementos")
_TOO_DEEP = Wording("values are nested more than {limit} deep", "los valores se anidan más de {limit} niveles")
_TOO_WIDE = Wording("the number is beyond 9007199254740991", "el número supera 9007199254740991")


def refuse_text(text: str, path: Path, *, characters_max: int) -> None:
    """Raises MalformedInputError for control characters (tab and line breaks may pass) and for too long a text."""
    refuse_length(text, path, characters_max=characters_max)
    if _FORBIDDEN.search(text):
        raise MalformedInputError(path=path, problem=_UNPRINTABLE)


def refuse_length(text: str, path: Path, *, characters_max: int) -> None:
    """Raises MalformedInputError."""
    if len(text) > characters_max:
        raise MalformedInputError(path=path, problem=_TOO_LONG.filled({"limit": characters_max}))


def refuse_values(values: object, *, characters_max: int, entries_max: int) -> None:
    """Walk decoded JSON of any depth. Raises MalformedInputError with the path of the first thing that is wrong."""
    waiting: list[tuple[object, Path]] = [(values, ())]
    while waiting:
        value, path = waiting.pop()
        if len(path) > NESTED_MAX:
            raise MalformedInputError(path=path[:3], problem=_TOO_DEEP.filled({"limit": NESTED_MAX}))
        if isinstance(value, str):
            refuse_text(value, path, characters_max=characters_max)
        elif isinstance(value, int) and abs(value) > SAFE_INTEGER_MAX:
            raise MalformedInputError(path=path, problem=_TOO_WIDE)
        elif isinstance(value, list | dict) and len(value) > entries_max:
            raise MalformedInputError(path=path, problem=_TOO_MANY.filled({"limit": entries_max}))
        elif isinstance(value, list):
            waiting.extend((entry, (*path, place)) for place, entry in enumerate(value))
        elif isinstance(value, dict):
            waiting.extend((entry, (*path, _step(name))) for name, entry in value.items())


def _step(name: str) -> str:
    """A key as part of a path that is shown: it is the caller's own text and may be anything."""
    return _FORBIDDEN.sub("?", name[:60])
