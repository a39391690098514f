"""``istmo book``: the sales book of a month."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import complain, say, say_table, write_new
from core.identifiers import TenantId
from core.months import read_month
from core.sales_book import BookStanding, RateSum, SalesBook, book_as_csv


def book(*, tenant: str, month: str, csv: Annotated[Path | None, Parameter(name="--csv")] = None) -> None:
    """Print the sales book of a month by ITBMS rate: what the ITBMS return needs. Exit code 3 when it is not final.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    month
        Such as 2026-03; the months of Panama's clocks.
    csv
        Write one row per document to this new file, too.
    """
    wanted = read_month(month)

    async def act(container: Installation) -> SalesBook:
        from core.ports.clock import Clock
        from core.ports.document_repository import DocumentRepository
        from core.ports.tenant_resolver import TenantResolver
        from core.use_cases.read_sales_book import ReadSalesBook
        from core.voids import VoidWindow

        known = await (await container.get(TenantResolver)).get(TenantId(tenant))
        read = ReadSalesBook(
            await container.get(DocumentRepository),
            await container.get(Clock),
            await container.get(VoidWindow),
            documents_max=None,
        )
        return await read(known.tenant_id, wanted)

    made = run_with_container(act)
    if csv is not None:
        write_new(csv, book_as_csv(made))
    counted = sum(line.standing is BookStanding.COUNTS for line in made.lines)
    say(f"sales book {made.month}: {counted} documents, {made.void_count} void, {made.open_count} open")
    say_table(
        ["rate", "sales", "ITBMS", "debits", "ITBMS", "credits", "ITBMS", "net", "net ITBMS"],
        [_row(rate) for rate in made.rates],
    )
    say(f"net {made.net_base}, ITBMS {made.net_itbms}, withheld {made.retention}, total with taxes {made.total}")
    if not made.is_final:
        for opening in made.openings:
            complain(f"NOT final ({opening.reason.value}): {opening.wording.english}")
        raise SystemExit(3)


def _row(rate: RateSum) -> list[str]:
    amounts = (
        *(rate.sales_base, rate.sales_itbms, rate.debits_base, rate.debits_itbms),
        *(rate.credits_base, rate.credits_itbms, rate.net_base, rate.net_itbms),
    )
    return [f"{rate.rate.value} {rate.rate.label}", *map(str, amounts)]
