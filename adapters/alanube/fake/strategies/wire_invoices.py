"""Bodies of ``POST /invoices`` that the fake accepts, in the wire's own names; for clients that have no drafts."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from adapters.alanube.fake.amounts import document_amounts
from adapters.alanube.fake.strategies.taxpayers import rucs, state_bodies
from adapters.alanube.fake.wire import JsonObject

WORDS = st.text("abcdefghijklmnñopqrstuvwxyzáéíóú ABC0123456789&<\"'", min_size=2, max_size=40)
NAMES = WORDS.filter(lambda text: len(text.strip()) >= 2)
CONTACTS = {"telephones": ["200-0101"], "emails": ["compras@example.com"]}


@st.composite
def wire_invoices(draw: st.DrawFn, numbers: st.SearchStrategy[int] | None = None) -> JsonObject:
    """An invoice of up to five lines to a consumer, a taxpayer or the State, paid at once in full.

    Amounts are Decimal; write them with ``adapters.alanube.fake.wire.write_json``. Without ``issueDate``: the PAC's
    own time counts. ``numbers`` draws the document's number.
    """
    kind = draw(st.sampled_from(["01", "02", "03"]))
    number = draw(numbers or st.integers(1, 9_999_999_999))
    payload: JsonObject = {
        "information": {
            "issueType": "01",
            "documentType": "01",
            "numeration": f"{number:010d}",
            "billingPoint": f"{draw(st.integers(1, 999)):03d}",
            "securityCode": f"{draw(st.integers(1, 999_999_999)):09d}",
            "cafe": draw(st.sampled_from([{"format": 1, "delivery": 1}, {"format": 3, "delivery": 3}])),
            "nature": "01",
            "operationType": 1,
            "destination": 1,
            "receiverContainer": draw(st.sampled_from([1, 2])),
        },
        "receiver": draw(_receivers(kind)),
        "items": draw(st.lists(_lines(needs_cpbs=kind == "03"), min_size=1, max_size=5)),
        "totals": {"paymentTime": 1, "paymentMethods": [{"type": "02", "amount": Decimal(0)}]},
    }
    for place, line in enumerate(payload["items"], start=1):
        line["number"] = f"{place:04d}"
    payload["totals"]["paymentMethods"][0]["amount"] = document_amounts(payload).total
    return payload


@st.composite
def _receivers(draw: st.DrawFn, kind: str) -> JsonObject:
    if kind == "02":
        return {"type": kind, "name": "CONSUMIDOR FINAL", "country": "PA"}
    ruc = draw(state_bodies() if kind == "03" else rucs())
    return {
        "type": kind,
        "ruc": {"type": int(ruc.ruc_type), "ruc": ruc.text},
        "name": draw(NAMES),
        "address": draw(NAMES),
        "location": {"code": draw(st.sampled_from(["8-8-7", "13-1-1", "4-6-2"]))},
        "country": "PA",
        **CONTACTS,
    }


@st.composite
def _lines(draw: st.DrawFn, *, needs_cpbs: bool) -> JsonObject:
    price = Decimal(draw(st.integers(1, 999_999))).scaleb(-2)
    line: dict[str, Any] = {
        "number": "",
        "description": draw(NAMES),
        "quantity": draw(st.one_of(st.integers(1, 99).map(Decimal), st.integers(1, 9_999).map(_thousandths))),
        "prices": {"transfer": price},
        "itbms": {"rate": draw(st.sampled_from(["00", "01", "02", "03"]))},
    }
    if draw(st.booleans()):
        line["prices"]["discount"] = (price * draw(st.integers(0, 100)) / 100).quantize(Decimal("0.000001"))
    if needs_cpbs:
        line["cpbs"] = {"code": draw(st.sampled_from(["7210", "50", "4321"])), "unit": "und"}
    return line


def _thousandths(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-3)
