"""The page about the simulation is what the last long run says, and nobody wrote into it."""

import json

from bootstrap.simulation.runs import ALWAYS_STRIKING
from tests.docs.reliability_page import PAGE, RUN, page

REMEDY = "run `make simulate`, or `python -m tests.docs.reliability_page` where only the tables changed"
LEAST_DOCUMENTS = 20_000


def test_the_page_is_what_the_run_and_the_program_say() -> None:
    assert PAGE.read_text(encoding="utf-8").rstrip() == page().rstrip(), REMEDY


def test_the_run_was_long_clean_and_met_everything() -> None:
    run = json.loads(RUN.read_text(encoding="utf-8"))
    assert run["documents"] >= LEAST_DOCUMENTS
    assert run["failures"] == []
    assert [name for name in ALWAYS_STRIKING if not run["struck"].get(name)] == [], REMEDY


def test_a_figure_written_by_hand_would_be_noticed() -> None:
    assert page().replace("| worlds | ", "| worlds | 9") != page()
    run = json.loads(RUN.read_text(encoding="utf-8"))
    assert f"{run['documents']:,}" in page()
    assert run["trace"] in page()
