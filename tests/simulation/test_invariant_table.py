"""Each invariant is checked or excused by name, and nobody is accused under an id that does not exist."""

import re
from pathlib import Path

from bootstrap.simulation.invariant_table import INVARIANTS, Checked, Excused, When
from core.invariants.faults import Fault

FOLDER = Path(__file__).parents[2] / "bootstrap" / "simulation"
IDS = [f"A{number}" for number in range(1, 37)] + [f"I{number}" for number in range(1, 16)]
OF_THE_SIMULATOR = "SIM"


def accused_in_the_code() -> set[str]:
    texts = [file.read_text(encoding="utf-8") for file in FOLDER.glob("*.py")]
    return {found for text in texts for found in re.findall(r'accuse\(\s*"(\w+)"', text)} - {OF_THE_SIMULATOR}


def accusable() -> set[str]:
    return accused_in_the_code() | {fault.invariant for fault in Fault}


def test_the_table_has_every_invariant_and_no_other() -> None:
    assert list(INVARIANTS) == IDS


def test_what_is_excused_says_why() -> None:
    for name, entry in INVARIANTS.items():
        if isinstance(entry, Excused):
            assert len(entry.reason.split()) >= 5, name


def test_what_is_checked_can_be_accused() -> None:
    for name, entry in INVARIANTS.items():
        if isinstance(entry, Checked) and entry.when != (When.TWICE,):
            assert set(entry.accused_as or (name,)) <= accusable(), name


def test_nobody_is_accused_under_another_id() -> None:
    assert accused_in_the_code() <= set(IDS)
    checked = {name for name, entry in INVARIANTS.items() if isinstance(entry, Checked)}
    assert accused_in_the_code() <= checked, "what is checked is not excused"


def test_what_the_doctor_finds_is_no_excuse() -> None:
    excused = {name for name, entry in INVARIANTS.items() if isinstance(entry, Excused)}
    doctors = {fault.invariant for fault in Fault if fault.invariant in INVARIANTS}
    assert doctors & excused == set()
