"""Units: those that sources spell out, and a warning for any other."""

from dataclasses import replace

import pytest

from core.units import KNOWN_UNITS, Unit, similar_unit
from tests.unit.fiscal.fiscal_drafts import LINE, to_consumer, verdict_of


@pytest.mark.parametrize("unit", Unit)
def test_a_known_unit_passes_without_a_word(unit: Unit) -> None:
    assert unit.label
    assert unit.label_es
    assert verdict_of(to_consumer(replace(LINE, unit=unit.value))).findings == ()


@pytest.mark.parametrize(("written", "meant"), [("KG", "kg"), ("caja", "Caja"), (" hora ", "Hora")])
def test_a_unit_in_other_capitals_warns_and_names_the_right_one(written: str, meant: str) -> None:
    assert similar_unit(written) == meant
    (found,) = verdict_of(to_consumer(replace(LINE, unit=written))).warnings
    assert (found.code, found.path) == ("unit_unknown", ("lines", 0, "unit"))
    assert f'"{meant}"' in found.hint.english
    assert f'"{meant}"' in found.hint.spanish


def test_an_unknown_unit_only_warns() -> None:
    assert "docena" not in KNOWN_UNITS
    verdict = verdict_of(to_consumer(replace(LINE, unit="docena")))
    assert [finding.code for finding in verdict.warnings] == ["unit_unknown"]
    assert not verdict.is_refused
