"""Issuing the invoices of files, for `istmo issue`."""

import getpass
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from bootstrap.bulk_files import FileLine, read_bulk_file
from bootstrap.bulk_report import BulkReport
from bootstrap.commands.session import Installation, run_with_container
from bootstrap.json_files import BadFileError
from core.documents import DocumentMode
from core.identifiers import TenantId


def _lines(files: tuple[Path, ...]) -> Iterator[FileLine]:
    if not files:
        raise BadFileError("name one or more")
    return chain.from_iterable(map(read_bulk_file, files))


def check_files(files: tuple[Path, ...]) -> None:
    """Read the files and say what is wrong with them. Raises BadFileError, and SystemExit with the sum."""
    report = BulkReport()
    for line in _lines(files):
        report.read(line)
    report.end()


def issue_files(
    files: tuple[Path, ...], tenant_id: TenantId, results: Path | None, mode: DocumentMode, wait: float
) -> None:
    """Issue every invoice of the files. Raises BadFileError, and SystemExit with the sum."""
    count = sum(1 for _ in _lines(files))  # every file is read whole before anything is issued

    async def act(container: Installation) -> BulkReport:
        from core.ports.tenant_resolver import TenantResolver
        from core.use_cases.issue_invoices import IssueInvoices

        known = await (await container.get(TenantResolver)).get(tenant_id)
        issue_invoices = await container.get(IssueInvoices)
        report = BulkReport(total=count)
        numbers: dict[int, FileLine] = {}
        with _appending(results) as kept, report.showing_progress():
            report.keep = None if kept is None else lambda entry: _append(kept, entry)
            async for result in issue_invoices(
                known.tenant_id,
                report.good_lines(_lines(files), numbers),
                mode=mode,
                wait_seconds=wait,
                actor=f"cli:{getpass.getuser()}",
            ):
                report.issued(numbers.pop(result.line.place), result)
        return report

    run_with_container(act).end()


def _appending(results: Path | None) -> AbstractContextManager[Any]:
    if results is None:
        return nullcontext()
    try:
        return results.open("a", encoding="utf-8")
    except OSError as error:
        raise BadFileError(f"cannot write {results}: {error.strerror}") from error


def _append(stream: Any, entry: dict[str, object]) -> None:
    stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
    stream.flush()
