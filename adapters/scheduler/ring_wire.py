"""A ring as JSON in Redis: two ids and a kind. Nothing that comes back is ever unpickled or trusted."""

from typing import Annotated, Any

import msgspec

_BYTES_MAX = 1_024
_MILLISECONDS_MAX = 253_402_300_799_000  # the end of the year 9999; arq dies of a moment beyond it

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+\Z")]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=_MILLISECONDS_MAX)]


class RingOnTheWire(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """arq's own field names: ``f`` function, ``a`` arguments (tenant, subject), ``et`` when it was rung."""

    f: Name
    a: tuple[Name, Name]
    et: Milliseconds
    k: Annotated[dict[str, str], msgspec.Meta(max_length=0)]
    t: None = None


_decoder = msgspec.json.Decoder(RingOnTheWire)


def encode_ring(job: dict[str, Any]) -> bytes:
    """arq's description of a job as JSON. Raises msgspec.ValidationError for anything but two ids and a kind."""
    return msgspec.json.encode(msgspec.convert(job, RingOnTheWire))


def decode_ring(raw: bytes) -> dict[str, Any]:
    """What ``encode_ring`` wrote. Raises msgspec.DecodeError for every other bytes."""
    if len(raw) > _BYTES_MAX:
        raise msgspec.DecodeError(f"a ring has at most {_BYTES_MAX} bytes")
    ring = _decoder.decode(raw)
    return {"t": ring.t, "f": ring.f, "a": ring.a, "k": ring.k, "et": ring.et}


def encode_nothing(_: dict[str, Any]) -> bytes:
    """The form of results: none is kept, so none is written."""
    return b""
