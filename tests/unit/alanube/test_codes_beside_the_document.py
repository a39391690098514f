"""A rejection's codes may stand beside the document: read as they are, 1002 refutes an id and not the document."""

import json
from datetime import UTC, datetime

import pytest

from adapters.alanube.answers import classify
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.look_ups import classify_look_up
from adapters.alanube.replies import Reply
from core.lifecycle.evidence import is_dgi_repetition
from core.ports.pac_gateway import Accepted, Found

DOCUMENT = {"id": "01JA0B1C2D3E4F5G6H7J8K9M0N", "legalStatus": "DGI_REJECTED"}


def reply(body: object) -> Reply:
    return Reply(status=200, body=json.dumps(body).encode(), received_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "beside",
    [{"errors": [{"code": "1002", "message": "CUFE"}]}, {"governmentResponse": [{"code": "1002"}]}, {"code": "1002"}],
)
def test_a_code_beside_the_document_is_the_documents(beside: dict[str, object]) -> None:
    body = {"document": DOCUMENT} | beside
    looked_up, answered = classify_look_up(reply(body), KnownCodes()), classify(reply(body), KnownCodes())
    assert isinstance(looked_up, Found)
    assert isinstance(answered, Accepted)
    assert is_dgi_repetition(looked_up.document)
    assert is_dgi_repetition(answered.document)


def test_what_is_told_beside_a_document_that_is_not_rejected_is_no_code_of_it() -> None:
    body = {"document": DOCUMENT | {"legalStatus": "REGISTERED"}, "message": "1002: received"}
    looked_up = classify_look_up(reply(body), KnownCodes())
    assert isinstance(looked_up, Found)
    assert looked_up.document.codes == ()
