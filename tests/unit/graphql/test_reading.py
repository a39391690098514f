"""What can be read of documents, orders and clients."""

import typing
from enum import Enum
from typing import Any

import pytest
from ariadne.resolvers import is_default_resolver
from graphql import GraphQLEnumType, GraphQLObjectType

from adapters.graphql.document_fields import ShownAttachment, ShownLine
from adapters.graphql.permissions import GuardedResolver
from adapters.graphql.schema_building import build_schema
from core.circuits import Circuit, CircuitState
from core.cufe_outline import CufeOutline, CufePlace
from core.diagnosis import Diagnosis, OperatorAction
from core.documents import DocumentMode, FileKind, FiscalDocument, Issuer, LegalStatus, Refusal, Submission
from core.drafts import (
    DraftInstalment,
    DraftLine,
    DraftPayment,
    DraftReceiver,
    ForeignIdentity,
    OtiCharge,
)
from core.events import ChainedEvent, EventKind
from core.line_totals import TraceStep
from core.number_ledger import LedgerEntry, NumberLedger, NumberUse
from core.previews import DocumentPreview
from core.tenants import DoubtPolicy, Office, Role, Tenant
from core.totals import RateTotal, Totals
from core.trade import Client, Order
from core.use_cases.refresh_document import PdfOutcome
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, GENERATE, Api

EVERYTHING = """
query($id: ID!) { invoice(id: $id) {
  id mode documentType number billingPoint officeId orderId clientId externalId idempotencyKey
  submission legalStatus rawLegalStatus isSettled cufe expectedCufe qr publicUrl authorizationProtocol
  issuedAt createdAt updatedAt acceptedAt nextActionAt doubtReason quarantineReason
  resends settlesAt hintedIds authorizedIds refutedIds diagnosis { cause nextAction nextActionAt actions isOverdue }
  refusal { codes messages isRecognised }
  issuer { ruc contributorType dv name environment branch address }
  receiver { receiverType name ruc contributorType dv address locationCode country countryName emails phones
             foreignIdentity { kind number country } }
  lines { position description code unit quantity unitPrice unitDiscount itbms cpbsCode netAmount itbmsAmount
          iscAmount otiAmount freight insurance totalAmount }
  payments { form amount description } paymentTime instalments { dueOn amount note } retention information
  totals { netTotal itbmsTotal iscTotal otiTotal taxTotal discountTotal freightTotal insuranceTotal otherCharges
           linesTotal total received change retentionAmount itemCount rates { rate base itbmsAmount } }
  events { sequence at kind actor facts { name value } digest }
  attachments { kind fileName size digest isProvisional storedAt downloadUrl expiresAt }
} }
"""


async def an_invoice(api: Api, key: str = "sale-1", **order: Any) -> dict[str, Any]:
    created = await api.run(CREATE_ORDER, {"input": AN_ORDER | {"clientId": api.shop.client.client_id} | order})
    issued = await api.run(GENERATE, {"orderId": created["createOrder"]["order"]["id"], "key": key})
    invoice: dict[str, Any] = issued["generateInvoice"]["invoice"]
    assert invoice is not None, issued
    return invoice


async def test_a_document_shows_its_whole_life(api: Api) -> None:
    invoice = await an_invoice(api, externalId="POS-1")
    api.world.wait(minutes=5)
    await api.world.deliver_webhooks()
    shown = (await api.run(EVERYTHING, {"id": invoice["id"]}))["invoice"]
    assert shown["legalStatus"] == "DGI_AUTHORIZED"
    assert shown["isSettled"] is True
    assert shown["externalId"] == "POS-1"
    assert shown["billingPoint"] == "001"
    assert shown["receiver"]["contributorType"] == "JURIDICO"
    assert shown["totals"]["total"] == "40.13"
    assert shown["totals"]["rates"] == [{"rate": "GENERAL_7", "base": "37.50", "itbmsAmount": "2.63"}]
    assert shown["lines"][0]["quantity"] == "3"
    assert shown["lines"][0]["unitPrice"] == "12.50"
    assert shown["payments"] == [{"form": "CASH", "amount": "40.13", "description": None}]
    kinds = [event["kind"] for event in shown["events"]]
    assert kinds[0] == "RECORDED"
    assert [event["sequence"] for event in shown["events"]] == list(range(1, len(kinds) + 1))
    assert {file["kind"] for file in shown["attachments"]} == {"PDF", "XML"}
    assert shown["issuedAt"].endswith("Z")


async def test_an_id_that_nobody_has_is_null(api: Api) -> None:
    data = await api.run('{ invoice(id: "nope") { id } order(id: "nope") { id } client(id: "nope") { id } }')
    assert data == {"invoice": None, "order": None, "client": None}


async def test_pages_walk_every_document_once_while_new_ones_arrive(api: Api) -> None:
    page = """query($after: String) { invoices(first: 2, after: $after) {
        edges { node { number } cursor } pageInfo { hasNextPage endCursor } } }"""
    for place in range(5):
        await an_invoice(api, f"sale-{place}")
    seen: list[str] = []
    after = None
    while True:
        shown = (await api.run(page, {"after": after}))["invoices"]
        seen += [edge["node"]["number"] for edge in shown["edges"]]
        await an_invoice(api, f"late-{len(seen)}")
        after = shown["pageInfo"]["endCursor"]
        if not shown["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"{number:010d}" for number in (5, 4, 3, 2, 1)]


async def test_clients_page_by_cursor(api: Api) -> None:
    create = "mutation($n: String!) { createClient(input: {name: $n, receiverType: FINAL_CONSUMER}) { client { id } } }"
    for name in ("Uno", "Dos", "Tres"):
        await api.run(create, {"n": name})
    page = """query($after: String) { clients(first: 3, after: $after) {
        edges { node { name } } pageInfo { hasNextPage endCursor } } }"""
    first = (await api.run(page))["clients"]
    assert [edge["node"]["name"] for edge in first["edges"]] == ["Tres", "Dos", "Uno"]
    second = (await api.run(page, {"after": first["pageInfo"]["endCursor"]}))["clients"]
    assert len(second["edges"]) == 1
    assert second["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"number": "2"}, ["0000000002"]),
        ({"number": "0000000001"}, ["0000000001"]),
        ({"externalId": "POS-2"}, ["0000000002"]),
        ({"externalId": "POS-3"}, []),
        ({"submission": ["ACCEPTED", "ACCEPTED"]}, ["0000000002", "0000000001"]),
        ({"submission": ["IN_DOUBT"]}, []),
        ({"legalStatus": ["DGI_REJECTED"]}, []),
        ({"receiverRuc": "155777777-2-2021"}, ["0000000002", "0000000001"]),
        ({"receiverRuc": " 0155777777 – 2-2021"}, ["0000000002", "0000000001"]),
        ({"receiverRuc": "no RUC"}, []),
        ({"receiverRuc": "8-1-1"}, []),
        ({"updatedSince": "2000-01-01T00:00:00-05:00"}, ["0000000002", "0000000001"]),
        ({"updatedSince": "2999-01-01T00:00:00Z"}, []),
        ({}, ["0000000002", "0000000001"]),
        (None, ["0000000002", "0000000001"]),
    ],
)
async def test_filters_narrow_the_list(api: Api, wanted: dict[str, Any] | None, found: list[str]) -> None:
    await an_invoice(api, "sale-1", externalId="POS-1")
    await an_invoice(api, "sale-2", externalId="POS-2")
    query = "query($f: DocumentFilter) { invoices(filter: $f) { edges { node { number } } } }"
    data = await api.run(query, {"f": wanted})
    assert [edge["node"]["number"] for edge in data["invoices"]["edges"]] == found


async def test_a_cufe_finds_its_document(api: Api) -> None:
    invoice = await an_invoice(api)
    query = "query($c: String) { invoices(filter: {cufe: $c}) { edges { node { id } } } }"
    data = await api.run(query, {"c": invoice["cufe"]})
    assert data["invoices"]["edges"] == [{"node": {"id": invoice["id"]}}]


async def test_the_viewer_knows_its_tenant_and_role(api: Api) -> None:
    key = await api.new_key(Role.VIEWER)
    data = await api.run("{ viewer { role tenant { name contributorType environment isPacConfigured } } }", key=key)
    assert data["viewer"] == {
        "role": "VIEWER",
        "tenant": {
            "name": "Ferretería El Istmo, S.A.",
            "contributorType": "JURIDICO",
            "environment": "TEST",
            "isPacConfigured": True,
        },
    }


def test_every_root_field_asks_for_a_role() -> None:
    schema = build_schema()
    for root in (schema.query_type, schema.mutation_type):
        assert root is not None
        for name, field in root.fields.items():
            assert isinstance(field.resolve, GuardedResolver), name


def test_no_root_field_takes_a_tenant() -> None:
    schema = build_schema()
    for root in (schema.query_type, schema.mutation_type):
        assert root is not None
        for field in root.fields.values():
            assert not [argument for argument in field.args if "tenant" in argument.lower()]


def test_every_enum_name_has_a_domain_value_behind_it() -> None:
    for name, kind in build_schema().type_map.items():
        if isinstance(kind, GraphQLEnumType) and not name.startswith("__"):
            unbound = [key for key, value in kind.values.items() if not isinstance(value.value, Enum)]
            assert unbound == [], name


def test_every_name_of_a_domain_enum_that_is_shown_is_in_the_schema() -> None:
    types = build_schema().type_map
    for enum in SHOWN_WHOLE:
        shown = types[enum.__name__]
        assert isinstance(shown, GraphQLEnumType)
        assert set(shown.values) == {member.name for member in enum}


SHOWN_WHOLE = (
    *(Submission, LegalStatus, EventKind, FileKind, PdfOutcome, Role, DocumentMode),
    *(CircuitState, DoubtPolicy, NumberUse, OperatorAction),
)
VALUES_BEHIND: dict[str, type] = {
    "Document": FiscalDocument,
    "Refusal": Refusal,
    "Issuer": Issuer,
    "Receiver": DraftReceiver,
    "ForeignIdentity": ForeignIdentity,
    "DocumentLine": ShownLine,
    "Payment": DraftPayment,
    "Instalment": DraftInstalment,
    "Totals": Totals,
    "RateTotal": RateTotal,
    "Event": ChainedEvent,
    "Attachment": ShownAttachment,
    "Client": Client,
    "Order": Order,
    "OrderLine": DraftLine,
    "OtiCharge": OtiCharge,
    "Office": Office,
    "Tenant": Tenant,
    "Diagnosis": Diagnosis,
    "Circuit": Circuit,
    "NumberLedger": NumberLedger,
    "NumberLedgerEntry": LedgerEntry,
    "InvoicePreview": DocumentPreview,
    "TraceStep": TraceStep,
    "CufeOutline": CufeOutline,
    "CufePlace": CufePlace,
}


@pytest.mark.parametrize("type_name", VALUES_BEHIND)
def test_every_field_is_an_attribute_of_the_domain_value_behind_it(type_name: str) -> None:
    shown = build_schema().type_map[type_name]
    assert isinstance(shown, GraphQLObjectType)
    for name, field in shown.fields.items():
        if not is_default_resolver(field.resolve):
            continue
        aliases = [cell.cell_contents for cell in getattr(field.resolve, "__closure__", None) or ()]
        value: Any = VALUES_BEHIND[type_name]
        for step in (aliases[0] if aliases else name).split("."):
            known = typing.get_type_hints(value)
            assert step in known or hasattr(value, step), f"{type_name}.{name}"
            value = known.get(step)
