"""The fingerprint of an intent: the same meaning gives the same text, another meaning another."""

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.failures import MalformedIdempotencyKeyError
from core.fingerprint import fingerprint
from core.identifiers import ClientId, TenantId
from core.intents import KEY_MAX, checked_key, meaning_of, read_intent
from tests.builders import NOW, a_client, a_line, an_order

TENANT = TenantId("01TENANT")
UNSAID = frozenset({"tenant_id", "order_id", "created_at"})

amounts = st.decimals(min_value=0, max_value=10**11, places=6, allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20) | amounts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
meanings = st.dictionaries(st.text(max_size=8), values, max_size=6)


def respelled(value: Any, chance: random.Random) -> Any:
    """The same value written in another way: zeros after the point, other order of keys, null for what is absent."""
    if isinstance(value, Decimal):
        return Decimal(f"{value:f}0" if "." in f"{value:f}" else f"{value:f}.0")
    if isinstance(value, list):
        return tuple(respelled(entry, chance) for entry in value)
    if isinstance(value, dict):
        entries = [(name, respelled(entry, chance)) for name, entry in value.items()]
        chance.shuffle(entries)
        return dict(entries) | ({} if "never" in value else {"never": None})
    return value


@given(meanings, st.randoms(use_true_random=False))
def test_another_spelling_of_the_same_meaning_has_the_same_fingerprint(
    meaning: dict[str, Any], chance: random.Random
) -> None:
    again = respelled(meaning, chance)
    assert fingerprint("createOrder", again) == fingerprint("createOrder", meaning)


@given(amounts, amounts)
def test_amounts_differ_in_the_fingerprint_exactly_when_they_differ(one: Decimal, other: Decimal) -> None:
    same = fingerprint("x", {"amount": one}) == fingerprint("x", {"amount": other})
    assert same == (one == other)


def test_an_order_means_the_same_however_its_amounts_are_written() -> None:
    one = an_order(TENANT, lines=(a_line(quantity=Decimal("1.0"), unit_price=Decimal("12.5")),))
    other = an_order(TENANT, lines=(a_line(quantity=Decimal("1.00"), unit_price=Decimal("12.500000")),))
    assert one.order_id != other.order_id
    fingerprints = {fingerprint("createOrder", meaning_of(order, without=UNSAID)) for order in (one, other)}
    assert len(fingerprints) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": (a_line(quantity=Decimal("3.01")),)},
        {"lines": (a_line(), a_line())},
        {"client_id": ClientId("c")},
        {"external_id": "POS-1"},
        {"prices_include_itbms": True},
    ],
)
def test_anything_else_that_the_caller_says_is_another_meaning(changed: dict[str, Any]) -> None:
    order = an_order(TENANT)
    said = meaning_of(order, without=UNSAID)
    assert fingerprint("createOrder", meaning_of(replace(order, **changed), without=UNSAID)) != fingerprint(
        "createOrder", said
    )


def test_the_order_of_lines_is_part_of_the_meaning() -> None:
    first, second = a_line(), a_line(description="Arroz")
    forth = meaning_of(an_order(TENANT, lines=(first, second)), without=UNSAID)
    back = meaning_of(an_order(TENANT, lines=(second, first)), without=UNSAID)
    assert fingerprint("createOrder", forth) != fingerprint("createOrder", back)


def test_another_operation_is_another_intent_even_with_the_same_words() -> None:
    assert fingerprint("createOrder", {"a": 1}) != fingerprint("createClient", {"a": 1})


def test_what_is_not_the_callers_to_say_is_left_out() -> None:
    one = a_client(TENANT)
    other = a_client(TENANT, created_at=NOW.replace(year=2027))
    unsaid = frozenset({"tenant_id", "client_id", "created_at"})
    assert meaning_of(one, without=unsaid) == meaning_of(other, without=unsaid)


def test_no_key_is_no_intent() -> None:
    assert read_intent("createOrder", None, {"a": 1}) is None


@pytest.mark.parametrize("key", ["", "k" * (KEY_MAX + 1), "line\nbreak", "\x00", "\u202e"])
def test_refuses_a_key_that_nobody_can_read(key: str) -> None:
    with pytest.raises(MalformedIdempotencyKeyError) as refused:
        read_intent("createOrder", key, {})
    assert refused.value.path == ("idempotencyKey",)


@pytest.mark.parametrize("key", ["k", "k" * KEY_MAX, "venta n.º 7 – añil"])
def test_a_key_is_the_callers_own(key: str) -> None:
    assert checked_key(key) == key
