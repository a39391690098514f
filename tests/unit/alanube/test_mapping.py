"""What is posted, against golden payloads, the contract's own examples and a closed schema."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.alanube.mapping import encode
from adapters.alanube.settings import WireOptions
from adapters.alanube.wire import plain_number
from core.codes import ReceiverType, RucType
from core.documents import FiscalDocument
from core.failures import PacFieldUnconfirmedError
from core.money import MalformedAmountError
from tests.unit.alanube import scenarios
from tests.unit.alanube.document_strategies import documents

VECTORS = Path(__file__).parents[2] / "vectors" / "alanube"
NAMED = WireOptions(
    foreign_key="foreign",
    foreign_kind_key="kind",
    country_name_key="countryName",
    export_place="receiver",
    contingency_start_key="contingencyStart",
    contingency_reason_key="contingencyReason",
    oti_key="oti",
)
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((VECTORS / "document_schema.json").read_text(), parse_float=Decimal)
)


def exactly(text: str | bytes) -> Any:
    return json.loads(text, parse_float=Decimal)


def payload(document: FiscalDocument, options: WireOptions | None = None) -> Any:
    return exactly(encode(document, options or WireOptions()))


@pytest.mark.parametrize("name", [*scenarios.CONFIRMED, *scenarios.UNCONFIRMED])
def test_a_scenario_gives_its_golden_payload(name: str) -> None:
    document = (scenarios.CONFIRMED | scenarios.UNCONFIRMED)[name]()
    assert payload(document, NAMED) == exactly((VECTORS / "golden" / f"{name}.json").read_text())


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("normal", scenarios.normal),
        ("government", scenarios.government),
        ("final_consumer", scenarios.final_consumer),
        ("credit_note_by_cufe", scenarios.credit_note_by_cufe),
    ],
)
def test_the_examples_of_the_contract_come_out_of_drafts(name: str, make: Callable[[], FiscalDocument]) -> None:
    expected = exactly((VECTORS / "contract_examples.json").read_text())[name]
    for item in expected["items"]:
        if item["prices"].get("discount") == 0:
            del item["prices"]["discount"]  # a discount of nothing is left out
    assert payload(make()) == expected


@pytest.mark.parametrize("name", list(scenarios.CONFIRMED))
def test_the_closed_schema_accepts_every_confirmed_scenario(name: str) -> None:
    SCHEMA.validate(payload(scenarios.CONFIRMED[name]()))


@pytest.mark.parametrize("name", list(scenarios.CONFIRMED))
def test_the_schema_is_closed_in_every_object(name: str) -> None:
    whole = payload(scenarios.CONFIRMED[name]())
    objects = list(_objects(whole))
    assert len(objects) > 5
    for each in objects:
        each["unheardOf"] = 1
        assert not SCHEMA.is_valid(whole)
        del each["unheardOf"]
    assert SCHEMA.is_valid(whole)


def _objects(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


@pytest.mark.parametrize(
    ("make", "field", "setting", "path"),
    [
        (
            scenarios.export,
            "receiver.foreignIdentity",
            "ISTMO_PAC_WIRE_FOREIGN_KEY",
            ("receiver", "foreign_identity"),
        ),
        (
            scenarios.contingency,
            "contingency.startedAt",
            "ISTMO_PAC_WIRE_CONTINGENCY_START_KEY",
            ("contingency",),
        ),
    ],
)
def test_refuses_a_field_whose_name_nobody_confirmed(
    make: Callable[[], FiscalDocument], field: str, setting: str, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(PacFieldUnconfirmedError) as caught:
        encode(make(), WireOptions())
    assert caught.value.path == path
    assert caught.value.details == {"field": field, "setting": setting}
    assert setting in caught.value.hint.english


@pytest.mark.parametrize(
    ("missing", "make"),
    [
        ({"foreign_key": None}, scenarios.export),
        ({"export_place": None}, scenarios.export),
        ({"contingency_start_key": None}, scenarios.contingency),
        ({"contingency_reason_key": None}, scenarios.contingency),
        ({"oti_key": None}, scenarios.contingency),
    ],
)
def test_every_unconfirmed_field_needs_its_own_setting(
    missing: dict[str, None], make: Callable[[], FiscalDocument]
) -> None:
    with pytest.raises(PacFieldUnconfirmedError):
        encode(make(), replace(NAMED, **missing))


def test_an_export_can_stand_at_the_root() -> None:
    body = payload(scenarios.export(), replace(NAMED, export_place="root"))
    assert body["exportation"]["incoterm"] == "FOB"
    assert "exportation" not in body["receiver"]


def test_an_export_stands_nowhere_else() -> None:
    with pytest.raises(ValueError, match="export_place"):
        WireOptions(export_place="information")


def test_the_keys_of_retention_can_be_set() -> None:
    options = WireOptions(retention_code_key="codigo", retention_amount_key="monto")
    assert payload(scenarios.government(), options)["totals"]["retention"] == {"codigo": "2", "monto": 35}


def test_a_final_consumers_ruc_is_sent_only_when_it_is_natural_and_fits() -> None:
    def sent(ruc: str, ruc_type: RucType) -> Any:
        document = scenarios.final_consumer()
        receiver = replace(document.draft.receiver, ruc=ruc, ruc_type=ruc_type)
        return payload(replace(document, draft=replace(document.draft, receiver=receiver)))["receiver"].get("ruc")

    assert sent("8-1234-12345", RucType.NATURAL) == {"type": 1, "ruc": "8-1234-12345"}
    assert sent("155000001-2-2020", RucType.LEGAL) is None
    assert sent("not a number", RucType.NATURAL) is None


def test_a_ruc_is_sent_in_its_normalised_form() -> None:
    document = scenarios.normal()
    receiver = replace(document.draft.receiver, ruc=" 8av-1-196 ", ruc_type=RucType.NATURAL)
    body = payload(replace(document, draft=replace(document.draft, receiver=receiver)))
    assert body["receiver"]["ruc"] == {"type": 1, "ruc": "8-AV-1-196"}


def test_contacts_that_the_wire_cannot_carry_are_left_out() -> None:
    document = scenarios.normal()
    receiver = replace(
        document.draft.receiver,
        phones=("+507 300-0000", "300-0000", "6000-0000", "12-3456"),
        emails=(f"{'a' * 50}@example.com", "a@b.pa", "two words@b.pa"),
        address="x" * 120,
    )
    body = payload(replace(document, draft=replace(document.draft, receiver=receiver)))["receiver"]
    assert body["telephones"] == ["300-0000", "6000-0000"]
    assert body["emails"] == ["a@b.pa"]
    assert body["address"] == "x" * 100


@pytest.mark.parametrize(
    ("issued_at", "written"),
    [
        (datetime(2026, 3, 1, 4, 59, 59, 999_999, tzinfo=UTC), "2026-02-28T23:59:59-05:00"),
        (datetime(2024, 3, 1, 4, 59, 59, tzinfo=UTC), "2024-02-29T23:59:59-05:00"),
        (datetime(2027, 1, 1, 5, 0, tzinfo=UTC), "2027-01-01T00:00:00-05:00"),
    ],
)
def test_the_issue_date_is_panamas_and_never_z(issued_at: datetime, written: str) -> None:
    document = replace(scenarios.normal(), issued_at=issued_at)
    assert payload(document)["information"]["issueDate"] == written


@pytest.mark.parametrize(
    ("given_amount", "written"),
    [
        ("1E+2", "100"),
        ("100.00", "100"),
        ("0E-7", "0"),
        ("-0", "0"),
        ("0.000001", "0.000001"),
        ("123456789.123456", "123456789.123456"),
        ("99999999999.99", "99999999999.99"),
        ("2.50", "2.5"),
    ],
)
def test_an_amount_has_one_plain_form(given_amount: str, written: str) -> None:
    assert str(plain_number(Decimal(given_amount))) == written


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "sNaN", "0.0000001"])
def test_refuses_amounts_that_the_wire_has_no_place_for(amount: str) -> None:
    with pytest.raises(MalformedAmountError):
        plain_number(Decimal(amount))


@given(st.decimals(min_value=0, max_value=10**11, places=6))
def test_an_amount_keeps_its_value_and_never_has_an_exponent(amount: Decimal) -> None:
    plain = plain_number(amount)
    assert plain == amount
    assert re.fullmatch(r"[0-9]+(\.[0-9]*[1-9])?", str(plain))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(documents())
def test_every_document_fits_the_closed_schema_and_agrees_with_its_totals(document: FiscalDocument) -> None:
    body = encode(document, WireOptions())
    assert body == encode(document, WireOptions())
    sent = exactly(body)
    SCHEMA.validate(sent)
    paid = sum((method["amount"] for method in sent["totals"]["paymentMethods"]), start=Decimal(0))
    assert paid == document.totals.received
    for item, line in zip(sent["items"], document.totals.lines, strict=True):
        assert item["prices"]["transfer"] == line.unit_price


def test_a_taxpayers_receiver_type_is_the_dgis_code() -> None:
    assert payload(scenarios.government())["receiver"]["type"] == ReceiverType.GOVERNMENT.value
