"""Files with many invoices: what is read, and what is said of a line that cannot be."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from bootstrap.bulk_files import COLUMNS, FileLine, read_bulk_file
from bootstrap.json_files import BadFileError
from core.codes import ItbmsRate, ReceiverType

PAGE = (Path(__file__).parents[3] / "docs" / "bulk.md").read_text(encoding="utf-8")
GOOD = {"idempotencyKey": "a", "lines": [{"description": "Martillo", "quantity": "1", "unitPrice": "12.50"}]}


def read(tmp_path: Path, text: str | bytes, name: str = "sales.jsonl") -> list[FileLine]:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_bulk_file(path))


def block(language: str) -> str:
    return PAGE.split(f"```{language}\n")[1].split("```")[0]


def test_the_documented_json_lines_are_read(tmp_path: Path) -> None:
    first, second = read(tmp_path, block("json"))
    assert (first.number, first.key, first.fault) == (1, "sale-1001", "")
    assert second.invoice.receiver.receiver_type is ReceiverType.TAXPAYER


def test_the_documented_csv_is_read_with_the_rows_of_an_invoice_together(tmp_path: Path) -> None:
    first, second = read(tmp_path, block("csv"), "sales.csv")
    assert [item.description for item in first.invoice.draft.lines] == ["Café molido 400 g", "Libro técnico"]
    assert [item.itbms for item in first.invoice.draft.lines] == [ItbmsRate.GENERAL_7, ItbmsRate.EXEMPT]
    assert (second.number, second.invoice.draft.lines[0].unit_price) == (4, Decimal("12.50"))


def test_every_column_is_documented() -> None:
    assert all(f"`{column}`" in PAGE for column in COLUMNS)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"lines": []}', "idempotencyKey"),
        ('{"idempotencyKey": 7, "lines": []}', "idempotencyKey"),
        ('{"idempotencyKey": "", "lines": []}', "idempotencyKey"),
        ('{"idempotencyKey": "a", "idempotencyKey": "b"}', "occurs twice"),
        (json.dumps(GOOD | {"colour": "red"}), "colour"),
        (json.dumps(GOOD | {"lines": [{"description": "x", "quantity": "1", "unitPrice": 12.5}]}), "unitPrice"),
    ],
)
def test_a_line_that_cannot_be_read_is_said_and_the_next_one_is_read(tmp_path: Path, line: str, said: str) -> None:
    bad, good = read(tmp_path, f"{line}\n\n{json.dumps(GOOD | {'idempotencyKey': 'z'})}\n")
    assert said in bad.fault
    assert bad.invoice is None
    assert (good.number, good.key, good.fault) == (3, "z", "")


def test_a_key_that_stands_twice_is_a_fault_of_the_later_line(tmp_path: Path) -> None:
    first, second = read(tmp_path, f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n")
    assert first.fault == ""
    assert "same key" in second.fault


def test_rows_of_an_invoice_that_stand_apart_are_a_fault(tmp_path: Path) -> None:
    header = "idempotency_key,description,quantity,unit_price\n"
    lines = read(tmp_path, header + "a,x,1,1\nb,y,1,1\na,z,1,1\n", "sales.csv")
    assert [bool(line.fault) for line in lines] == [False, False, True]


@pytest.mark.parametrize(
    "header",
    ["", "idempotency_key,description,quantity", "idempotency_key,description,quantity,unit_price,colour", "a,a"],
)
def test_a_header_that_is_wrong_is_said_with_what_it_needs(tmp_path: Path, header: str) -> None:
    with pytest.raises(BadFileError, match="unit_price"):
        read(tmp_path, f"{header}\n1,2,3,4\n", "sales.csv")


def test_a_row_with_too_many_or_too_few_cells_is_said(tmp_path: Path) -> None:
    header = "idempotency_key,description,quantity,unit_price\n"
    lines = read(tmp_path, header + "a,x,1,1,1\nb,y,1\nc,z,1,1\n", "sales.csv")
    assert [bool(line.fault) for line in lines] == [True, True, False]


def test_what_is_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="UTF-8"):
        read(tmp_path, b"idempotency_key,description,quantity,unit_price\n\xff,x,1,1\n", "sales.csv")
    with pytest.raises(BadFileError, match="cannot read"):
        list(read_bulk_file(tmp_path / "nowhere.jsonl"))
