"""Each plan in ``regressions/`` once broke an invariant. Each is lived again, and none may break."""

from pathlib import Path

import msgspec
import pytest

from bootstrap.simulation.plans import WorldPlan
from bootstrap.simulation.worlds import run_world

FOLDER = Path(__file__).parent / "regressions"


class Regression(msgspec.Struct, forbid_unknown_fields=True):
    """``broke``: the invariants that the plan broke. ``story``: what went wrong, and what mended it."""

    story: str
    broke: list[str]
    plan: WorldPlan


def regressions() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("file", regressions(), ids=lambda file: file.stem)
def test_what_broke_once_holds_now(file: Path) -> None:
    regression = msgspec.json.decode(file.read_bytes(), type=Regression)
    assert len(regression.story.split()) > 10, "a regression has its story"
    assert regression.broke
    report = run_world(regression.plan)
    assert [str(violation) for violation in report.violations] == [], regression.story
