"""The text of a stranger's file costs no more than its length."""

import time
from decimal import Decimal

import pytest

from core.received import amounts_in

FIGURES = "Subtotal 100.00 ITBMS 7.00 Total 107.00"


def test_blanks_between_label_and_amount_are_read_over() -> None:
    told = amounts_in("Subtotal:  \n 100.00\nITBMS\t7.00\nTOTAL A   PAGAR  B/. 107.00")
    assert told is not None
    assert (told.net, told.itbms, told.total) == (Decimal("100.00"), Decimal("7.00"), Decimal("107.00"))


@pytest.mark.parametrize(
    "text",
    [
        FIGURES + " itbms" + " " * 3_000 + "x",
        FIGURES + ("total" + "\n" * 400 + ":" + " " * 400) * 30,
        FIGURES + "".join(f" subtotal {n}.01 itbms {n}.02 total {n}.04" for n in range(1, 4_000)),
    ],
)
def test_a_hostile_text_is_judged_at_once(text: str) -> None:
    begun = time.process_time()
    amounts_in(text)
    assert time.process_time() - begun < 1
