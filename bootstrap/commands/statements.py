"""``istmo statement``: the zero-difference statement of a day."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import complain, say, say_table, write_new
from core.days import read_day
from core.documents import SeriesKey
from core.identifiers import TenantId
from core.statement_codes import INVISIBLE, INVISIBLE_TO_LISTING
from core.statement_csv import statement_as_csv
from core.statements import SeriesLine, Statement


def statement(*, tenant: str, day: str, csv: Annotated[Path | None, Parameter(name="--csv")] = None) -> None:
    """Compare a day with what the PAC shows now, and explain each difference. Changes nothing. Exit code 3 when
    something differs or could not be read.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    day
        Such as 2026-03-04; a day of Panama's clocks.
    csv
        Write one row per series, difference and unread id to this new file, too.
    """
    wanted = read_day(day)

    async def act(container: Installation) -> Statement:
        from core.ports.clock import Clock
        from core.ports.document_repository import DocumentRepository
        from core.ports.number_book import NumberBook
        from core.ports.pac_gateway import PacGateway
        from core.ports.series_ledger import SeriesLedger
        from core.ports.tenant_resolver import TenantDirectory, TenantResolver
        from core.ports.webhook_inbox import WebhookInbox
        from core.use_cases.read_at_pac import ReadAtPac
        from core.use_cases.read_statement import ReadStatement

        known = await (await container.get(TenantResolver)).get(TenantId(tenant))
        read = ReadStatement(
            await container.get(DocumentRepository),
            await container.get(WebhookInbox),
            await container.get(TenantDirectory),
            await container.get(SeriesLedger),
            await container.get(NumberBook),
            await container.get(ReadAtPac),
            await container.get(PacGateway),
            await container.get(Clock),
            documents_max=None,
        )
        return await read(known.tenant_id, wanted)

    made = run_with_container(act)
    if csv is not None:
        write_new(csv, statement_as_csv(made))
    show(made)
    if not (made.is_zero and made.is_complete):
        raise SystemExit(3)


def show(made: Statement) -> None:
    """Print the sums by series, each difference with what to do, and what could not be read."""
    say(f"statement {made.day}: {len(made.differences)} differences, {len(made.unread)} not read")
    say_table(
        ["series", "ours", "total", "PAC", "total", "not read", "total", "difference", "total"],
        [_row(line) for line in made.lines],
    )
    for difference in made.differences:
        place = " ".join(part for part in (_name(difference.series), difference.number) if part)
        say(f"{difference.code.value}  {place}  {difference.document_id or difference.pac_document_id or ''}")
        say(f"  {difference.code.meaning.english} Here: {difference.ours or '-'}. PAC: {difference.pac or '-'}.")
        say(f"  {difference.code.advice.english}")
    for unread in made.unread:
        complain(f"not read  {_name(unread.series)} {unread.number}  {unread.document_id}: {unread.reason}")
    if made.amounts_unread:
        complain(f"not read: the totals of {made.amounts_unread} documents, whose XML the PAC did not give")
    if made.are_webhooks_cut:
        complain("not read: more webhooks were left over than a statement looks at; `istmo doctor` counts them")
    if not made.is_over:
        complain("the day is not over: more documents may come")
    say((INVISIBLE_TO_LISTING if made.can_list else INVISIBLE).english)


def _row(line: SeriesLine) -> list[str]:
    figures = (
        *(line.ours_count, line.ours_total, line.pac_count, line.pac_total, line.unread_count, line.unread_total),
        *(line.count_difference, line.total_difference),
    )
    return [_name(line.series), *map(str, figures)]


def _name(series: SeriesKey | None) -> str:
    return "" if series is None else f"{series.billing_point}/{series.document_type.value}"
