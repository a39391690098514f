"""The table of the submission protocol, "What an answer proves", walked whole: every status x every body shape.

The expectations are written down per shape and group of statuses, independently of the code that classifies.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.alanube.answers import classify
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Reply, Silence
from core.ports.pac_gateway import (
    Accepted,
    Duplicate,
    Misconfigured,
    NotSent,
    Rejected,
    SubmitAnswer,
    Throttled,
    Unknown,
)

ID = "01JA0B1C2D3E4F5G6H7J8K9M0N"
NOW = datetime(2026, 3, 4, 15, 15, tzinfo=UTC)
STATUSES = range(100, 600)
DOCUMENT = {"id": ID, "status": "PROCESSED", "legalStatus": "PAC_AUTHORIZED", "cufe": "FE01"}
REJECTED = {"id": ID, "legalStatus": "PAC_REJECTED", "errors": [{"code": "1602", "message": "RUC no existe"}]}
REPEATED = {"id": ID, "legalStatus": "PAC_REJECTED", "errors": [{"code": "1002", "message": "Duplicado"}]}

Expectation = Callable[[int], type[SubmitAnswer]]


def is_success(status: int) -> bool:
    return 200 <= status <= 299


def nothing_readable(status: int) -> type[SubmitAnswer]:
    return {401: Misconfigured, 403: Misconfigured, 409: Duplicate, 429: Throttled}.get(status, Unknown)


def a_refusal(status: int) -> type[SubmitAnswer]:
    return Rejected if status in (400, 422) else nothing_readable(status)


def an_accepted_document(status: int) -> type[SubmitAnswer]:
    if is_success(status):
        return Accepted
    return Duplicate if status == 409 else Unknown


def a_rejected_document(status: int) -> type[SubmitAnswer]:
    if is_success(status) or status in (400, 422):
        return Rejected
    return Duplicate if status == 409 else Unknown


def a_document_without_an_id(status: int) -> type[SubmitAnswer]:
    return Duplicate if status == 409 else Unknown


def trouble_with_the_company(status: int) -> type[SubmitAnswer]:
    if status == 409:
        return Duplicate
    return Misconfigured if 400 <= status <= 499 else Unknown


def a_refusal_inside(status: int) -> type[SubmitAnswer]:
    return Rejected if is_success(status) else a_refusal(status)


def always(kind: type[SubmitAnswer]) -> Expectation:
    return lambda _status: kind


@dataclass(frozen=True)
class Shape:
    name: str
    body: bytes
    expected: Expectation
    cut: str | None = None


def shaped(name: str, value: Any, expected: Expectation) -> Shape:
    return Shape(name, json.dumps(value).encode(), expected)


WHOLE = json.dumps({"message": "Invoice created", "document": DOCUMENT}).encode()
SHAPES = [
    Shape("empty", b"", nothing_readable),
    Shape("blank", b" \r\n", nothing_readable),
    Shape("html", b"<!doctype html><html><body>Bad gateway</body></html>", nothing_readable),
    Shape("truncated", WHOLE[: len(WHOLE) - 9], nothing_readable),
    Shape("cut by the network", WHOLE, nothing_readable, cut="RemoteProtocolError"),
    Shape("array", b"[]", nothing_readable),
    Shape("null", b"null", nothing_readable),
    Shape("nan", b'{"document":{"id":"01JA0B1C2D3E4F5G6H7J8K9M0N","total":NaN}}', nothing_readable),
    Shape("deep", b"[" * 100_000, nothing_readable),
    Shape("id twice", f'{{"id":"{ID}","id":"01JA0B1C2D3E4F5G6H7J8K9M0P"}}'.encode(), nothing_readable),
    shaped("no fields", {}, nothing_readable),
    shaped("wrapped document", {"message": "Invoice created", "document": DOCUMENT}, an_accepted_document),
    shaped("document at top level", DOCUMENT, an_accepted_document),
    Shape("document after a BOM", b"\xef\xbb\xbf" + WHOLE, an_accepted_document),
    shaped(
        "status never seen",
        {"document": DOCUMENT | {"legalStatus": "DGI_UNDER_REVIEW"}},
        an_accepted_document,
    ),
    shaped("rejected document", {"document": REJECTED}, a_rejected_document),
    shaped("document without an id", {"document": {"legalStatus": "PAC_AUTHORIZED"}}, a_document_without_an_id),
    shaped("id of another type", {"document": DOCUMENT | {"id": 7}}, a_document_without_an_id),
    shaped("id that is no id", {"document": DOCUMENT | {"id": "../../companies"}}, a_document_without_an_id),
    shaped("errors array", {"code": 400, "errors": [{"code": "1602", "message": "RUC"}]}, a_refusal),
    shaped("errors array, unknown code", {"code": 400, "errors": [{"code": "AP99999", "message": "?"}]}, a_refusal),
    shaped("schema texts", {"code": 400, "message": ['instance requires property "exportation"']}, a_refusal),
    shaped("a message alone", {"message": "Bad Request"}, a_refusal),
    shaped("error", {"error": "no"}, a_refusal),
    shaped("response", {"response": [{"message": "no"}]}, a_refusal),
    shaped("government object", {"governmentResponse": {"code": "1601", "value": ["no"]}}, a_refusal),
    shaped("AP1010", {"code": "AP1010", "message": "company qr not requested or wrong"}, trouble_with_the_company),
    shaped("AP1010 among errors", {"errors": [{"code": "AP1010", "message": "qr"}]}, trouble_with_the_company),
    shaped("1002 among errors", {"code": 400, "errors": [{"code": "1002", "message": "x"}]}, always(Duplicate)),
    shaped("1002 as a number", {"code": 400, "errors": [{"code": 1002, "message": "x"}]}, always(Duplicate)),
    shaped("1002 beside other codes", {"errors": [{"code": "1602"}, {"code": "1002"}]}, always(Duplicate)),
    shaped("1002 in front of a text", {"code": 400, "message": ["1002: duplicado"]}, always(Duplicate)),
    shaped("document rejected for 1002", {"document": REPEATED}, always(Duplicate)),
    shaped("refusal inside a success", {"httpStatusCode": 400, "errors": [{"code": "1602"}]}, a_refusal_inside),
    shaped("failure inside a success", {"httpStatusCode": 500, "message": "no"}, a_refusal),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_table_holds_for_every_status(shape: Shape) -> None:
    for status in STATUSES:
        reply = Reply(status=status, body=shape.body, received_at=NOW, cut=shape.cut)
        answer = classify(reply, KnownCodes())
        assert type(answer) is shape.expected(status), (status, answer)
        assert answer.raw.status == status
        assert answer.raw.body == shape.body


def test_a_request_that_never_left_is_not_sent() -> None:
    answer = classify(Silence(reason="ConnectError", left=False), KnownCodes())
    assert isinstance(answer, NotSent)
    assert (answer.raw.status, answer.raw.body) == (None, b"")


def test_a_request_that_may_have_left_is_unknown() -> None:
    assert isinstance(classify(Silence(reason="ReadTimeout", left=True), KnownCodes()), Unknown)


def one(body: Any, status: int = 200, known: KnownCodes | None = None, **headers: str) -> SubmitAnswer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return classify(Reply(status=status, body=content, received_at=NOW, headers=named), known or KnownCodes())


def test_only_known_codes_make_a_rejection_recognised() -> None:
    def recognised(body: Any) -> bool:
        answer = one(body, 400)
        assert isinstance(answer, Rejected)
        return answer.is_recognised

    assert recognised({"errors": [{"code": "1602"}, {"code": "1601"}]})
    assert recognised({"code": 400, "message": ['instance.receiver.ruc requires property "type"']})
    assert not recognised({"errors": [{"code": "1602"}, {"code": "AP20417"}]})
    assert not recognised({"code": 400, "message": ["instance requires property", "the number was used"]})
    assert not recognised({"message": "Bad Request"})


def test_an_installation_can_extend_the_tables() -> None:
    known = KnownCodes(duplicate=frozenset({"AP20417"}), misconfigured=frozenset({"AP3"}), rejection=frozenset({"AP4"}))
    assert isinstance(one({"errors": [{"code": "AP20417"}]}, 400, known), Duplicate)
    assert isinstance(one({"errors": [{"code": "AP3"}]}, 400, known), Misconfigured)
    rejected = one({"errors": [{"code": "AP4"}]}, 400, known)
    assert isinstance(rejected, Rejected)
    assert rejected.is_recognised


def test_a_duplicate_names_the_document_that_the_answer_names() -> None:
    assert one({"code": "1002", "document": DOCUMENT}, 409) == Duplicate(
        raw=one({"code": "1002", "document": DOCUMENT}, 409).raw, pac_document_id=ID
    )
    nameless = one({"code": "1002", "message": "x"}, 409)
    assert isinstance(nameless, Duplicate)
    assert nameless.pac_document_id is None


def test_a_rejection_keeps_codes_and_words_from_everywhere() -> None:
    body = {
        "message": "Rejected",
        "document": REJECTED | {"governmentResponse": [{"code": "1601", "message": "RUC mal formado"}]},
    }
    answer = one(body)
    assert isinstance(answer, Rejected)
    assert answer.codes == ("1602", "1601")
    assert answer.messages == ("RUC no existe", "RUC mal formado", "Rejected")
    assert answer.document is not None
    assert answer.document.pac_document_id == ID


def test_a_broken_answer_gives_the_id_of_its_document_as_a_hint() -> None:
    company = "01J9ZK4T7Q8R2M5N6P7S8T9V0W"
    whole = json.dumps({"company": {"id": company}, "document": DOCUMENT | {"padding": "x" * 100}}).encode()
    answer = one(whole[:-60])
    assert isinstance(answer, Unknown)
    assert answer.hinted_id == ID
    assert isinstance(one({"document": DOCUMENT}, 500), Unknown)
    assert one({"document": DOCUMENT}, 500).hinted_id == ID  # type: ignore[union-attr]


def test_a_success_that_contradicts_itself_is_only_a_hint() -> None:
    answer = one({"httpStatusCode": 400, "document": DOCUMENT})
    assert isinstance(answer, Unknown)
    assert answer.hinted_id == ID


@pytest.mark.parametrize(
    ("asked", "date", "seconds"),
    [
        ("7", "", 7.0),
        ("0", "", 0.0),
        ("999999", "", 3600.0),
        ("Wed, 04 Mar 2026 15:16:00 GMT", "", 60.0),
        ("Wed, 04 Mar 2026 15:16:00 GMT", "Wed, 04 Mar 2026 15:15:50 GMT", 10.0),
        ("Wed, 04 Mar 2020 15:16:00 GMT", "", 0.0),
        ("Wed, 04 Mar 2096 15:16:00 GMT", "", 3600.0),
        ("-5", "", None),
        ("1e3", "", None),
        ("soon", "", None),
        ("٣", "", None),
        ("", "", None),
        ("Wed, 99 Foo 2026 99:99:99 GMT", "", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_has_bounds(asked: str, date: str, seconds: float | None) -> None:
    answer = one(b"", 429, retry_after=asked, date=date)
    assert isinstance(answer, Throttled)
    assert answer.retry_after_seconds == seconds
