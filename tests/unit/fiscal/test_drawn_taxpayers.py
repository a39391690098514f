"""Drawn RUCs and CUFEs hold together, whatever their form."""

from hypothesis import given
from hypothesis import strategies as st

from core.cufe import build_cufe, parse_cufe, verify_cufe
from core.taxpayer import DvVerdict, parse_ruc, verify_dv
from tests.strategies.taxpayers import DrawnRuc, cufes, rucs


@given(rucs())
def test_a_drawn_ruc_reads_back_as_itself_with_its_check_digit(ruc: DrawnRuc) -> None:
    parsed = parse_ruc(ruc.text, ruc.ruc_type)
    assert parsed.normalised == ruc.text
    if ruc.dv is not None:
        assert verify_dv(parsed, ruc.dv) is DvVerdict.RIGHT


@given(cufes())
def test_a_drawn_cufe_verifies_and_comes_back_from_its_parts(cufe: str) -> None:
    assert verify_cufe(cufe).valid
    assert build_cufe(parse_cufe(cufe).parts) == cufe


@given(cufes(), st.integers(2, 65), st.integers(1, 9))
def test_any_other_digit_in_its_place_is_caught(cufe: str, place: int, step: int) -> None:
    if not cufe[place].isdigit():
        return
    changed = cufe[:place] + str((int(cufe[place]) + step) % 10) + cufe[place + 1 :]
    assert not verify_cufe(changed).valid
