"""Each rule of the DGI and of the contract that the fake refuses, with its code, by one change to a valid payload."""

import json
from typing import Any

import pytest

from tests.unit.fake_pac.pac_at_hand import (
    Change,
    PacAtHand,
    Payload,
    changed,
    codes_of,
    consumer_invoice,
    export_invoice,
    government_invoice,
    invoice,
)


def information(**values: Any) -> Change:
    return lambda payload: payload["information"].update(values)


def receiver(**values: Any) -> Change:
    return lambda payload: payload["receiver"].update(values)


def item(**values: Any) -> Change:
    return lambda payload: payload["items"][0].update(values)


def totals(**values: Any) -> Change:
    return lambda payload: payload["totals"].update(values)


def without(group: str, name: str) -> Change:
    return lambda payload: payload[group].pop(name)


def several(*changes: Change) -> Change:
    return lambda payload: [change(payload) for change in changes]


HEADER: list[tuple[str, Payload, Change]] = [
    ("1512", invoice(), information(numeration="0000000000")),
    ("1512", invoice(), information(numeration="451")),
    ("1515", invoice(), information(billingPoint="000")),
    ("1515", invoice(), information(billingPoint="1")),
    ("1517", invoice(), information(securityCode="000000000")),
    ("1517", invoice(), information(securityCode="12345678a")),
    ("1503", invoice(), information(issueType="05")),
    ("1505", invoice(), information(issueType="03")),
    ("1506", invoice(), information(issueType="02", contingencyReason="Sin servicio de internet")),
    ("1509", invoice(), information(issueType="02", contingencyStart="2026-03-04T08:00:00-05:00")),
    (
        "1507",
        invoice(),
        information(
            issueType="02",
            contingencyStart="2026-03-04T11:00:00-05:00",
            contingencyReason="Sin servicio de internet",
        ),
    ),
    ("1510", invoice(), information(documentType="04")),
    ("1520", invoice(), information(issueDate="2026-03-09T10:15:00-05:00")),
    ("AP10078", invoice(), information(issueDate="2026-02-30T10:15:00-05:00")),
    ("AP10078", invoice(), information(issueDate="2026-03-04 10:15:00")),
    ("1524", invoice(), information(nature="21")),
    ("1525", invoice(), information(operationType=2)),
    ("1527", invoice(), information(cafe={"format": 4, "delivery": 3})),
    ("1528", invoice(), information(cafe={"format": 3, "delivery": 0})),
    ("1529", invoice(), information(receiverContainer=3)),
    ("1531", invoice(), information(saleType=9)),
    ("1534", invoice(), information(destination=2)),
    ("1533", export_invoice(), information(destination=1)),
    ("1650", export_invoice(), lambda payload: payload.pop("exportation")),
    ("1650", export_invoice(), lambda payload: payload["exportation"].update(currency="EUR")),
    ("1651", invoice(), lambda payload: payload.update(exportation={"incoterm": "FOB"})),
    ("AP10100", invoice(), lambda payload: payload.update(idOffice="not-a-ulid")),
    ("AP10130", invoice(), lambda payload: payload.update(idOffice="01J9ZK4T7Q8R2M5N6P7S8T9V00")),
]

RECEIVER: list[tuple[str, Payload, Change]] = [
    ("1600", invoice(), receiver(type="05")),
    ("1601", invoice(), receiver(ruc={"type": 2, "ruc": "no es un RUC"})),
    ("1601", invoice(), without("receiver", "ruc")),
    ("AP10067", invoice(), receiver(ruc={"ruc": "155000001-2-2020"})),
    ("1605", invoice(), without("receiver", "name")),
    ("AP10067", invoice(), without("receiver", "address")),
    ("AP10067", invoice(), without("receiver", "location")),
    ("1611", invoice(), receiver(country="CR")),
    ("1611", export_invoice(), receiver(country="PA")),
    (
        "1612",
        export_invoice(),
        receiver(country="ZZ", foreign={"number": "1", "country": "Ruán"}),
    ),
    ("1618", export_invoice(), receiver(foreign={"number": "CR-1"})),
    ("1618", export_invoice(), without("receiver", "foreign")),
    ("1619", export_invoice(), receiver(ruc={"type": 1, "ruc": "8-123-456"})),
    ("1620", export_invoice(), receiver(type="02")),
    (
        "1623",
        export_invoice(),
        several(information(documentType="10", nature="04"), receiver(type="02")),
    ),
    ("1621", consumer_invoice(), receiver(ruc={"type": 2, "ruc": "155000001-2-2020"})),
    ("AP10067", government_invoice(), lambda payload: payload["items"][0].pop("cpbs")),
    ("AP10078", government_invoice(), item(cpbs={"code": "721"})),
    ("AP10120", government_invoice(), item(cpbs={"code": 721})),
    ("AP10078", invoice(), receiver(telephones=["2000101"])),
    ("AP10069", invoice(), receiver(emails=["a@b.c"] * 4)),
]

AMOUNTS: list[tuple[str, Payload, Change]] = [
    ("2000", invoice(), lambda payload: payload.update(items=[])),
    ("2000", invoice(), lambda payload: payload.pop("items")),
    ("2001", invoice(), item(number="0002")),
    ("2001", invoice(), item(number="0000")),
    ("2051", invoice(), item(prices={"transfer": 1, "discount": 2})),
    ("2052", invoice(), item(prices={"transfer": 0, "discount": 1})),
    ("2150", invoice(), item(itbms={"rate": "04"})),
    ("2152", invoice(), item(itbms={"rate": "01", "amount": 7.0})),
    (
        "2505",
        invoice(),
        several(item(prices={"transfer": 40, "transport": 5}), totals(transport=5)),
    ),
    (
        "2506",
        invoice(),
        several(item(prices={"transfer": 40, "insurance": 5}), totals(insurance=5)),
    ),
    ("2507", invoice(), totals(discounts=[{"description": "Todo y más", "amount": 200}])),
    ("2510", invoice(), totals(paymentMethods=[{"type": "02", "amount": 150.36}])),
    ("2510", invoice(), totals(paymentMethods=[{"type": "02", "amount": 160}])),
    ("2512", invoice(), totals(paymentTime=4)),
    (
        "2512",
        invoice(),
        totals(installmentPayment=[{"dueDate": "2026-04-03T12:00:00-05:00", "amount": 1}]),
    ),
    ("2512", government_invoice(), without("totals", "installmentPayment")),
    (
        "2054",
        invoice(),
        several(item(prices={"transfer": 40, "transport": 5}), totals(transport=5)),
    ),
    (
        "2055",
        invoice(),
        several(item(prices={"transfer": 40, "insurance": 5}), totals(insurance=5)),
    ),
    ("2600", invoice(), totals(paymentMethods=[{"type": "11", "amount": 150.38}])),
    ("2601", invoice(), totals(paymentMethods=[{"type": "99", "amount": 150.38, "otherType": "Canje"}])),
    ("2602", invoice(), totals(paymentMethods=[{"type": "02", "amount": 150.38, "otherType": "Efectivo"}])),
    ("AP10121", government_invoice(), totals(retention={"code": "5", "amount": 35})),
    ("AP10121", government_invoice(), totals(retention={"code": "2", "amount": 70})),
    ("AP10121", government_invoice(), totals(retention={"code": 8, "amount": 71})),
    ("AP10122", invoice(), item(isc={"rate": "mucho"})),
    ("AP10067", invoice(), without("totals", "paymentMethods")),
    ("AP10068", invoice(), item(quantity="3")),
    ("AP10068", invoice(), item(quantity=True)),
    ("AP10070", invoice(), item(quantity=0)),
    ("AP10070", invoice(), item(prices={"transfer": -1})),
    ("AP10070", invoice(), item(quantity=10**9)),
    ("AP10078", invoice(), item(quantity=1.0000001)),
    ("AP10078", invoice(), totals(paymentMethods=[{"type": "08", "amount": 150.375}])),
]


@pytest.mark.parametrize(("code", "valid", "change"), HEADER + RECEIVER + AMOUNTS)
def test_refuses_one_broken_rule_with_its_code(pac: PacAtHand, code: str, valid: Payload, change: Change) -> None:
    answer = pac.call("POST", "/invoices", changed(valid, change))

    assert answer.status == 400
    assert code in codes_of(answer)
    assert not pac.engine.documents


@pytest.mark.parametrize("valid", [invoice(), consumer_invoice(), government_invoice(), export_invoice()])
def test_accepts_what_breaks_no_rule(pac: PacAtHand, valid: Payload) -> None:
    assert pac.issue(valid).legal_status == "PAC_AUTHORIZED"


def test_refuses_a_receiver_that_the_registry_does_not_know(pac: PacAtHand) -> None:
    pac.engine.behave(strict_registry=True)

    assert codes_of(pac.call("POST", "/invoices", invoice())) == {"1602"}

    pac.engine.registry.register("155000001-2-2020", 2, "CONTRIBUYENTE")
    assert pac.issue(invoice()).legal_status == "PAC_AUTHORIZED"


def test_refuses_a_receiver_that_was_struck_off_the_registry(pac: PacAtHand) -> None:
    pac.engine.registry.forget("155000001-2-2020")

    assert codes_of(pac.call("POST", "/invoices", invoice())) == {"1602"}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("1519", information(issueDate="2026-01-20T10:00:00-05:00")),
        ("1535", information(issueDate="2026-03-05T23:00:00-05:00")),
        (
            "2515",
            several(
                item(prices={"transfer": 10_000}, quantity=1, itbms={"rate": "01"}),
                totals(paymentMethods=[{"type": "02", "amount": 10_700}]),
            ),
        ),
        (
            "2050",
            several(
                item(prices={"transfer": 100_000.01}, quantity=1, itbms={"rate": "00"}),
                totals(paymentMethods=[{"type": "02", "amount": 100_000.01}]),
            ),
        ),
    ],
)
def test_notifications_come_with_the_authorisation_and_refuse_nothing(
    pac: PacAtHand, code: str, change: Change
) -> None:
    document = pac.authorised(changed(consumer_invoice(), change))

    told = {entry["code"] for entry in pac.read(document)["governmentResponse"]}
    assert {"0260", code} <= told


def test_instalments_that_miss_the_total_are_told_and_refuse_nothing(pac: PacAtHand) -> None:
    short = totals(installmentPayment=[{"dueDate": "2026-04-03T12:00:00-05:00", "amount": 1000}])
    document = pac.authorised(changed(government_invoice(), short))

    assert "2512" in {entry["code"] for entry in pac.read(document)["governmentResponse"]}


def test_a_missing_address_is_a_notification_when_the_setting_says_so() -> None:
    pac = PacAtHand(address_required=False)

    document = pac.authorised(changed(invoice(), without("receiver", "address")))

    assert "1606" in {entry["code"] for entry in pac.read(document)["governmentResponse"]}


def test_a_rule_that_only_the_dgi_notices_rejects_later() -> None:
    pac = PacAtHand(strict_registry=True, late_rules=frozenset({"1602"}))
    document = pac.issue(invoice())

    pac.wait(seconds=10)

    read = pac.read(document)
    assert read["legalStatus"] == "DGI_REJECTED"
    assert read["governmentResponse"] == [
        {"code": "1602", "message": "RUC del receptor inexistente en el registro de la DGI"}
    ]


def test_unknown_fields_pass_unless_the_fields_are_closed(pac: PacAtHand) -> None:
    odd = changed(invoice(), receiver(colour="blue"))
    assert pac.issue(odd).legal_status == "PAC_AUTHORIZED"

    pac.engine.behave(closed_fields=True)

    assert codes_of(pac.call("POST", "/invoices", changed(odd, information(numeration="0000000999")))) == {"AP10071"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"information": NaN}', b'{"a":' * 5000, b'{"a":"\\ud800"}'],
)
def test_a_body_that_is_no_json_object_is_refused(pac: PacAtHand, body: bytes) -> None:
    assert pac.call("POST", "/invoices", body).status == 400


@pytest.mark.parametrize(
    "number", ["1e9999999999999999999", "1e999999", "1e-999999", "-0.0", "-0", "1" * 4000, "1" * 5000]
)
@pytest.mark.parametrize("place", ['"quantity": 3', '"transfer": 40.0', '"amount": 150.38'])
def test_a_number_beyond_reason_is_refused_wherever_it_stands(pac: PacAtHand, number: str, place: str) -> None:
    name = place.split(":", maxsplit=1)[0]
    body = json.dumps(invoice()).replace(place, f"{name}: {number}").encode()

    assert pac.call("POST", "/invoices", body).status == 400


def test_a_body_over_the_limit_is_refused() -> None:
    pac = PacAtHand(largest_body=100)

    assert pac.call("POST", "/invoices", invoice()).status == 413
