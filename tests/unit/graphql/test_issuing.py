"""Orders become invoices over HTTP."""

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.documents import DocumentMode
from tests.unit.graphql.api import AN_ORDER, CREATE_INVOICE, CREATE_ORDER, GENERATE, Api


async def an_order_id(api: Api) -> str:
    payload = (await api.run(CREATE_ORDER, {"input": AN_ORDER | {"clientId": api.shop.client.client_id}}))[
        "createOrder"
    ]
    assert payload["errors"] == []
    order_id: str = payload["order"]["id"]
    return order_id


async def test_an_order_becomes_an_invoice_that_the_pac_accepted(api: Api) -> None:
    order_id = await an_order_id(api)
    payload = (await api.run(GENERATE, {"orderId": order_id, "key": "sale-1"}))["generateInvoice"]
    assert payload["errors"] == []
    invoice = payload["invoice"]
    assert invoice["number"] == "0000000001"
    assert invoice["submission"] == "ACCEPTED"
    assert invoice["cufe"] == invoice["expectedCufe"]


async def test_the_same_key_and_order_give_the_same_document_back(api: Api) -> None:
    order_id = await an_order_id(api)
    first = (await api.run(GENERATE, {"orderId": order_id, "key": "sale-1"}))["generateInvoice"]["invoice"]
    again = (await api.run(GENERATE, {"orderId": order_id, "key": "sale-1"}))["generateInvoice"]["invoice"]
    assert again["id"] == first["id"]


async def test_another_key_for_a_billed_order_is_refused_as_data(api: Api) -> None:
    order_id = await an_order_id(api)
    await api.run(GENERATE, {"orderId": order_id, "key": "sale-1"})
    payload = (await api.run(GENERATE, {"orderId": order_id, "key": "sale-2"}))["generateInvoice"]
    assert payload["invoice"] is None
    assert payload["errors"][0]["code"] == "order_already_invoiced"


async def test_a_key_that_was_used_with_another_input_is_refused_as_data(api: Api) -> None:
    await api.run(GENERATE, {"orderId": await an_order_id(api), "key": "sale-1"})
    payload = (await api.run(GENERATE, {"orderId": await an_order_id(api), "key": "sale-1"}))["generateInvoice"]
    assert payload["errors"][0]["code"] == "idempotency_conflict"


async def test_waiting_zero_seconds_returns_the_recorded_document_and_rings_a_worker(api: Api) -> None:
    order_id = await an_order_id(api)
    payload = (await api.run(GENERATE, {"orderId": order_id, "key": "sale-1", "wait": 0}))["generateInvoice"]
    assert payload["invoice"]["submission"] == "QUEUED"
    await api.world.queue.drain(api.world.run_due_work.handle)
    read = await api.run("query($id: ID!) { invoice(id: $id) { submission } }", {"id": payload["invoice"]["id"]})
    assert read["invoice"]["submission"] == "ACCEPTED"


async def test_a_lost_answer_is_shown_as_in_doubt_and_not_as_an_error(api: Api) -> None:
    api.world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})),)))
    order_id = await an_order_id(api)
    payload = (await api.run(GENERATE, {"orderId": order_id, "key": "sale-1"}))["generateInvoice"]
    assert payload["errors"] == []
    assert payload["invoice"]["submission"] == "IN_DOUBT"
    assert payload["invoice"]["cufe"] is None


async def test_a_mode_that_cannot_be_issued_is_refused_with_the_path_of_the_argument(api: Api) -> None:
    order_id = await an_order_id(api)
    payload = await api.run(GENERATE, {"orderId": order_id, "key": "k", "mode": DocumentMode.DGI_IMPORT.value})
    error = payload["generateInvoice"]["errors"][0]
    assert (error["code"], error["path"]) == ("mode_not_supported", ["mode"])


async def test_an_invoice_without_an_order_takes_ad_hoc_values_over_the_clients(api: Api) -> None:
    invoice = {
        "lines": [{"description": "Servicio", "quantity": "1", "unitPrice": "100.00", "itbms": "GENERAL_7"}],
        "clientId": api.shop.client.client_id,
        "receiver": {"name": "Constructora Añil, sucursal Colón"},
        "externalId": "POS-77",
    }
    payload = (await api.run(CREATE_INVOICE, {"input": invoice, "key": "sale-9"}))["createInvoice"]
    assert payload["errors"] == []
    assert payload["invoice"]["totals"]["total"] == "107.00"
    assert payload["invoice"]["receiver"]["name"] == "Constructora Añil, sucursal Colón"
    assert payload["invoice"]["receiver"]["ruc"] == api.shop.client.ruc


async def test_a_refused_draft_tells_every_finding_with_its_path_and_rule(api: Api) -> None:
    invoice = {
        "lines": [
            {"description": "", "quantity": "0", "unitPrice": "1.00"},
            {"description": "Segundo", "quantity": "0", "unitPrice": "1.00"},
        ]
    }
    errors = (await api.run(CREATE_INVOICE, {"input": invoice, "key": "k"}))["createInvoice"]["errors"]
    paths = [tuple(error["path"]) for error in errors if error["severity"] == "ERROR"]
    assert ("input", "lines", "0", "quantity") in paths
    assert ("input", "lines", "1", "quantity") in paths
    assert all(error["hint"] for error in errors)


async def test_an_empty_order_is_refused_with_its_path(api: Api) -> None:
    error = (await api.run(CREATE_ORDER, {"input": {"lines": []}}))["createOrder"]["errors"][0]
    assert (error["code"], error["path"]) == ("empty_order", ["input", "lines"])


async def test_errors_speak_the_callers_language(api: Api) -> None:
    payload = await api.run(
        CREATE_ORDER, {"input": {"lines": []}}, headers={"Accept-Language": "es-PA,es;q=0.9,en;q=0.5"}
    )
    assert payload["createOrder"]["errors"][0]["message"] == "El pedido no tiene líneas."


async def test_attach_pac_pdf_says_not_ready_and_then_stored(api: Api) -> None:
    attach = """
    mutation($id: ID!) { attachPacPdf(sourceId: $id, sourceType: INVOICE) {
      outcome reason invoice { attachments { kind fileName size downloadUrl expiresAt isProvisional } } errors { code }
    } }
    """
    order_id = await an_order_id(api)
    queued = (await api.run(GENERATE, {"orderId": order_id, "key": "s", "wait": 0}))["generateInvoice"]["invoice"]
    early = (await api.run(attach, {"id": queued["id"]}))["attachPacPdf"]
    assert (early["outcome"], early["errors"]) == ("NOT_READY", [])
    assert "QUEUED" in early["reason"]
    await api.world.queue.drain(api.world.run_due_work.handle)
    api.world.wait(minutes=5)
    late = (await api.run(attach, {"id": queued["id"]}))["attachPacPdf"]
    assert late["outcome"] in ("STORED", "HELD")
    pdf = next(file for file in late["invoice"]["attachments"] if file["kind"] == "PDF")
    assert pdf["downloadUrl"].startswith("https://istmo.example/files/")
    assert pdf["size"] > 0


async def test_attach_pac_pdf_does_not_find_an_invoice_as_a_credit_note(api: Api) -> None:
    order_id = await an_order_id(api)
    invoice = (await api.run(GENERATE, {"orderId": order_id, "key": "s"}))["generateInvoice"]["invoice"]
    payload = await api.run(
        "mutation($id: ID!) { attachPacPdf(sourceId: $id, sourceType: CREDIT) { outcome errors { code path } } }",
        {"id": invoice["id"]},
    )
    assert payload["attachPacPdf"] == {
        "outcome": None,
        "errors": [{"code": "document_not_found", "path": ["sourceType"]}],
    }


async def test_offices_and_clients_are_created_and_listed(api: Api) -> None:
    office = {
        "code": "0002",
        "address": "Vía España",
        "coordinates": "+8.9892,-79.5201",
        "locationCode": "8-8-7",
        "telephone": "200-0102",
    }
    created = await api.run(
        """mutation($input: CreateOfficeInput!) { createOffice(input: $input) {
             office { id code billingPoints } errors { code message } } }""",
        {"input": office},
    )
    assert created["createOffice"]["errors"] == []
    assert created["createOffice"]["office"]["billingPoints"] == ["002"]
    client = {"name": "Panadería Sol", "receiverType": "FINAL_CONSUMER", "emails": ["sol@example.com"]}
    kept = await api.run(
        """mutation($input: CreateClientInput!) { createClient(input: $input) {
             client { id name receiverType emails } errors { code path } } }""",
        {"input": client},
    )
    assert kept["createClient"]["client"]["emails"] == ["sol@example.com"]
    listed = await api.run(
        "{ offices { code } clients(first: 1) { edges { node { name } } pageInfo { hasNextPage } } }"
    )
    assert [office["code"] for office in listed["offices"]] == ["0000", "0002"]
    assert listed["clients"] == {
        "edges": [{"node": {"name": "Panadería Sol"}}],
        "pageInfo": {"hasNextPage": True},
    }
