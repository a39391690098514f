"""Corrected successors over HTTP. Null and left out mean different things here."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_nullable_type

from adapters.graphql.reissue_mutation import read_changes
from adapters.graphql.schema_building import build_schema
from core.codes import PaymentForm
from core.drafts import DraftPayment
from core.failures import MalformedInputError
from core.successors import KEPT
from core.tenants import Role
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, GENERATE, Api
from tests.unit.use_cases.reissuing import rejected
from tests.unit.use_cases.told_pac import Told, a_world

REISSUE = """mutation($id: ID!, $changes: DocumentChangesInput!, $key: String!) {
  reissueDocument(documentId: $id, changes: $changes, idempotencyKey: $key) {
    document { id number submission information externalId receiver { name address }
      replaces { id replacedBy { id } } replacedBy { id } totals { total } }
    errors { code message hint path }
  } }"""


@pytest.fixture
async def pac_and_api() -> tuple[Told, Api]:
    world, pac = a_world()
    api = Api(world, await world.open_shop(), "")
    api.key = await api.new_key(Role.ISSUER)
    return pac, api


async def a_refused(pac: Told, api: Api, *, is_recognised: bool = True) -> str:
    pac.answers.append(rejected(is_recognised=is_recognised))  # type: ignore[arg-type]
    given = AN_ORDER | {"clientId": api.shop.client.client_id, "information": "uno", "externalId": "POS-1"}
    order = (await api.run(CREATE_ORDER, {"input": given}))["createOrder"]["order"]["id"]
    payload = (await api.run(GENERATE, {"orderId": order, "key": "sale"}))["generateInvoice"]
    assert payload["invoice"]["submission"] == "REFUSED"
    document_id: str = payload["invoice"]["id"]
    return document_id


async def reissued(api: Api, document_id: str, changes: dict[str, Any], key: str = "again") -> dict[str, Any]:
    payload = await api.run(REISSUE, {"id": document_id, "changes": changes, "key": key})
    found: dict[str, Any] = payload["reissueDocument"]
    return found


async def test_a_successor_and_its_original_name_each_other(pac_and_api: tuple[Told, Api]) -> None:
    pac, api = pac_and_api
    original = await a_refused(pac, api)
    payload = await reissued(api, original, {"receiver": {"address": "Calle 51"}})
    assert payload["errors"] == []
    successor = payload["document"]
    assert (successor["number"], successor["submission"]) == ("0000000002", "ACCEPTED")
    assert (successor["information"], successor["externalId"]) == ("uno", "POS-1")
    assert successor["receiver"] == {"name": "Constructora Añil, S.A.", "address": "Calle 51"}
    assert successor["replaces"] == {"id": original, "replacedBy": {"id": successor["id"]}}
    assert successor["replacedBy"] is None
    assert (await reissued(api, original, {"receiver": {"address": "Calle 51"}}))["document"]["id"] == successor["id"]


async def test_null_clears_what_leaving_out_keeps(pac_and_api: tuple[Told, Api]) -> None:
    pac, api = pac_and_api
    original = await a_refused(pac, api)
    successor = (await reissued(api, original, {"information": None, "externalId": None}))["document"]
    assert (successor["information"], successor["externalId"]) == (None, None)
    assert successor["totals"]["total"] == "40.13"


async def test_a_literal_null_is_null_too(pac_and_api: tuple[Told, Api]) -> None:
    pac, api = pac_and_api
    original = await a_refused(pac, api)
    query = """mutation($id: ID!) {
      reissueDocument(documentId: $id, changes: {information: null}, idempotencyKey: "k") {
      document { information externalId } errors { code } } }"""
    payload = (await api.run(query, {"id": original}))["reissueDocument"]
    assert payload["document"] == {"information": None, "externalId": "POS-1"}


async def test_a_watched_document_tells_when_to_come_again(pac_and_api: tuple[Told, Api]) -> None:
    pac, api = pac_and_api
    original = await a_refused(pac, api, is_recognised=False)
    read = "query($id: ID!) { invoice(id: $id) { settlesAt diagnosis { actions } } }"
    shown = (await api.run(read, {"id": original}))["invoice"]
    assert "REISSUE" not in shown["diagnosis"]["actions"]
    error = (await reissued(api, original, {}))["errors"][0]
    assert error["code"] == "reissue_too_early"
    assert shown["settlesAt"][:19] in error["message"]
    api.world.wait(hours=1)
    await api.world.sweep(times=2)
    assert (await api.run(read, {"id": original}))["invoice"]["diagnosis"]["actions"] == ["REISSUE", "ADOPT_ID"]
    assert (await reissued(api, original, {}))["errors"] == []


async def test_refusals_point_at_the_callers_own_arguments(pac_and_api: tuple[Told, Api]) -> None:
    pac, api = pac_and_api
    original = await a_refused(pac, api)
    bad = [
        ({"lines": None}, "malformed_input", ["changes", "lines"]),
        ({"clientId": ""}, "malformed_input", ["changes", "clientId"]),
        ({"billingPoint": "777"}, "billing_point_not_of_office", ["changes", "billingPoint"]),
    ]
    for changes, code, path in bad:
        error = (await reissued(api, original, changes))["errors"][0]
        assert (error["code"], error["path"]) == (code, path)


async def test_the_document_of_another_tenant_is_not_found(pac_and_api: tuple[Told, Api]) -> None:
    pac, api = pac_and_api
    original = await a_refused(pac, api)
    stranger = await api.world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")
    api.key = await api.new_key(Role.ISSUER, stranger)
    told = []
    for document_id in (original, "01NOBODYNOBODYNOBODYNOBODY"):
        payload = await reissued(api, document_id, {})
        assert payload["errors"][0]["code"] == "document_not_found"
        told.append(repr(payload).replace(document_id, ""))
    assert told[0] == told[1]


def test_changes_have_every_field_of_a_new_invoice_and_need_none_of_them() -> None:
    schema = build_schema()
    new, changes = schema.type_map["CreateInvoiceInput"], schema.type_map["DocumentChangesInput"]
    assert isinstance(new, GraphQLInputObjectType)
    assert isinstance(changes, GraphQLInputObjectType)
    assert {name: str(get_nullable_type(field.type)) for name, field in new.fields.items()} == {
        name: str(field.type) for name, field in changes.fields.items()
    }


def test_only_what_is_named_changes() -> None:
    none = read_changes({})
    assert (none.terms, none.client_id, none.receiver, none.office_id) == ({}, KEPT, KEPT, KEPT)
    payment = {"form": PaymentForm.CASH, "amount": 1, "description": None}
    some = read_changes({"payments": [payment], "freight": None, "client_id": None, "billing_point": "002"})
    assert some.terms == {"payments": (DraftPayment(form=PaymentForm.CASH, amount=1),), "freight": None}  # type: ignore[arg-type]
    assert (some.client_id, some.billing_point, some.external_id) == (None, "002", KEPT)
    with pytest.raises(MalformedInputError):
        read_changes({"office_id": ""})
