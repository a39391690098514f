"""`istmo schema` prints the published file, without settings."""

import pytest
from graphql import build_schema

from tests.docs.published_schema import PUBLISHED
from tests.unit.cli.terminal import run


def test_it_prints_the_published_schema_and_nothing_else(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ISTMO_PAC_BASE_URL", raising=False)
    monkeypatch.delenv("ISTMO_SECRETS_KEY", raising=False)
    told = run(["schema"], capfd, monkeypatch)
    assert (told.code, told.err) == (0, "")
    assert told.out == PUBLISHED.read_text(encoding="utf-8"), "run `python -m tests.docs.published_schema`"
    assert build_schema(told.out).query_type
