"""The pieces of sound drafts: texts, receivers, lines."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from adapters.alanube.fake.strategies.taxpayers import legal_rucs, natural_rucs, rucs, state_bodies
from core.codes import ItbmsRate, ReceiverType
from core.drafts import DraftLine, DraftReceiver, ForeignIdentity

LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))
MILLIONTHS = Decimal("0.000001")
ISC_RATES = [Decimal(rate) for rate in ("0.035", "0.05", "0.1325", "0.325", "0.5", "1")]


def texts(least: int, most: int) -> st.SearchStrategy[str]:
    """Text that a document can carry; spaces around it are not counted as text."""
    any_length = st.text(LETTERS, min_size=least, max_size=min(most, least + 20))
    longest = st.just("x" * most)
    padded = st.just(f" {'ñ' * max(least, 1)} ").filter(lambda text: len(text) <= most)
    return st.one_of(any_length, any_length, longest, padded).filter(lambda text: len(text.strip()) >= least)


def cents(most: int = 9_999) -> st.SearchStrategy[Decimal]:
    """Amounts of two decimals from zero."""
    return st.integers(0, most * 100).map(lambda amount: Decimal(amount).scaleb(-2))


def millionths(least: int, most: int) -> st.SearchStrategy[Decimal]:
    """Amounts of six decimals; the bounds are in millionths."""
    return st.integers(least, most).map(lambda amount: Decimal(amount).scaleb(-6))


@st.composite
def receivers(draw: st.DrawFn, receiver_type: ReceiverType, country: str = "PA") -> DraftReceiver:
    """A sound receiver of one type."""
    contacts: dict[str, Any] = {
        "phones": tuple(draw(st.lists(st.sampled_from(["200-0101", "6000-0101", "999-9999"]), max_size=3))),
        "emails": tuple(draw(st.lists(st.sampled_from(["compras@example.com", "ñandú@example.org"]), max_size=3))),
    }
    if receiver_type is ReceiverType.FOREIGNER:
        identity = ForeignIdentity(
            kind=draw(st.sampled_from(["01", "02", "99"])), number=draw(texts(1, 50)), country=country
        )
        return DraftReceiver(
            receiver_type=receiver_type,
            name=draw(texts(2, 100)),
            country=country,
            foreign_identity=identity,
            **contacts,
        )
    if receiver_type is ReceiverType.FINAL_CONSUMER:
        ruc = draw(st.none() | natural_rucs())
        return DraftReceiver(
            receiver_type=receiver_type,
            ruc=ruc.text if ruc else None,
            ruc_type=ruc.ruc_type if ruc else None,
            dv=draw(st.sampled_from([None, ruc.dv])) if ruc else None,
            name=draw(st.none() | texts(2, 100)),
            address=draw(st.none() | texts(1, 100)),
            country=country,
            **contacts,
        )
    ruc = draw(state_bodies() if receiver_type is ReceiverType.GOVERNMENT else rucs() | legal_rucs())
    return DraftReceiver(
        receiver_type=receiver_type,
        ruc=ruc.text,
        ruc_type=ruc.ruc_type,
        dv=ruc.dv,
        name=draw(texts(2, 100)),
        address=draw(texts(1, 100)),
        location_code=draw(st.sampled_from(["8-8-7", "13-10-10", "1-1-1"])),
        country=country,
        **contacts,
    )


@st.composite
def lines(draw: st.DrawFn, *, has_freight: bool, has_insurance: bool, needs_cpbs: bool) -> DraftLine:
    """A line of any rate, with discount, ISC, and amounts from a millionth to hundreds of millions."""
    quantity, price = draw(
        st.one_of(
            st.tuples(millionths(1, 500_000_000), millionths(0, 9_999_999_999)),
            st.tuples(st.integers(1, 100).map(Decimal), cents()),
            st.tuples(millionths(1, 999_999_999_999_999), st.just(Decimal("0.03"))),
            st.tuples(st.just(Decimal("0.01")), cents(999_999_999)),
        )
    )
    share = draw(st.sampled_from([0, 0, 0, 10, 100]))
    isc_rate = draw(st.sampled_from([None, None, *ISC_RATES]))
    cpbs = st.sampled_from(["72", "7210", "50"])
    cpbs_code = draw(cpbs if needs_cpbs else st.none() | cpbs)
    return DraftLine(
        description=draw(texts(2, 500)),
        quantity=quantity,
        unit_price=price,
        unit_discount=price if share == 100 else (price * share / 100).quantize(MILLIONTHS),
        itbms=draw(st.sampled_from(ItbmsRate)),
        code=draw(st.none() | texts(1, 20)),
        unit=draw(st.sampled_from([None, "und", "kg", "Caja", "docena"])),
        cpbs_code=cpbs_code,
        cpbs_unit=draw(st.sampled_from([None, "und"])) if cpbs_code else None,
        freight=draw(cents()) if has_freight else Decimal(0),
        insurance=draw(cents()) if has_insurance else Decimal(0),
        isc_rate=isc_rate,
        isc_amount=draw(st.none() | millionths(0, 9_999_999)) if isc_rate is None else None,
    )
