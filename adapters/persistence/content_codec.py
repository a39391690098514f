"""Frozen values of the core as canonical JSON text and back, exactly: amounts are strings, tuples stay tuples.

A key that this version does not know is left out when reading and a missing one takes its default, so that text of a
neighbouring version can be read.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(decimal_format="string", order="sorted")
_decoders: dict[object, msgspec.json.Decoder[Any]] = {}


def to_json(value: Any) -> str:
    """Canonical JSON text of a dataclass, a tuple of them, or a mapping of texts."""
    return _encoder.encode(dict(value) if isinstance(value, Mapping) else value).decode()


def from_json(kind: type[T], text: str) -> T:
    """What ``to_json`` was given. Raises msgspec.ValidationError for text that is no ``kind``."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    decoded: T = decoder.decode(text)
    return decoded
