"""Frozen values of the core as canonical JSON text and back, exactly: amounts are strings, tuples stay tuples.

A key that this version does not know is left out when reading and a missing one takes its default, so that text of a
neighbouring version can be read.

Half a surrogate is no text in UTF-8. In what a caller says it is refused, for the bytes that are posted must be the
ones that are kept; in what the PAC says it is replaced, for evidence is never turned away.
"""

from collections.abc import Mapping
from threading import Lock
from typing import Any, TypeVar

import msgspec

from adapters.persistence.storable_text import storable_text
from adapters.persistence.store_failures import UnstorableTextError

T = TypeVar("T")

_encoder = msgspec.json.Encoder(decimal_format="string", order="sorted")
_decoders: dict[object, msgspec.json.Decoder[Any]] = {}
_making = Lock()


def to_json(value: Any) -> str:
    """Canonical JSON text of a dataclass, a tuple of them, or a mapping of texts.

    Raises UnstorableTextError, without the text, for half a surrogate anywhere in it.
    """
    try:
        return _encoder.encode(dict(value) if isinstance(value, Mapping) else value).decode()
    except UnicodeEncodeError:
        raise UnstorableTextError from None


def to_json_whatever_it_says(value: Any) -> str:
    """As ``to_json``, for what came from the PAC: what is no text becomes U+FFFD."""
    try:
        return to_json(value)
    except UnstorableTextError:
        plain = msgspec.to_builtins(dict(value) if isinstance(value, Mapping) else value)
        return _encoder.encode(_mended(plain)).decode()


def _mended(plain: Any) -> Any:
    if isinstance(plain, str):
        return storable_text(plain)
    if isinstance(plain, dict):
        return {storable_text(name): _mended(value) for name, value in plain.items()}
    return [_mended(value) for value in plain] if isinstance(plain, list | tuple) else plain


def from_json(kind: type[T], text: str) -> T:
    """What ``to_json`` was given. Raises msgspec.ValidationError for text that is no ``kind``."""
    decoded: T = (_decoders.get(kind) or _make_decoder(kind)).decode(text)
    return decoded


def _make_decoder(kind: object) -> msgspec.json.Decoder[Any]:
    """One at a time: msgspec 0.22 shows what it learns of a dataclass to other threads before it has learnt all of it,
    and a decoder that meets such a half reads memory that is not its own.
    """
    with _making:
        return _decoders.setdefault(kind, msgspec.json.Decoder(kind))
