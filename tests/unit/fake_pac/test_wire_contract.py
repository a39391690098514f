"""The fake against the wire contract: what it says fits the schemas, and it is never laxer than they are."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.alanube.fake.behaviour import ErrorStyle, RejectionRoute
from tests.unit.fake_pac.pac_at_hand import (
    PacAtHand,
    Payload,
    by_cufe,
    by_id,
    changed,
    consumer_invoice,
    credit_note,
    debit_note,
    export_invoice,
    government_invoice,
    invoice,
)
from tests.unit.fake_pac.wire_schemas import schema

INVOICES = [invoice(), consumer_invoice(), government_invoice(), export_invoice()]
_ODD_VALUES = st.sampled_from([None, "", "x", 0, -1, 7, 1.5, True, [], {}, "0000000000", "000", [None], {"a": 1}])


def paths_into(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of a payload."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [here] * bool(here) + [path for key, each in inner for path in paths_into(each, (*here, key))]


@pytest.mark.parametrize("valid", INVOICES)
def test_our_valid_payloads_are_valid_by_the_contract_too(valid: Payload) -> None:
    schema("invoices").validate(valid)


@given(data=st.data())
def test_refuses_everything_that_the_schema_refuses(data: st.DataObject) -> None:
    payload = copy.deepcopy(data.draw(st.sampled_from(INVOICES)))
    *parents, last = data.draw(st.sampled_from(paths_into(payload)))
    holder: Any = payload
    for key in parents:
        holder = holder[key]
    if data.draw(st.booleans()):
        del holder[last]
    else:
        holder[last] = data.draw(_ODD_VALUES)

    answer = PacAtHand().call("POST", "/invoices", payload)

    assert answer.status in (200, 400)
    if not schema("invoices").is_valid(payload):
        assert answer.status == 400
        schema("errorsArray").validate(json.loads(answer.body or b""))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_json_at_all_gets_a_400_and_never_an_exception(value: object) -> None:
    assert PacAtHand().call("POST", "/invoices", value).status == 400


@pytest.mark.parametrize("valid", INVOICES)
def test_answers_to_documents_fit_the_schema(pac: PacAtHand, valid: Payload) -> None:
    posted = pac.call("POST", "/invoices", valid)
    schema("post").validate(json.loads(posted.body or b""))
    document_id = posted.json()["document"]["id"]
    for _ in range(2):
        read = pac.call("GET", f"/invoices/{document_id}", documents="pdf")
        schema("get").validate(json.loads(read.body or b""))
        pac.wait(seconds=5)


def test_answers_to_notes_fit_the_schema(pac: PacAtHand) -> None:
    original = pac.authorised()
    notes = (
        ("credit-notes", credit_note(by_cufe(original))),
        ("debit-notes", debit_note(by_id(original))),
    )
    for resource, note in notes:
        schema(resource).validate(note)
        answer = pac.call("POST", f"/{resource}", note)
        assert answer.status == 200, answer.body
        schema("post").validate(json.loads(answer.body or b""))


def test_a_rejected_document_fits_the_schema() -> None:
    pac = PacAtHand(rejection_route=RejectionRoute.REJECTED_DOCUMENT)

    answer = pac.call("POST", "/invoices", changed(invoice(), lambda it: it["information"].update(destination=2)))

    schema("post").validate(json.loads(answer.body or b""))
    assert answer.json()["document"]["legalStatus"] == "PAC_REJECTED"


def test_both_error_styles_fit_their_schemas(pac: PacAtHand) -> None:
    broken = changed(invoice(), lambda it: it["receiver"]["ruc"].pop("type"))
    errors = pac.call("POST", "/invoices", broken)
    schema("errorsArray").validate(json.loads(errors.body or b""))

    pac.engine.behave(error_style=ErrorStyle.MESSAGE_ARRAY)

    messages = pac.call("POST", "/invoices", broken)
    schema("messageArray").validate(json.loads(messages.body or b""))
    assert 'instance.receiver.ruc requires property "type"' in messages.json()["message"]


def test_payment_methods_belong_inside_totals(pac: PacAtHand) -> None:
    outside = invoice()
    outside["paymentMethods"] = outside["totals"].pop("paymentMethods")

    answer = pac.call("POST", "/invoices", outside)

    assert answer.status == 400
    assert answer.json()["errors"][0]["message"] == 'instance.totals requires property "paymentMethods"'


def test_the_cufe_is_the_published_one_for_the_published_example(pac: PacAtHand) -> None:
    document = pac.issue()

    assert document.cufe == "FE0120000155777777-2-2021-0500012026030400000004510010124839201753"


def test_the_export_group_is_taken_in_either_place(pac: PacAtHand) -> None:
    inside = export_invoice(461)
    inside["receiver"]["exportation"] = inside.pop("exportation")

    assert pac.issue(export_invoice(460)).legal_status == "PAC_AUTHORIZED"
    assert pac.issue(inside).legal_status == "PAC_AUTHORIZED"
