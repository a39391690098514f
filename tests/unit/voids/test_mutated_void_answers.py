"""Whatever bytes come back for a DELETE: nothing is raised, the raw answer is kept, and only plain words void."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Reply
from adapters.alanube.void_answers import classify_void
from core.ports.pac_gateway import AlreadyVoided, Voided
from tests.unit.voids.test_void_answer_table import ASKED, BODIES, NOW

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["0622", "AP10141", ASKED]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "document", "message", "errors", "code", "error", "governmentResponse", "value"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A known body with bytes taken away, added or changed."""
    body = bytearray(draw(st.sampled_from(list(BODIES.values()))))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(len(body) - 1, 0)))
        body[place : place + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(body)


@settings(max_examples=1500, deadline=None)
@given(st.integers(100, 599), mutated() | st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_an_answer(status: int, body: bytes) -> None:
    answer = classify_void(Reply(status=status, body=body, received_at=NOW), ASKED, KnownCodes())
    assert (answer.raw.status, answer.raw.body) == (status, body)
    if isinstance(answer, AlreadyVoided):
        assert b"622" in body, "only the DGI's own number says so"
    if isinstance(answer, Voided):
        assert status in (200, 201, 204)


@settings(max_examples=1500, deadline=None)
@given(st.integers(100, 599), JSON)
def test_no_json_voids_a_document_but_success_and_0622(status: int, value: object) -> None:
    body = json.dumps(value).encode()
    answer = classify_void(Reply(status=status, body=body, received_at=NOW), ASKED, KnownCodes())
    if isinstance(answer, Voided):
        assert status in (200, 201)
        assert ASKED.encode() in body or b'"message"' in body
    if isinstance(answer, AlreadyVoided):
        assert b"622" in body
