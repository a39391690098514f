"""Reading the JSON files that people hand to commands: bounded, and every fault told in one line."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import IstmoError

MOST_BYTES = 2 * 1024 * 1024
LONGEST_TOLD = 300


class BadFileError(Exception):
    """The file cannot be used; the text says where and why. Exit code 2."""


def read_json_object(name: str) -> dict[str, object]:
    """The object in file ``name``, or on standard input for ``-``. Raises BadFileError.

    Fractions stay floats, so that whoever reads an amount can refuse them; a name that occurs twice is refused,
    because one of its values would be lost.
    """
    shown = "standard input" if name == "-" else name
    content = _read_bytes(name, shown)
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=without_repeats)
    except UnicodeDecodeError as error:
        raise BadFileError(f"{shown} is not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise BadFileError(f"{shown} is not JSON: {error.msg}, line {error.lineno} column {error.colno}") from error
    except RecursionError as error:
        raise BadFileError(f"{shown} is nested too deeply") from error
    except ValueError as error:  # a name twice, or a number of thousands of digits
        raise BadFileError(f"{shown}: {error}") from error
    if not isinstance(value, dict):
        raise BadFileError(f"{shown} must hold a JSON object, not {_kind(value)}")
    return value


def faulty_place(error: IstmoError) -> str:
    """``lines.0.quantity: what is wrong``, in one bounded line."""
    place = dotted(error.path)
    return (f"{place}: " if place else "") + one_line(error.message.english)


def dotted(path: Sequence[str | int]) -> str:
    """``lines.0.quantity``; the steps of a caller's own names are made printable."""
    return one_line(".".join(str(step) for step in path))


def one_line(text: str) -> str:
    """``text`` on one line, bounded, with every character that could drive a terminal spelled out."""
    return printable(text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}...")


def printable(text: str) -> str:
    """``text`` with control characters, line breaks and lone surrogates as escapes."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def _read_bytes(name: str, shown: str) -> bytes:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadFileError(f"cannot read {one_line(shown)}: {reason}") from error
    if len(content) > MOST_BYTES:
        raise BadFileError(f"{shown} is larger than {MOST_BYTES} bytes")
    return content


def without_repeats(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    """For ``object_pairs_hook``: the object, or ValueError when a name occurs twice, for one value would be lost."""
    named = dict(pairs)
    if len(named) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'"{one_line(twice)}" occurs twice in one object')
    return named


def _kind(value: object) -> str:
    return "null" if value is None else {"list": "a list", "str": "a text"}.get(type(value).__name__, "a single value")
