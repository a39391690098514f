"""Whatever bytes the PAC answers with: a member of the union comes out, nothing is raised, nothing grows."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.alanube.answers import classify
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.look_ups import classify_look_up
from adapters.alanube.replies import Reply
from core.ports.pac_gateway import (
    Accepted,
    Found,
    LookUpAnswer,
    NoAnswer,
    NotFound,
    PacDocument,
    Rejected,
    SubmitAnswer,
)

NOW = datetime(2026, 3, 4, 15, 15, tzinfo=UTC)
ID = "01JA0B1C2D3E4F5G6H7J8K9M0N"
_DOCUMENT_NAMES = ("id", "document", "legalStatus", "cufe", "qr", "publicUrl", "pdf", "xml", "containerXml")
_ERROR_NAMES = ("errors", "code", "message", "governmentResponse", "value", "response", "error", "httpStatusCode")
NAMES = st.sampled_from((*_DOCUMENT_NAMES, *_ERROR_NAMES, "authorizationProtocol", "unknown"))
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([ID, "PAC_AUTHORIZED", "PAC_REJECTED", "1002", "AP1010", "\ud800", "\x00", "x" * 5000])
)
VALUES = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=8), max_leaves=25
)
WHOLE = json.dumps(
    {
        "message": "Invoice created",
        "document": {"id": ID, "legalStatus": "PAC_REJECTED", "errors": [{"code": "1602", "message": "RUC"}]},
    }
).encode()


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    body = bytearray(WHOLE)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(body)))
        body[place : place + draw(st.integers(0, 5))] = draw(st.binary(max_size=5))
    return bytes(body)


BODIES = (
    st.binary(max_size=200)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | VALUES.map(lambda value: json.dumps(value).encode("utf-16"))
    | VALUES.map(lambda value: b"\xef\xbb\xbf" + json.dumps(value).encode())
    | mutated()
    | st.integers(0, len(WHOLE)).map(lambda size: WHOLE[:size])
)


@settings(max_examples=600, deadline=None)
@given(st.integers(100, 599), BODIES, st.text(max_size=40))
@example(200, b"[" * 200_000, "")
@example(200, b'{"a":' * 200_000, "")
@example(400, b'{"code":' + b"9" * 10_000 + b"}", "9" * 40)
@example(200, b'{"document":{"id":"' + b"A" * 10_000 + b'"}}', "\x00")
def test_any_bytes_are_answered_within_bounds(status: int, body: bytes, retry_after: str) -> None:
    reply = Reply(status=status, body=body, received_at=NOW, headers={"retry-after": retry_after, "date": retry_after})
    answer = classify(reply, KnownCodes())
    assert isinstance(answer, get_args(SubmitAnswer))
    assert answer.raw.body == body
    if isinstance(answer, Rejected):
        _bounded(*answer.codes, *answer.messages)
    if isinstance(answer, Accepted):
        _bounded(*_texts(answer.document))
    looked_up = classify_look_up(reply, KnownCodes())
    assert isinstance(looked_up, get_args(LookUpAnswer))
    if isinstance(looked_up, Found):
        _bounded(*_texts(looked_up.document))


def _texts(document: PacDocument) -> list[str]:
    named = (
        document.pac_document_id,
        document.legal_status,
        document.cufe,
        document.qr,
        document.public_url,
        document.pdf_url,
        document.xml_url,
        document.authorization_protocol,
    )
    return [text for text in (*named, *document.codes, *document.messages) if text is not None]


def _bounded(*texts: str) -> None:
    assert len(texts) <= 220
    for text in texts:
        assert 0 < len(text) <= 4096
        assert "\x00" not in text
        text.encode()


def looked_up(body: Any, status: int = 200) -> LookUpAnswer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return classify_look_up(Reply(status=status, body=content, received_at=NOW), KnownCodes())


def test_a_document_is_read_wrapped_or_not() -> None:
    document = {
        "id": ID,
        "legalStatus": "DGI_AUTHORIZED",
        "cufe": "FE01",
        "qr": "https://qr.example",
        "publicUrl": "https://public.example",
        "xml": "https://files.example/a.xml",
        "containerXml": "https://files.example/container.xml",
        "pdf": "https://files.example/a.pdf",
        "authorizationProtocol": "2026000000001",
        "governmentResponse": [{"code": "0260", "message": "Autorizado"}],
    }
    expected = PacDocument(
        pac_document_id=ID,  # type: ignore[arg-type]
        legal_status="DGI_AUTHORIZED",
        cufe="FE01",
        qr="https://qr.example",
        public_url="https://public.example",
        pdf_url="https://files.example/a.pdf",
        xml_url="https://files.example/container.xml",
        authorization_protocol="2026000000001",
        codes=("0260",),
        messages=("Autorizado",),
    )
    for body in (document, {"document": document}, {"message": "ok", "document": document}):
        answer = looked_up(body)
        assert isinstance(answer, Found)
        assert answer.document.pac_document_id == expected.pac_document_id
        assert answer.document == expected


def test_without_a_public_address_the_qr_serves() -> None:
    answer = looked_up({"id": ID, "qr": "https://qr.example", "xml": "https://files.example/a.xml"})
    assert isinstance(answer, Found)
    assert answer.document.public_url == "https://qr.example"
    assert answer.document.xml_url == "https://files.example/a.xml"


def test_a_status_never_seen_is_kept_raw() -> None:
    answer = looked_up({"document": {"id": ID, "legalStatus": "dgi_Weird"}})
    assert isinstance(answer, Found)
    assert answer.document.legal_status == "dgi_Weird"


def test_nulls_everywhere_are_absent_fields() -> None:
    names = ("legalStatus", "cufe", "qr", "publicUrl", "pdf", "xml", "errors", "governmentResponse", "message")
    answer = looked_up({"document": {"id": ID} | dict.fromkeys(names)})
    assert isinstance(answer, Found)
    assert answer.document == PacDocument(pac_document_id=ID)  # type: ignore[arg-type]


def test_another_document_than_the_one_asked_for_is_reported_as_it_is() -> None:
    answer = looked_up(
        {"document": {"id": "01JA0B1C2D3E4F5G6H7J8K9M0P", "cufe": "FE99", "legalStatus": "PAC_AUTHORIZED"}}
    )
    assert isinstance(answer, Found)
    assert (answer.document.pac_document_id, answer.document.cufe) == ("01JA0B1C2D3E4F5G6H7J8K9M0P", "FE99")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, b"", NotFound),
        (404, b"<html>", NotFound),
        (200, b'{"httpStatusCode": 404}', NotFound),
        (200, b'{"httpStatusCode": 500}', NoAnswer),
        (200, b"", NoAnswer),
        (200, b"<html>", NoAnswer),
        (200, b"{}", NoAnswer),
        (200, b'{"document": {}}', NoAnswer),
        (401, b"", NoAnswer),
        (429, b"", NoAnswer),
        (500, WHOLE, NoAnswer),
        (307, b"", NoAnswer),
    ],
)
def test_only_a_shown_document_is_found(status: int, body: bytes, kind: type[LookUpAnswer]) -> None:
    assert type(looked_up(body, status)) is kind
