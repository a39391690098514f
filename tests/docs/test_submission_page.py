"""docs/submission.md says what the program does: its states, its answers, its delays and its timeline."""

import re
from dataclasses import fields
from enum import Enum
from typing import get_args

import pytest

from core.documents import LegalStatus, Submission
from core.ports.pac_gateway import SubmitAnswer
from core.schedules import Schedules
from tests.docs.life_of_a_document import life
from tests.docs.marked_places import DOCS
from tests.world import World

PAGE = (DOCS / "submission.md").read_text(encoding="utf-8")


def section(heading: str, page: str = PAGE) -> str:
    """What stands under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of each row of a table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize(("heading", "states"), [("`submission`", Submission), ("`legalStatus`", LegalStatus)])
def test_every_state_is_explained_in_order(heading: str, states: type[Enum]) -> None:
    assert [row[0].strip("`") for row in rows(section(heading))] == [state.value for state in states]


def test_each_answer_leads_to_the_states_that_the_page_names() -> None:
    documented = {
        row[0].strip("`"): set(re.findall(r"`([A-Z_]+)`", row[2])) for row in rows(section("What an answer proves"))
    }
    happened: dict[str, set[str]] = {kind.__name__: set() for kind in get_args(SubmitAnswer)}
    for arrow in life().submission:
        if arrow.cause in happened:
            happened[arrow.cause].add(arrow.after.value)
    assert documented == happened


def test_the_delays_are_the_programs() -> None:
    schedules = Schedules()
    names = {field.name for field in fields(Schedules)}
    for name, value, _ in rows(section("Delays")):
        field = name.strip("`")
        assert field in names
        actual = getattr(schedules, field)
        numbers = actual if isinstance(actual, tuple) else (actual,)
        assert [float(number) for number in value.split(", ")] == [float(number) for number in numbers], field


async def test_the_timeline_of_the_diagram_is_that_of_a_real_run() -> None:
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop))
    for _ in range(60):
        world.wait(seconds=1)
        await world.deliver_webhooks()
        if (await world.current(document)).next_action_at is None:
            break
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    assert re.findall(r"Note over I: (\w+)", PAGE) == [each.event.kind.value for each in events]


def test_a_page_with_another_table_would_be_noticed() -> None:
    assert rows("| a | b |\n| --- | --- |\n| `X` | 1 |\n") == [["`X`", "1"]]
    with pytest.raises(AssertionError):
        section("Nothing of the kind")
