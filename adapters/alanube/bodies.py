"""Reads the PAC's JSON without trusting it: any bytes in, plain bounded values out, nothing raised.

A tolerant reader (contract section 3): the document wrapped or not, every error shape that was ever seen.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from core.identifiers import PacDocumentId
from core.ports.pac_gateway import PacDocument

JsonObject = dict[str, Any]

VOID_MARKS = ("cancelled", "canceled", "voided", "annulled")
"""ASSUME-038: no source shows a void in a document, and the legal status stays; what says so in plain words counts."""
VOID_STATUSES = ("CANCELLED", "CANCELED", "VOIDED", "ANNULLED")

REJECTED = ("PAC_REJECTED", "DGI_REJECTED")
FINDINGS_MAX = 100
CODE_LENGTH_MAX = 40
MESSAGE_LENGTH_MAX = 1000
STATUS_LENGTH_MAX = 100
ADDRESS_LENGTH_MAX = 4096

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_ULID_HINT = re.compile(rb'"(?:id|documentId)"\s*:\s*"([0-9A-HJKMNP-TV-Z]{26})"')
_DOCUMENT_MARK = re.compile(rb'"document"\s*:\s*\{')
_CODE_IN_FRONT = re.compile(r"([0-9]{4}|[A-Z]{2,4}[0-9]{3,6})\s*[:\-]\s", re.ASCII)
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class _TwiceNamedError(ValueError):
    """An object names one key twice: nobody can say which value was meant."""


def read_object(body: bytes) -> JsonObject | None:
    """The body as a JSON object; None for anything else. An array of one object (an older envelope) counts."""
    try:
        value = json.loads(body, object_pairs_hook=_once_named, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else None


def document_in(body: JsonObject) -> JsonObject:
    """The document, wrapped or at top level."""
    wrapped = body.get("document")
    return wrapped if isinstance(wrapped, dict) else body


def pac_id(value: object) -> PacDocumentId | None:
    """An id that can stand in a path; None for anything else."""
    return PacDocumentId(value) if isinstance(value, str) and _ID.fullmatch(value) else None


def read_document(shown: JsonObject) -> PacDocument:
    """A document object as the core sees it. ``publicUrl`` and ``containerXml`` go before ``qr`` and ``xml``."""
    codes, messages = findings_in(shown)
    return PacDocument(
        pac_document_id=pac_id(shown.get("id")),
        legal_status=text_of(shown.get("legalStatus"), STATUS_LENGTH_MAX),
        cufe=text_of(shown.get("cufe"), STATUS_LENGTH_MAX),
        qr=text_of(shown.get("qr"), ADDRESS_LENGTH_MAX),
        public_url=text_of(shown.get("publicUrl"), ADDRESS_LENGTH_MAX) or text_of(shown.get("qr"), ADDRESS_LENGTH_MAX),
        pdf_url=text_of(shown.get("pdf"), ADDRESS_LENGTH_MAX),
        xml_url=text_of(shown.get("containerXml"), ADDRESS_LENGTH_MAX) or text_of(shown.get("xml"), ADDRESS_LENGTH_MAX),
        authorization_protocol=text_of(shown.get("authorizationProtocol"), 200),
        is_void=_shows_void(shown),
        codes=codes,
        messages=messages,
    )


def read_whole(body: JsonObject) -> PacDocument:
    """The document of a reply. A rejected one has the codes too that stand beside it."""
    document = read_document(document_in(body))
    if document.legal_status not in REJECTED:
        return document
    codes, messages = findings_in(body)
    return replace(document, codes=_joined(document.codes, codes), messages=_joined(document.messages, messages))


def findings_in(body: JsonObject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes and messages of every error shape (contract section 3.3), each once, in the order of the fallbacks."""
    codes: dict[str, None] = {}
    messages: dict[str, None] = {}
    for code, message in _findings(body):
        if len(codes) + len(messages) >= FINDINGS_MAX:
            break
        if code is not None:
            codes.setdefault(code)
        if message is not None:
            messages.setdefault(message)
    return tuple(codes), tuple(messages)


def hinted_id(body: bytes) -> PacDocumentId | None:
    """The id that a broken body seems to give its document. Only ever a hint."""
    mark = _DOCUMENT_MARK.search(body)
    match = _ULID_HINT.search(body, mark.end() if mark else 0)
    return PacDocumentId(match[1].decode("ascii")) if match else None


def inner_status(body: JsonObject) -> int | None:
    """``httpStatusCode`` of 400 or more that the vendor hides inside a 2xx (seen in another country)."""
    value = body.get("httpStatusCode")
    if isinstance(value, str) and re.fullmatch(r"[45][0-9]{2}", value, re.ASCII):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 400 <= value <= 599 else None


def text_of(value: object, limit: int) -> str | None:
    """A non-empty text without characters that no store keeps; None for other types and for longer ones."""
    if not isinstance(value, str):
        return None
    cleaned = _UNSTORABLE.sub("", value[: limit + 1])
    return cleaned if 0 < len(cleaned) <= limit else None


def _shows_void(shown: JsonObject) -> bool:
    return any(shown.get(mark) is True for mark in VOID_MARKS) or shown.get("status") in VOID_STATUSES


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _findings(body: JsonObject) -> Iterator[tuple[str | None, str | None]]:
    yield from _entries(body.get("errors"))
    yield _top_code(body.get("code")), None
    message = body.get("message")
    for words in message if isinstance(message, list) else (message,):
        yield _worded(words)
    yield None, _message(body.get("error"))
    yield from _entries(body.get("response"))
    yield from _entries(body.get("governmentResponse"))
    wrapped = body.get("document")
    if isinstance(wrapped, dict):
        yield from _entries(wrapped.get("errors"))
        yield from _entries(wrapped.get("governmentResponse"))


def _entries(value: object) -> Iterator[tuple[str | None, str | None]]:
    entries: Iterable[object] = value[:FINDINGS_MAX] if isinstance(value, list) else (value,)
    for entry in entries:
        if isinstance(entry, dict):
            yield _code(entry.get("code")), _message(entry.get("message"))
            values = entry.get("value")
            for words in values[:FINDINGS_MAX] if isinstance(values, list) else ():
                yield _worded(words)
        else:
            yield _worded(entry)


def _worded(value: object) -> tuple[str | None, str | None]:
    """A bare text, perhaps with its code in front: ``1534: The destination ...``."""
    message = _message(value)
    match = _CODE_IN_FRONT.match(message) if message else None
    return (match[1] if match else None), message


def _top_code(value: object) -> str | None:
    """The code beside ``message``; a number there only repeats the HTTP status."""
    if isinstance(value, int) and 100 <= value <= 599:
        return None
    return _code(value)


def _code(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:04d}" if 0 <= value <= 999_999 else None
    text = text_of(value, CODE_LENGTH_MAX)
    return text.strip() or None if text else None


def _message(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    cleaned = _UNSTORABLE.sub("", value[:MESSAGE_LENGTH_MAX]).strip()
    return cleaned or None


def _once_named(pairs: list[tuple[str, Any]]) -> JsonObject:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise _TwiceNamedError
    return named


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
