"""The pictures show the states and arrows that the program has, no more and no less."""

import re

from core.documents import LegalStatus, Submission
from tests.docs.flow_picture import NAME, PAGE, drawing, page, plain
from tests.docs.life_of_a_document import Arrow, life, steps
from tests.docs.marked_places import README, marked

REMEDY = "run `python -m tests.docs.flow_picture`"


def arrows_in(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^\s*(\w+) +--> (\w+)", text, re.MULTILINE))


def test_the_page_is_in_step_with_the_program() -> None:
    assert PAGE.read_text(encoding="utf-8").rstrip() == page().rstrip(), REMEDY


def test_the_readme_shows_the_same_picture() -> None:
    assert marked(README.read_text(encoding="utf-8"), NAME) == drawing(), REMEDY


def test_every_arrow_of_the_program_is_drawn_and_no_other() -> None:
    found = life()
    expected = {(arrow.before.value, arrow.after.value) for arrow in found.submission | found.legal_status}
    assert arrows_in(page()) == expected


def test_the_steps_are_really_found() -> None:
    assert {"claim", "expire_claim", "record_answer", "judge_hint", "apply_look_up"} <= set(steps())


def test_the_arrows_that_safety_rests_on() -> None:
    pairs = {(arrow.before, arrow.after) for arrow in life().submission}
    assert (Submission.QUEUED, Submission.SENDING) in pairs
    assert (Submission.REFUSED, Submission.ACCEPTED) in pairs, "evidence moves even a refused document"
    assert not [before for before, after in pairs if after is Submission.SENDING and before is not Submission.QUEUED]
    assert not [after for before, after in pairs if before is Submission.REFUSED and after is not Submission.ACCEPTED]
    assert (Submission.ACCEPTED, Submission.QUEUED) not in pairs
    assert (Submission.ACCEPTED, Submission.REFUSED) not in pairs


def test_a_terminal_legal_status_has_no_way_out() -> None:
    assert not [
        arrow for arrow in life().legal_status if isinstance(arrow.before, LegalStatus) and arrow.before.is_terminal
    ]


def test_an_arrow_that_is_not_drawn_would_be_noticed() -> None:
    one = Arrow(before=Submission.QUEUED, after=Submission.SENDING, cause="claim")
    assert arrows_in(plain([one], Submission.QUEUED)) == {("QUEUED", "SENDING")}
    assert arrows_in(drawing()) != {("QUEUED", "SENDING")}
