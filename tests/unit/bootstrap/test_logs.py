"""Logs: one JSON object a line, and no secret in it, however it got there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.logs import HIDDEN, hide_secrets, redact

ROOT = Path(__file__).parents[3]

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ"
API_KEY = "istmo_canaryCANARYcanary0123456789-_abc"
SIGNED = "https://files.example/a.pdf?X-Amz-Expires=600&X-Amz-Signature=canary"
TEXTS = {
    "an API key": (f"the key {API_KEY} was used", API_KEY),
    "a bearer": ("sent Authorization: Bearer canary.token-1/2+3= to it", "canary.token"),
    "a lower-case bearer": ("authorization: bearer canary", "canary"),
    "a password in an address": ("cannot reach postgresql://istmo:canary@db.example/istmo", "canary"),
    "a password without a user": ("cannot reach redis://:canary@redis.example/0", "canary"),
    "a JWT": (f"qr https://dgi.example/?chFE=FE01&jwt={JWT}", "c2lnbmF0dXJlLWNhbmFyeQ"),
    "a signed address": (f"GET {SIGNED} failed", "canary"),
    "a token in a query": ("GET https://x.example/f?a=1&token=canary", "canary"),
}


def written_by(program: str, level: str = "INFO") -> str:
    """What a process writes to standard error; it must end well."""
    head = (
        f"import logging, warnings, structlog\nfrom bootstrap.logs import configure_logs\nconfigure_logs({level!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", head + program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "", "standard output is for results"
    return done.stderr


def lines_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(("text", "secret"), TEXTS.values(), ids=TEXTS.keys())
def test_hides_a_secret_in_any_text(text: str, secret: str) -> None:
    hidden = hide_secrets(text)
    assert secret not in hidden
    assert HIDDEN in hidden


@pytest.mark.parametrize(
    "name",
    [
        *("authorization", "Authorization", "api_key", "apikey", "pac_token", "password", "webhook_secret"),
        *("signature", "X-Pac-Signature", "client_certificate", "jwt", "SECRET"),
    ],
)
def test_hides_the_value_of_a_secret_sounding_name_at_any_depth(name: str) -> None:
    event = redact(None, "info", {"event": "x", "outer": {"list": [{name: "canary"}, ({name: b"canary"},)]}, name: 7})
    assert "canary" not in json.dumps(event)
    assert event[name] == HIDDEN


def test_hides_what_is_nested_too_deep_to_be_looked_through() -> None:
    nested: object = "harmless"
    for _ in range(40):
        nested = {"more": nested}
    assert HIDDEN in json.dumps(redact(None, "info", {"event": "x", "nested": nested}))


def test_leaves_what_people_need_to_read() -> None:
    event = {
        "event": "accepted",
        "cufe": "FE0120000155000001-2-2020-4000002026112300000000010010127017955105",
        "document_id": "01M85XMJFWF81FFGDXGX6TBSR9",
        "url": "https://api.alanube.co/pan/v1/invoices?idCompany=01JDEM0F3RR3T3R1A0000000AA",
        "seconds": 0.25,
        "attempt": 1,
        "note": None,
        "good": True,
    }
    assert redact(None, "info", dict(event)) == event


def test_both_kinds_of_loggers_and_warnings_write_one_json_object_a_line() -> None:
    first, second, third = lines_of(
        written_by("""
structlog.get_logger("istmo.one").info("happened", document_id="d", text="two\\nlines ñ")
logging.getLogger("istmo.two").warning("it is %s", "so", extra={"tenant_id": "t"})
warnings.warn("a library said so", UserWarning, stacklevel=1)
""")
    )
    assert (first["event"], first["document_id"], first["level"]) == ("happened", "d", "info")
    assert (first["logger"], first["text"]) == ("istmo.one", "two\nlines ñ")
    assert (second["event"], second["tenant_id"], second["level"]) == ("it is so", "t", "warning")
    assert "a library said so" in str(third["event"])
    assert all(str(line["timestamp"]).endswith("Z") for line in (first, second, third))


def test_an_exception_is_logged_with_its_traceback_and_without_its_secrets() -> None:
    told = written_by(f"""
import os
def fail():
    password = "canary in a local variable"
    raise RuntimeError({" ".join(text for text, _ in TEXTS.values())!r})
for log in (structlog.get_logger("istmo"), logging.getLogger("istmo")):
    try:
        fail()
    except RuntimeError:
        log.exception("failed")
""")
    assert "canary" not in told.lower()
    assert JWT not in told
    lines = lines_of(told)
    assert ["RuntimeError" in str(line["exception"]) for line in lines] == [True, True]
    assert ["in fail" in str(line["exception"]) for line in lines] == [True, True]


def test_things_that_json_does_not_know_are_written_as_text() -> None:
    (line,) = lines_of(
        written_by("""
structlog.get_logger("istmo").info("odd", thing=object(), names={"b"}, pair={("a", 1): "x"}, raw=bytes([255]))
""")
    )
    assert (line["event"], line["names"], line["pair"]) == ("odd", "{'b'}", {"('a', 1)": "x"})


def test_what_is_below_the_level_and_noisy_libraries_are_not_written() -> None:
    told = written_by("""
logging.getLogger("istmo").debug("not this")
for noisy in ("httpx", "httpcore", "arq", "alembic.runtime.migration"):
    logging.getLogger(noisy).info("nor this")
""")
    assert told == ""


def test_the_level_can_be_lowered_for_a_search() -> None:
    (line,) = lines_of(written_by('logging.getLogger("istmo").debug("this")', level="DEBUG"))
    assert (line["event"], line["level"]) == ("this", "debug")
