"""Bytes from Redis are either a ring or an error."""

import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.scheduler.ring_wire import decode_ring, encode_nothing, encode_ring

NAMES = st.text("ABCXYZabcxyz0189_.:-", min_size=1, max_size=64)
RING = {"t": None, "f": "submit", "a": ("tenant", "document"), "k": {}, "et": 1_700_000_000_000}


@given(kind=NAMES, tenant=NAMES, subject=NAMES, moment=st.integers(0, 253_402_300_799_000))
def test_a_ring_comes_back_as_it_went(kind: str, tenant: str, subject: str, moment: int) -> None:
    ring = {"t": None, "f": kind, "a": (tenant, subject), "k": {}, "et": moment}
    assert decode_ring(encode_ring(ring)) == ring


@given(raw=st.binary(max_size=1_100))
def test_any_bytes_are_a_ring_or_a_decode_error(raw: bytes) -> None:
    try:
        ring = decode_ring(raw)
    except msgspec.DecodeError:
        return
    assert encode_ring(ring)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(pickle.dumps(RING), id="a pickle"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"[" * 1_000, id="deeply nested"),
        pytest.param(b'{"t":null,"f":"submit","a":["x"],"k":{},"et":1}', id="one id"),
        pytest.param(b'{"t":null,"f":"submit","a":["x","y","z"],"k":{},"et":1}', id="three ids"),
        pytest.param(b'{"t":null,"f":"submit","a":["x",7],"k":{},"et":1}', id="an id that is a number"),
        pytest.param(b'{"t":null,"f":"submit","a":["x","y"],"k":{"ctx":"z"},"et":1}', id="a named argument"),
        pytest.param(b'{"t":9,"f":"submit","a":["x","y"],"k":{},"et":1}', id="a try count"),
        pytest.param(b'{"t":null,"f":"submit","a":["x","y"],"k":{},"et":1e300}', id="a moment beyond all calendars"),
        pytest.param(b'{"t":null,"f":"submit","a":["x","y\\n"],"k":{},"et":1}', id="a line break in an id"),
        pytest.param(b'{"t":null,"f":"submit","a":["x","y"],"k":{},"et":1}' + b" " * 1_000, id="too long"),
    ],
)
def test_refuses_what_is_no_ring(raw: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_ring(raw)


@pytest.mark.parametrize("changed", [{"a": ("tenant", b"bytes")}, {"a": ("tenant", "x" * 65)}, {"k": {"body": "{}"}}])
def test_refuses_to_write_anything_but_ids(changed: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        encode_ring(RING | changed)


def test_results_have_no_bytes() -> None:
    assert encode_nothing({"r": "anything"}) == b""
