"""What belongs to another tenant is simply not found, by every query and every mutation, in the same words."""

from decimal import Decimal
from typing import Any

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.codes import PaymentForm
from core.tenants import DoubtPolicy, Role
from core.use_cases.record_payment import NewPayment
from tests.unit.graphql.api import AN_ORDER, CREATE_INVOICE, CREATE_ORDER, GENERATE, Api, start_api
from tests.world import Shop


@pytest.fixture
async def api() -> Api:
    return await start_api()


@pytest.fixture
async def stranger(api: Api) -> Shop:
    return await api.world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")


@pytest.fixture
async def theirs(api: Api, stranger: Shop) -> dict[str, str]:
    """Ids of things that the stranger owns."""
    order = await api.world.an_order(stranger)
    document = await api.world.invoice(stranger, order, "shared-key")
    open_order = await api.world.an_order(stranger)
    payment = await api.world.record_payment(
        stranger.tenant.tenant_id,
        document.document_id,
        NewPayment(amount=Decimal("1.00"), method=PaymentForm.CASH, paid_at=document.issued_at),
        idempotency_key="shared-key",
        actor="caller:theirs",
    )
    return {
        "document": document.document_id,
        "cufe": document.cufe or "",
        "order": open_order.order_id,
        "client": stranger.client.client_id,
        "office": stranger.office.office_id,
        "pac": document.pac_document_id or "",
        "payment": payment.payment.payment_id,
    }


@pytest.mark.parametrize(("field", "owned"), [("invoice", "document"), ("order", "order"), ("client", "client")])
async def test_another_tenants_id_reads_as_null(api: Api, theirs: dict[str, str], field: str, owned: str) -> None:
    assert await api.run(f"query($id: ID!) {{ {field}(id: $id) {{ id }} }}", {"id": theirs[owned]}) == {field: None}


@pytest.mark.parametrize("owned", ["document", "pac", "cufe"])
async def test_no_other_name_of_a_document_finds_it_either(api: Api, theirs: dict[str, str], owned: str) -> None:
    assert await api.run("query($id: ID!) { invoice(id: $id) { id } }", {"id": theirs[owned]}) == {"invoice": None}


async def test_lists_hold_only_ones_own(api: Api, theirs: dict[str, str]) -> None:
    query = """query($cufe: String) {
      all: invoices { edges { node { id } } }
      byCufe: invoices(filter: {cufe: $cufe}) { edges { node { id } } }
      byNumber: invoices(filter: {number: "1"}) { edges { node { id } } }
      clients { edges { node { id } } } offices { id }
    }"""
    data = await api.run(query, {"cufe": theirs["cufe"]})
    assert data["all"] == data["byCufe"] == data["byNumber"] == {"edges": []}
    assert [edge["node"]["id"] for edge in data["clients"]["edges"]] == [api.shop.client.client_id]
    assert [office["id"] for office in data["offices"]] == [api.shop.office.office_id]


async def test_a_cursor_of_another_tenant_shows_only_ones_own(api: Api, stranger: Shop, theirs: dict[str, str]) -> None:
    key = await api.new_key(Role.VIEWER, stranger)
    query = "query($after: String) { invoices(after: $after) { edges { node { id } cursor } } }"
    cursor = (await api.run(query, key=key))["invoices"]["edges"][0]["cursor"]
    assert await api.run(query, {"after": cursor}) == {"invoices": {"edges": []}}


def refusals(owned: str) -> tuple[str, Any]:
    """A mutation that names something of another tenant, as query and variables of its id."""
    attach = (
        "mutation($id: ID!) { attachPacPdf(sourceId: $id, sourceType: INVOICE) { errors { code message hint path } } }"
    )
    adopt = """mutation($id: ID!) { adoptPacDocument(documentId: $id, pacDocumentId: "01PACPACPACPACPACPACPACPAC") {
      errors { code message hint path } } }"""
    confirm = """mutation($id: ID!) { confirmAtDgi(documentId: $id, note: "visto en la DGI") {
      errors { code message hint path } } }"""
    give_up = """mutation($id: ID!) { giveUpDocument(documentId: $id, reason: "no está en el PAC") {
      errors { code message hint path } } }"""
    pay = """mutation($id: ID!) { recordPayment(documentId: $id, idempotencyKey: "mine", input: {
      amount: "1.00", method: CASH, paidAt: "2026-01-01T12:00:00-05:00"}) { errors { code message hint path } } }"""
    take_back = """mutation($id: ID!) {
      reversePayment(paymentId: $id, reason: "no era nuestro", idempotencyKey: "mine") {
        errors { code message hint path } } }"""
    return {
        "document to pay": (pay, lambda found: {"id": found}),
        "payment to reverse": (take_back, lambda found: {"id": found}),
        "document to adopt": (adopt, lambda found: {"id": found}),
        "document to confirm": (confirm, lambda found: {"id": found}),
        "document to give up": (give_up, lambda found: {"id": found}),
        "order": (GENERATE, lambda found: {"orderId": found, "key": "mine"}),
        "document": (attach, lambda found: {"id": found}),
        "client of an order": (CREATE_ORDER, lambda found: {"input": AN_ORDER | {"clientId": found}}),
        "office of an order": (CREATE_ORDER, lambda found: {"input": AN_ORDER | {"officeId": found}}),
        "client of an invoice": (CREATE_INVOICE, lambda found: {"input": AN_ORDER | {"clientId": found}, "key": "k"}),
        "office of an invoice": (CREATE_INVOICE, lambda found: {"input": AN_ORDER | {"officeId": found}, "key": "k"}),
    }[owned]


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("order", "order_not_found"),
        ("document", "document_not_found"),
        ("document to pay", "document_not_found"),
        ("payment to reverse", "payment_not_found"),
        ("document to adopt", "document_not_found"),
        ("document to confirm", "document_not_found"),
        ("document to give up", "document_not_found"),
        ("client of an order", "client_not_found"),
        ("office of an order", "office_not_found"),
        ("client of an invoice", "client_not_found"),
        ("office of an invoice", "office_not_found"),
    ],
)
async def test_naming_it_is_refused_like_naming_nobodys(
    api: Api, theirs: dict[str, str], named: str, code: str
) -> None:
    query, variables = refusals(named)
    theirs_id, nobodys_id = theirs[named.partition(" ")[0]], "01NOBODYNOBODYNOBODYNOBODY"
    (refused,) = (await api.run(query, variables(theirs_id))).values()
    (unknown,) = (await api.run(query, variables(nobodys_id))).values()
    assert refused["errors"][0]["code"] == code
    assert repr(refused).replace(theirs_id, nobodys_id) == repr(unknown)
    assert (await api.run("{ invoices { edges { cursor } } }")) == {"invoices": {"edges": []}}


async def test_two_tenants_may_use_the_same_idempotency_key(api: Api, theirs: dict[str, str]) -> None:
    created = await api.run(CREATE_ORDER, {"input": AN_ORDER})
    order_id = created["createOrder"]["order"]["id"]
    payload = (await api.run(GENERATE, {"orderId": order_id, "key": "shared-key"}))["generateInvoice"]
    assert payload["errors"] == []
    assert payload["invoice"]["id"] != theirs["document"]


async def test_download_links_open_only_what_they_name(api: Api, theirs: dict[str, str]) -> None:
    created = await api.run(CREATE_ORDER, {"input": AN_ORDER})
    await api.run(GENERATE, {"orderId": created["createOrder"]["order"]["id"], "key": "mine"})
    api.world.wait(minutes=5)
    await api.world.deliver_webhooks()
    data = await api.run("{ invoices { edges { node { attachments { downloadUrl } } } } }")
    token = data["invoices"]["edges"][0]["node"]["attachments"][0]["downloadUrl"].rpartition("/")[2]
    opened = api.operations_in_use.download_links.read(token)
    assert opened[0] == api.shop.tenant.tenant_id


async def test_the_number_ledger_of_another_tenants_office_is_not_found(api: Api, theirs: dict[str, str]) -> None:
    query = """query($id: ID!) { numberLedger(officeId: $id, billingPoint: "001", type: DOMESTIC_INVOICE) {
      entries { documentId } } }"""
    told = []
    for office_id in (theirs["office"], "01NOBODYNOBODYNOBODYNOBODY"):
        answer = (await api.post(query, {"id": office_id})).json()
        assert answer["data"] == {"numberLedger": None}
        told.append(repr(answer["errors"]).replace(office_id, ""))
    assert told[0] == told[1]


@pytest.mark.parametrize("kind", ["DOMESTIC_INVOICE", "GENERIC_CREDIT_NOTE", "GENERIC_DEBIT_NOTE"])
@pytest.mark.parametrize("field", ["clientId", "officeId"])
async def test_a_preview_knows_nothing_of_another_tenants(
    api: Api, theirs: dict[str, str], field: str, kind: str
) -> None:
    query = "query($input: PreviewInvoiceInput!) { previewInvoice(input: $input) { isRefused } }"
    given = AN_ORDER | {"documentType": kind, field: theirs[field.removesuffix("Id")]}
    answer = (await api.post(query, {"input": given})).json()
    assert answer["data"] == {"previewInvoice": None}
    assert answer["errors"][0]["extensions"]["code"] == f"{field.removesuffix('Id')}_not_found"


async def test_the_policy_and_the_circuit_are_ones_own(api: Api, stranger: Shop) -> None:
    await api.run("mutation { setDoubtPolicy(policy: RESEND) { errors { code } } }")
    assert (await api.world.stores.tenants.get(stranger.tenant.tenant_id)).doubt_policy is DoubtPolicy.PARK
    api.world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.UNAUTHORIZED_401, nth=frozenset({1})),)))
    await api.world.invoice(stranger, await api.world.an_order(stranger))
    assert (await api.world.stores.circuits.circuit_of(stranger.tenant.tenant_id)).is_open
    assert (await api.run("{ circuit { state } }"))["circuit"]["state"] == "CLOSED"


async def test_two_tenants_may_create_under_the_same_key(api: Api, stranger: Shop) -> None:
    query = """mutation { createClient(input: {name: "Sol", receiverType: FINAL_CONSUMER}, idempotencyKey: "same") {
      client { id } errors { code } } }"""
    mine = (await api.run(query))["createClient"]
    theirs = (await api.run(query, key=await api.new_key(Role.ISSUER, stranger)))["createClient"]
    assert mine["errors"] == theirs["errors"] == []
    assert mine["client"]["id"] != theirs["client"]["id"]
