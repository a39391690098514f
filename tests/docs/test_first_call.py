"""The first call of the README works as it stands there, and its answer is a real one."""

import json
import re
from typing import Any

import pytest

from core.cufe import parse_cufe
from tests.docs.first_call import NAME, call_in, real_answer
from tests.docs.marked_places import README, marked

PAGE = README.read_text(encoding="utf-8")


def shown_answer(page: str) -> Any:
    """The answer between the marks."""
    return json.loads(re.sub(r"^```json\n|```$", "", marked(page, NAME)))


def without_chance(answer: Any) -> Any:
    """The answer with the document's id and CUFE, which depend on time and chance, replaced by their shape."""
    text = json.dumps(answer)
    text = re.sub(r"FE[0-9A-Z-]{64}", "<CUFE>", text)
    return json.loads(re.sub(r'"01[0-9A-Z]{24}"', '"<id>"', text))


async def test_the_answer_is_what_the_service_says() -> None:
    answer = await real_answer(*call_in(PAGE))
    assert without_chance(answer) == without_chance(shown_answer(PAGE)), "run `python -m tests.docs.first_call`"


def test_the_answer_shows_an_invoice_with_a_valid_cufe() -> None:
    payload = shown_answer(PAGE)["data"]["createInvoice"]
    assert payload["errors"] == []
    assert payload["invoice"]["submission"] == "ACCEPTED"
    assert parse_cufe(payload["invoice"]["cufe"]).parts.number == int(payload["invoice"]["number"])


def test_what_does_not_depend_on_chance_is_compared() -> None:
    answer = {"id": "01KF0RDQG0SM3JSP5YDYFP42E6", "cufe": "FE" + "0" * 64, "total": "40.13"}
    assert without_chance(answer) == {"id": "<id>", "cufe": "<CUFE>", "total": "40.13"}


def test_a_page_without_a_call_is_refused() -> None:
    with pytest.raises(ValueError, match="first call"):
        call_in("# Istmo\n\n## A first call\n\n## Next\n")
