"""``istmo issue``: many invoices from files, resumable by their keys."""

import getpass
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from bootstrap.bulk_files import FileLine, read_bulk_file
from bootstrap.commands.bulk_report import BulkReport
from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import complain
from bootstrap.json_files import BadFileError
from core.documents import DocumentMode
from core.identifiers import TenantId

MISUSED = 2


def issue(
    *files: Path,
    tenant: str,
    results: Annotated[Path | None, Parameter(name="--results")] = None,
    mode: DocumentMode = DocumentMode.DGI,
    wait: Annotated[float, Parameter(name="--wait", validator=Number(gte=0, lte=30))] = 10,
    check: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Issue every invoice of the files. A bad line stops nothing; run it again and nothing is issued twice.

    One result per invoice: line, idempotency key, state, number, CUFE; or what is wrong. Exit code 1 when a line could
    not be issued.

    Parameters
    ----------
    files
        JSON lines (the input of createInvoice with an idempotencyKey), or CSV with a header: see docs/bulk.md.
    tenant
        The taxpayer's id.
    results
        Append the results as JSON lines to this file, too.
    mode
        DGI issues, PROFORM keeps drafts.
    wait
        How long to wait for the PAC's answer to each, in seconds; 0 only records them: a worker sends.
    check
        Only read the files and say what is wrong with them.
    """
    try:
        if check:
            _check(files)
        else:
            _issue(files, TenantId(tenant), results, mode, wait)
    except BadFileError as error:
        complain(f"error file: {error}")
        raise SystemExit(MISUSED) from None


def _lines(files: tuple[Path, ...]) -> Iterator[FileLine]:
    if not files:
        raise BadFileError("name one or more")
    return chain.from_iterable(map(read_bulk_file, files))


def _check(files: tuple[Path, ...]) -> None:
    report = BulkReport()
    for line in _lines(files):
        report.read(line)
    report.end()


def _issue(files: tuple[Path, ...], tenant_id: TenantId, results: Path | None, mode: DocumentMode, wait: float) -> None:
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
