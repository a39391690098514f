"""A till that sells a hammer: ``python -m examples.typed_client.till URL`` with the key in ISTMO_KEY."""

import asyncio
import os
import sys
from decimal import Decimal

from examples.typed_client.istmo_client import CreateInvoiceInput, IstmoClient, ItbmsRate, LineInput, Submission


async def sell_a_hammer(istmo: IstmoClient, sale: str) -> str:
    """What to print on the slip. ``sale`` is the till's own number of the sale; repeating it sells nothing twice."""
    hammer = LineInput(
        description="Martillo", quantity=Decimal(1), unitPrice=Decimal("12.50"), itbms=ItbmsRate.GENERAL_7, unit="und"
    )
    sold = await istmo.sell(CreateInvoiceInput(lines=[hammer]), key=sale)
    if sold is None or sold.errors:
        return "\n".join(f"{error.message} {error.hint}" for error in (sold.errors if sold else []))
    invoice = sold.invoice
    if invoice is None or invoice.submission is not Submission.ACCEPTED:
        return "The invoice is on its way: ask for it again later, under the same number of the sale."
    return f"Invoice {invoice.number}, B/. {invoice.totals.total}\nCUFE {invoice.cufe}"


async def main() -> None:
    """Sell one to whoever stands there."""
    async with IstmoClient(sys.argv[1], os.environ["ISTMO_KEY"]) as istmo:
        viewer = await istmo.who_am_i()
        sys.stdout.write(f"{viewer.tenant.name} ({viewer.tenant.environment.value})\n")
        sys.stdout.write(f"{await sell_a_hammer(istmo, 'till-1-000001')}\n")


if __name__ == "__main__":
    asyncio.run(main())
