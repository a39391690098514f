"""One command writes all pages that are made from the program."""

import importlib
from pathlib import Path

from tests.docs.__main__ import PAGES

NOT_FROM_THE_PROGRAM_ALONE = {"reliability_page"}  # it tells of a long run, which is not repeated for a page


def test_every_module_that_makes_a_page_is_called() -> None:
    makers = {
        path.stem
        for path in Path(__file__).parent.glob("*.py")
        if not path.stem.startswith(("test_", "__")) and "\ndef main() -> None:" in path.read_text(encoding="utf-8")
    }
    called = {write.__module__.rpartition(".")[2] for write in PAGES.values()}
    assert called - {"error_catalogue"} == makers - NOT_FROM_THE_PROGRAM_ALONE
    assert {"error_catalogue", "role_table", "api_examples"} <= called
    assert all(callable(importlib.import_module(write.__module__).main) for write in PAGES.values())
