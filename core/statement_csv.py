"""A zero-difference statement as a table: its series, its differences, and what could not be read."""

from collections.abc import Iterator

from core.csv_text import csv_text
from core.documents import SeriesKey
from core.statements import Statement

COLUMNS = (
    *("row", "code", "billing_point", "document_type", "number", "document_id", "pac_document_id", "ours", "pac"),
    *("ours_count", "ours_total", "pac_count", "pac_total", "unread_count", "unread_total"),
    *("count_difference", "total_difference", "meaning", "what_to_do"),
)


def statement_as_csv(statement: Statement) -> str:
    """One row for each series, each difference, and each id that could not be read."""
    return csv_text(COLUMNS, ([row.get(column) for column in COLUMNS] for row in _rows(statement)))


def _rows(statement: Statement) -> Iterator[dict[str, object]]:
    for line in statement.lines:
        yield {
            "row": "series",
            **_series(line.series),
            "ours_count": line.ours_count,
            "ours_total": line.ours_total,
            "pac_count": line.pac_count,
            "pac_total": line.pac_total,
            "unread_count": line.unread_count,
            "unread_total": line.unread_total,
            "count_difference": line.count_difference,
            "total_difference": line.total_difference,
        }
    for difference in statement.differences:
        yield {
            "row": "difference",
            "code": difference.code.value,
            **_series(difference.series),
            "number": difference.number,
            "document_id": difference.document_id,
            "pac_document_id": difference.pac_document_id,
            "ours": difference.ours,
            "pac": difference.pac,
            "count_difference": difference.count,
            "total_difference": difference.amount,
            "meaning": difference.code.meaning.english,
            "what_to_do": difference.code.advice.english,
        }
    for unread in statement.unread:
        yield {
            "row": "unread",
            **_series(unread.series),
            "number": unread.number,
            "document_id": unread.document_id,
            "pac_document_id": unread.pac_document_id,
            "meaning": unread.reason,
        }


def _series(series: SeriesKey | None) -> dict[str, object]:
    if series is None:
        return {}
    return {"billing_point": series.billing_point, "document_type": series.document_type.value}
