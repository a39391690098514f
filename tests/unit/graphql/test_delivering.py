"""resendInvoiceEmail and requestPacWebhook over GraphQL."""

from typing import Any

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from core.tenants import Role
from tests.shop import WEBHOOK_SECRET
from tests.unit.graphql.api import Api

MAIL = """mutation($id: ID!, $emails: [String!], $message: String! = "", $key: String) {
  resendInvoiceEmail(documentId: $id, emails: $emails, message: $message, idempotencyKey: $key) {
    delivery { results { address outcome reason } }
    invoice { id events { kind facts { name value } } }
    errors { code message hint path }
  }
}"""
CALL = """mutation($id: ID!) { requestPacWebhook(documentId: $id) {
  outcome reason invoice { id events { kind facts { name value } } } errors { code message path }
} }"""


@pytest.fixture
async def invoice(api: Api) -> str:
    return (await api.world.invoice(api.shop, await api.world.an_order(api.shop))).document_id


async def mail(api: Api, invoice: str, **variables: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.run(MAIL, {"id": invoice, **variables}))["resendInvoiceEmail"]
    return answer


async def test_an_issuer_has_the_receiver_mailed(api: Api, invoice: str) -> None:
    key = await api.new_key(Role.ISSUER)
    answer = (await api.run(MAIL, {"id": invoice, "message": "Hola"}, key=key))["resendInvoiceEmail"]
    assert answer["errors"] == []
    assert answer["delivery"] == {
        "results": [{"address": "compras@example.com", "outcome": "HANDED_OVER", "reason": ""}]
    }
    assert [event["kind"] for event in answer["invoice"]["events"]][-2:] == ["EMAIL_REQUESTED", "EMAIL_ANSWERED"]
    assert [each.message for each in api.world.engine.emails] == ["Hola"]


async def test_an_operator_asks_for_a_webhook_and_nothing_shows_the_secret(api: Api, invoice: str) -> None:
    answer = await api.post(CALL, {"id": invoice}, key=await api.new_key(Role.OPERATOR))
    shown = answer.json()["data"]["requestPacWebhook"]
    assert (shown["outcome"], shown["reason"], shown["errors"]) == ("HANDED_OVER", "", [])
    kinds = [event["kind"] for event in shown["invoice"]["events"]]
    assert kinds[-2:] == ["WEBHOOK_REQUESTED", "WEBHOOK_ANSWERED"]
    assert WEBHOOK_SECRET not in answer.text


@pytest.mark.parametrize(("query", "role"), [(MAIL, Role.VIEWER), (CALL, Role.VIEWER), (CALL, Role.ISSUER)])
async def test_a_weaker_key_asks_the_pac_for_nothing(api: Api, invoice: str, query: str, role: Role) -> None:
    before = len(api.world.engine.exchanges)
    answer = await api.post(query, {"id": invoice}, key=await api.new_key(role))
    assert answer.json()["errors"][0]["extensions"]["code"] == "not_allowed"
    assert len(api.world.engine.exchanges) == before


async def test_a_caller_cannot_say_where_the_webhook_goes(api: Api, invoice: str) -> None:
    query = 'mutation($id: ID!) { requestPacWebhook(documentId: $id, url: "https://evil.example") { outcome } }'
    answer = await api.post(query, {"id": invoice})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "invalid_query"


@pytest.mark.parametrize(
    ("variables", "code", "path"),
    [
        (
            {"emails": ["ok@example.com", "x@example.com\r\nBcc: y@example.com"]},
            "malformed_email_address",
            ["emails", "1"],
        ),
        ({"emails": []}, "email_address_missing", ["emails"]),
        ({"emails": [f"a{place}@example.com" for place in range(6)]}, "too_many_email_addresses", ["emails"]),
        ({"message": "x" * 1001}, "malformed_email_message", ["message"]),
        ({"key": ""}, "malformed_idempotency_key", ["idempotencyKey"]),
    ],
)
async def test_what_is_wrong_is_data_with_its_place(
    api: Api, invoice: str, variables: dict[str, Any], code: str, path: list[str]
) -> None:
    answer = await mail(api, invoice, **variables)
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [(code, path)]
    assert answer["delivery"] is None
    assert answer["invoice"] is None
    assert not api.world.engine.emails


async def test_the_limit_is_data_that_says_when_to_come_again(api: Api, invoice: str) -> None:
    for _ in range(5):
        await mail(api, invoice)
    (error,) = (await mail(api, invoice))["errors"]
    assert error["code"] == "notice_limit_reached"
    assert "Ask again after 20" in error["hint"]
    assert len(api.world.engine.emails) == 5


async def test_an_unknown_outcome_is_no_error_and_says_so(api: Api, invoice: str) -> None:
    match = RequestMatch(path_contains="/documents/notify")
    api.world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, match=match),)))
    answer = await mail(api, invoice)
    assert answer["errors"] == []
    (result,) = answer["delivery"]["results"]
    assert result["outcome"] == "UNKNOWN"
    assert result["reason"]


async def test_another_tenants_document_is_simply_not_found(api: Api) -> None:
    stranger = await api.world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")
    theirs = await api.world.invoice(stranger, await api.world.an_order(stranger))
    before = len(api.world.engine.exchanges)
    for query, name in ((MAIL, "resendInvoiceEmail"), (CALL, "requestPacWebhook")):
        found, missing = [
            (await api.run(query, {"id": document_id}))[name]["errors"]
            for document_id in (theirs.document_id, "01KNOBODYS0000000000000000")
        ]
        assert [error["code"] for error in found] == [error["code"] for error in missing] == ["document_not_found"]
    assert len(api.world.engine.exchanges) == before
