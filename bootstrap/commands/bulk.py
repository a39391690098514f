"""``istmo issue``: many invoices from files, resumable by their keys."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from bootstrap.commands.speaking import complain
from bootstrap.json_files import BadFileError
from core.documents import DocumentMode
from core.identifiers import TenantId

MISUSED = 2


def issue(
    *files: Path,
    tenant: str,
    results: Annotated[Path | None, Parameter(name="--results")] = None,
    mode: Literal["dgi", "proform"] = "dgi",
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
        dgi issues, proform keeps drafts.
    wait
        How long to wait for the PAC's answer to each, in seconds; 0 only records them: a worker sends.
    check
        Only read the files and say what is wrong with them.
    """
    from bootstrap.bulk_issuing import check_files, issue_files

    try:
        if check:
            check_files(files)
        else:
            issue_files(files, TenantId(tenant), results, DocumentMode(mode.upper()), wait)
    except BadFileError as error:
        complain(f"error file: {error}")
        raise SystemExit(MISUSED) from None
