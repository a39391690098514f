"""JSON logs on standard error, with secrets taken out before anything is written."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[redacted]"
_SECRET_NAMES = re.compile(r"authorization|secret|token|password|api_?key|signature|certificate|jwt", re.IGNORECASE)
_SECRET_TEXTS = (
    re.compile(r"istmo_[0-9A-Za-z_-]{20,}"),
    re.compile(r"(?i)bearer\s+[0-9A-Za-z._~+/=-]+"),
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # user:password in an address
    re.compile(r"(?<=\?)[^\s\"']*(?:sig|signature|token|expires)[^\s\"']*", re.IGNORECASE),  # query of a signed address
    re.compile(r"eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*"),  # a JWT
)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide the values of secret-sounding names and every text that looks like a secret, at any depth."""
    return {name: HIDDEN if _SECRET_NAMES.search(name) else _clean(value) for name, value in event.items()}


def hide_secrets(text: str) -> str:
    """The text without whatever looks like a secret."""
    for pattern in _SECRET_TEXTS:
        text = pattern.sub(HIDDEN, text)
    return text


def _clean(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return hide_secrets(value)
    if depth > 5:
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            str(name): HIDDEN if _SECRET_NAMES.search(str(name)) else _clean(each, depth + 1)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_clean(each, depth + 1) for each in value]
    if isinstance(value, int | float | bool) or value is None:
        return value
    return _clean(str(value), depth + 1)


def configure_logs(level: str) -> None:
    """One JSON line per event, structlog's own and the standard library's alike."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for noisy in ("httpx", "httpcore", "arq", "uvicorn.access", "aiosqlite", "asyncio", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
