"""Runs one command line of ``istmo`` in this process, as its entry point does."""

import io
import sys
from dataclasses import dataclass

import pytest

from bootstrap.cli import main


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a command said."""

    code: int
    out: str
    err: str


def run(
    arguments: list[str], capture: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, given: bytes = b""
) -> Told:
    """Run ``istmo`` with ``given`` on standard input."""
    monkeypatch.setattr(sys, "argv", ["istmo", *arguments])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
    code: object = 0
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    sys.stdout.flush()
    said = capture.readouterr()
    assert isinstance(code, int)
    return Told(code=code, out=said.out, err=said.err)
