"""What an operator sees of documents that are stuck, and what it may decide, over HTTP."""

from typing import Any

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.graphql.schema_building import build_schema
from core.events import EventKind
from core.tenants import DoubtPolicy, Role
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, GENERATE, Api
from tests.world import tenant_of

DIAGNOSIS = """
query($id: ID!) { invoice(id: $id) { submission resends settlesAt hintedIds refutedIds
  diagnosis { cause nextAction nextActionAt actions isOverdue } } }
"""
ADOPT = """
mutation($id: ID!, $pac: ID!) { adoptPacDocument(documentId: $id, pacDocumentId: $pac) {
  invoice { submission cufe expectedCufe } errors { code message path severity } } }
"""
CONFIRM = """
mutation($id: ID!, $note: String!) { confirmAtDgi(documentId: $id, note: $note) {
  invoice { submission cufe expectedCufe } errors { code path } } }
"""
GIVE_UP = """
mutation($id: ID!, $reason: String!) { giveUpDocument(documentId: $id, reason: $reason) {
  invoice { submission refusal { codes messages } } errors { code path } } }
"""
CIRCUIT = "{ circuit { state reason openedAt nextProbeAt } }"


async def an_invoice(api: Api, key: str, *faults: FaultKind) -> dict[str, Any]:
    rules = tuple(FaultRule(kind=kind, nth=frozenset({1})) for kind in faults)
    api.world.engine.set_faults(FaultPlan(rules=rules))
    created = await api.run(CREATE_ORDER, {"input": AN_ORDER})
    issued = await api.run(GENERATE, {"orderId": created["createOrder"]["order"]["id"], "key": key})
    invoice: dict[str, Any] = issued["generateInvoice"]["invoice"]
    return invoice


async def a_doubtful_invoice(api: Api, fault: FaultKind = FaultKind.DROP_AFTER_ACCEPT) -> dict[str, Any]:
    api.world.engine.switch_webhooks(api.shop.tenant.pac_company_id or "", enabled=False)
    invoice = await an_invoice(api, "lost", fault)
    assert invoice["submission"] == "IN_DOUBT"
    return invoice


def id_at_the_pac(api: Api) -> str:
    return api.world.engine.documents[0].id


def let_it_settle(api: Api) -> None:
    api.world.wait(seconds=api.world.schedules.lease + api.world.schedules.settling + 1)


async def test_a_lost_answer_is_diagnosed_in_both_languages(api: Api) -> None:
    invoice = await a_doubtful_invoice(api)
    shown = (await api.run(DIAGNOSIS, {"id": invoice["id"]}))["invoice"]
    assert (shown["resends"], shown["hintedIds"], shown["refutedIds"]) == (0, [], [])
    assert shown["settlesAt"] is not None
    diagnosis = shown["diagnosis"]
    assert "answer was lost" in diagnosis["cause"]
    assert diagnosis["actions"] == ["ADOPT_ID", "CONFIRM_AT_DGI", "GIVE_UP"]
    assert diagnosis["isOverdue"] is False
    assert diagnosis["nextActionAt"] is not None
    spanish = await api.run(DIAGNOSIS, {"id": invoice["id"]}, headers={"Accept-Language": "es"})
    assert "Se perdió la respuesta" in spanish["invoice"]["diagnosis"]["cause"]
    assert spanish["invoice"]["diagnosis"]["nextAction"].startswith("Se ")


async def test_a_finished_document_has_nothing_to_wait_for(api: Api) -> None:
    invoice = await an_invoice(api, "sale-1")
    await api.world.sweep(times=12, every_seconds=60)
    diagnosis = (await api.run(DIAGNOSIS, {"id": invoice["id"]}))["invoice"]["diagnosis"]
    assert diagnosis["cause"] == "Authorised by the DGI."
    assert (diagnosis["nextActionAt"], diagnosis["actions"]) == (None, [])


async def test_an_operator_adopts_the_id_that_the_pac_shows_the_cufe_under(api: Api) -> None:
    invoice = await a_doubtful_invoice(api)
    payload = (await api.run(ADOPT, {"id": invoice["id"], "pac": id_at_the_pac(api)}))["adoptPacDocument"]
    assert payload["errors"] == []
    assert payload["invoice"]["submission"] == "ACCEPTED"
    assert payload["invoice"]["cufe"] == payload["invoice"]["expectedCufe"]
    events = await api.world.stores.journal.events(tenant_of(api.shop), invoice["id"])
    evidence = next(each.event for each in events if each.event.kind is EventKind.EVIDENCE)
    assert evidence.actor.startswith("operator:")


async def test_an_id_of_another_document_is_refused_with_the_difference_and_remembered(api: Api) -> None:
    other = await an_invoice(api, "other")
    pac_id = (await api.world.stores.documents.get(tenant_of(api.shop), other["id"])).pac_document_id
    invoice = await a_doubtful_invoice(api)
    payload = (await api.run(ADOPT, {"id": invoice["id"], "pac": pac_id}))["adoptPacDocument"]
    assert payload["invoice"] is None
    assert payload["errors"][0]["code"] == "adoption_refused"
    assert invoice["expectedCufe"] in payload["errors"][0]["message"]
    shown = (await api.run(DIAGNOSIS, {"id": invoice["id"]}))["invoice"]
    assert (shown["submission"], shown["refutedIds"]) == ("IN_DOUBT", [pac_id])


@pytest.mark.parametrize("pac_id", ["", "..", "a/b", "x" * 101, "ñ", "a b", "?x=1"])
async def test_what_is_no_id_of_the_pac_never_reaches_it(api: Api, pac_id: str) -> None:
    invoice = await a_doubtful_invoice(api)
    before = len(api.world.engine.exchanges)
    error = (await api.run(ADOPT, {"id": invoice["id"], "pac": pac_id}))["adoptPacDocument"]["errors"][0]
    assert (error["code"], error["path"]) == ("malformed_input", ["pacDocumentId"])
    assert len(api.world.engine.exchanges) == before


async def test_an_operator_confirms_what_the_dgis_page_shows(api: Api) -> None:
    invoice = await a_doubtful_invoice(api)
    short = (await api.run(CONFIRM, {"id": invoice["id"], "note": "sí"}))["confirmAtDgi"]
    assert short == {"invoice": None, "errors": [{"code": "malformed_input", "path": ["note"]}]}
    payload = (await api.run(CONFIRM, {"id": invoice["id"], "note": "Visto por Ana el 24/11"}))["confirmAtDgi"]
    assert payload["errors"] == []
    assert payload["invoice"] == {
        "submission": "ISSUED_ID_UNKNOWN",
        "cufe": invoice["expectedCufe"],
        "expectedCufe": invoice["expectedCufe"],
    }
    diagnosis = (await api.run(DIAGNOSIS, {"id": invoice["id"]}))["invoice"]["diagnosis"]
    assert diagnosis["actions"] == ["ADOPT_ID"]


async def test_an_operator_gives_up_only_when_late_answers_are_over(api: Api) -> None:
    invoice = await a_doubtful_invoice(api, FaultKind.ERROR_503_BEFORE)
    variables = {"id": invoice["id"], "reason": "No está en el PAC"}
    early = (await api.run(GIVE_UP, variables))["giveUpDocument"]
    assert (early["invoice"], early["errors"][0]["code"]) == (None, "decision_refused")
    let_it_settle(api)
    payload = (await api.run(GIVE_UP, variables))["giveUpDocument"]
    assert payload["errors"] == []
    assert payload["invoice"]["submission"] == "REFUSED"
    assert payload["invoice"]["refusal"]["messages"] == ["No está en el PAC"]


async def test_a_document_that_is_not_stuck_cannot_be_decided(api: Api) -> None:
    invoice = await an_invoice(api, "sale-1")
    for query, variables in (
        (ADOPT, {"pac": "01ANOTHERID"}),
        (CONFIRM, {"note": "Visto por Ana"}),
        (GIVE_UP, {"reason": "No está en el PAC"}),
    ):
        (payload,) = (await api.run(query, variables | {"id": invoice["id"]})).values()
        assert payload["invoice"] is None
        assert payload["errors"][0]["code"] == "decision_refused"


async def test_the_policy_of_doubt_is_set_and_shown(api: Api) -> None:
    query = """mutation($policy: DoubtPolicy!) { setDoubtPolicy(policy: $policy) {
      tenant { doubtPolicy } errors { code } } }"""
    for policy in ("RESEND", "PARK"):
        payload = (await api.run(query, {"policy": policy}))["setDoubtPolicy"]
        assert payload == {"tenant": {"doubtPolicy": policy}, "errors": []}
        stored = await api.world.stores.tenants.get(tenant_of(api.shop))
        assert stored.doubt_policy is DoubtPolicy[policy]
    assert (await api.run("{ viewer { tenant { doubtPolicy } } }"))["viewer"]["tenant"]["doubtPolicy"] == "PARK"


async def test_the_circuit_tells_why_documents_wait_and_when_one_tries(api: Api) -> None:
    closed = {"state": "CLOSED", "reason": None, "openedAt": None, "nextProbeAt": None}
    assert (await api.run(CIRCUIT))["circuit"] == closed
    invoice = await an_invoice(api, "sale-1", FaultKind.UNAUTHORIZED_401)
    circuit = (await api.run(CIRCUIT))["circuit"]
    assert circuit["state"] == "OPEN"
    assert "credentials" in circuit["reason"]
    assert circuit["openedAt"] < circuit["nextProbeAt"]
    diagnosis = (await api.run(DIAGNOSIS, {"id": invoice["id"]}))["invoice"]["diagnosis"]
    assert diagnosis["actions"] == ["MEND_CREDENTIALS"]
    assert diagnosis["nextActionAt"] == circuit["nextProbeAt"]


async def test_a_viewer_may_not_see_the_circuit_but_may_see_a_diagnosis(api: Api) -> None:
    invoice = await an_invoice(api, "sale-1")
    key = await api.new_key(Role.VIEWER)
    answer = (await api.post(CIRCUIT, key=key)).json()
    assert (answer["data"], answer["errors"][0]["extensions"]["code"]) == ({"circuit": None}, "not_allowed")
    assert (await api.run(DIAGNOSIS, {"id": invoice["id"]}, key=key))["invoice"]["diagnosis"]["cause"]


async def test_a_page_of_diagnoses_reads_the_circuit_once(api: Api) -> None:
    for place in range(3):
        await an_invoice(api, f"sale-{place}")
    reads = 0
    circuits = api.operations_in_use.diagnose._circuits
    read = circuits.circuit_of

    async def counted(tenant_id: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(tenant_id)

    circuits.circuit_of = counted  # type: ignore[method-assign]
    data = await api.run("{ invoices { edges { node { diagnosis { cause } } } } }")
    assert len(data["invoices"]["edges"]) == 3
    assert reads == 1


async def test_the_overdue_are_found_and_the_others_too(api: Api) -> None:
    query = "query($o: Boolean) { invoices(filter: {overdue: $o}) { edges { node { id diagnosis { isOverdue } } } } }"

    async def shown(overdue: bool | None) -> dict[str, bool]:
        edges = (await api.run(query, {"o": overdue}))["invoices"]["edges"]
        return {edge["node"]["id"]: edge["node"]["diagnosis"]["isOverdue"] for edge in edges}

    stuck = (await a_doubtful_invoice(api))["id"]
    done = (await an_invoice(api, "done"))["id"]
    await api.world.sweep(times=12, every_seconds=60)
    assert await shown(True) == {}
    api.world.wait(hours=25)
    await api.world.sweep(times=3)
    fresh = (await an_invoice(api, "fresh"))["id"]
    assert await shown(True) == {stuck: True}
    assert await shown(False) == {fresh: False, done: False}
    assert set(await shown(None)) == {stuck, done, fresh}


def test_the_schema_describes_every_root_field() -> None:
    schema = build_schema()
    for root in (schema.query_type, schema.mutation_type):
        assert root is not None
        assert [name for name, field in root.fields.items() if not field.description] == []
