"""Files with many invoices: JSON lines, and CSV with one row per item. A line that cannot be read stops no other."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bootstrap.draft_files import read_invoice_object
from bootstrap.json_files import BadFileError, one_line, without_repeats
from core.errors import IstmoError
from core.intents import checked_key
from core.use_cases.create_invoice import NewInvoice

LINE_BYTES_MAX = 1024 * 1024
KEY = "idempotencyKey"

_OF_DOCUMENT = {
    "external_id": "externalId",
    "billing_point": "billingPoint",
    "information": "information",
    "document_type": "documentType",
}
_OF_RECEIVER = {
    "receiver_type": "receiverType",
    "receiver_name": "name",
    "receiver_ruc": "ruc",
    "contributor_type": "contributorType",
    "receiver_address": "address",
    "receiver_location": "locationCode",
}
_OF_LINE = {
    "description": "description",
    "quantity": "quantity",
    "unit_price": "unitPrice",
    "unit_discount": "unitDiscount",
    "itbms": "itbms",
    "code": "code",
    "unit": "unit",
    "cpbs_code": "cpbsCode",
}
COLUMNS = ("idempotency_key", *_OF_DOCUMENT, "client_id", *_OF_RECEIVER, "receiver_emails", *_OF_LINE)
REQUIRED = ("idempotency_key", "description", "quantity", "unit_price")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One invoice of a file: where it stands, its key, and the invoice or what is wrong with it."""

    number: int  # of its first line in the file, 1 is the first
    key: str
    invoice: NewInvoice | None = None
    fault: str = ""


def read_bulk_file(path: Path) -> Iterator[FileLine]:
    """The invoices of a file, one by one: ``.csv`` by its header, anything else as JSON lines. A key that stands in
    the file twice is a fault of the later line. Raises BadFileError for a file that cannot be read as a whole."""
    reader = _csv_lines if path.suffix.lower() == ".csv" else _json_lines
    seen: set[str] = set()
    try:
        for line in reader(path):
            if line.key and line.key in seen:
                yield FileLine(number=line.number, key=line.key, fault=f"{KEY}: a line before it has the same key")
                continue
            seen.add(line.key)
            yield line
    except OSError as error:
        raise BadFileError(f"cannot read {one_line(str(path))}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadFileError(f"{one_line(str(path))} is not UTF-8 text (byte {error.start})") from error


def _json_lines(path: Path) -> Iterator[FileLine]:
    with path.open("rb") as stream:
        number = 0
        while raw := stream.readline(LINE_BYTES_MAX + 1):
            number += 1
            if len(raw) > LINE_BYTES_MAX:
                raise BadFileError(f"line {number} is longer than {LINE_BYTES_MAX} bytes")
            if not raw.strip():
                continue
            yield _json_line(number, raw)


def _json_line(number: int, raw: bytes) -> FileLine:
    try:
        given = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=without_repeats)
    except (ValueError, RecursionError) as error:
        return FileLine(number=number, key="", fault=f"it is not JSON: {one_line(str(error))}")
    if not isinstance(given, dict):
        return FileLine(number=number, key="", fault="it is not a JSON object")
    return _line(number, given)


def _csv_lines(path: Path) -> Iterator[FileLine]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        named = rows.fieldnames or []
        unknown = [name for name in named if name not in COLUMNS]
        missing = [name for name in REQUIRED if name not in named]
        if unknown or missing or len(set(named)) != len(named):
            said = f"unknown: {', '.join(map(str, unknown))}; " if unknown else ""
            raise BadFileError(f"its header is wrong: {said}it needs {', '.join(REQUIRED)} and may have {_optional()}")
        try:
            for key, group in groupby(_numbered(rows), key=lambda each: each[1]["idempotency_key"] or ""):
                items = list(group)
                yield _csv_line(items[0][0], key, [row for _, row in items])
        except csv.Error as error:
            raise BadFileError(f"it is not CSV: {error}, line {rows.line_num}") from error


def _numbered(rows: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    before = rows.line_num
    for row in rows:
        yield before + 1, row
        before = rows.line_num


def _csv_line(number: int, key: str, rows: list[dict[str, str]]) -> FileLine:
    if any(None in row or None in row.values() for row in rows):
        return FileLine(number=number, key=key, fault="a row has more or fewer cells than the header")
    first = rows[0]
    given: dict[str, object] = {KEY: key, **_named(first, _OF_DOCUMENT)}
    if first.get("client_id"):
        given["clientId"] = first["client_id"]
    receiver: dict[str, object] = dict(_named(first, _OF_RECEIVER))
    if first.get("receiver_emails"):
        receiver["emails"] = [mail.strip() for mail in first["receiver_emails"].split(";") if mail.strip()]
    if receiver:
        given["receiver"] = receiver
    given["lines"] = [_named(row, _OF_LINE) for row in rows]
    return _line(number, given)


def _named(row: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {wanted: row[column].strip() for column, wanted in names.items() if row.get(column, "").strip()}


def _line(number: int, given: Mapping[str, object]) -> FileLine:
    key = given.get(KEY)
    if not isinstance(key, str):
        return FileLine(number=number, key="", fault=f"{KEY}: every invoice needs one, as text")
    try:
        checked_key(key)
        invoice = read_invoice_object({name: value for name, value in given.items() if name != KEY})
    except IstmoError as error:
        return FileLine(number=number, key=one_line(key), fault=f"{KEY}: {error.message.english}")
    except BadFileError as error:
        return FileLine(number=number, key=key, fault=str(error))
    return FileLine(number=number, key=key, invoice=invoice)


def _optional() -> str:
    return ", ".join(name for name in COLUMNS if name not in REQUIRED)
