"""`make demo`: an order becomes a fiscally valid invoice, twice: with webhooks, and by the sweep alone."""

import json
import sys
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from examples.demo.api import Api
from examples.demo.machinery import COMPANY, DemoFailedError, running_installation
from examples.demo.story import Timing, Told, tell

FOLDER = Path("var/demo")
SALE = Path(__file__).parents[1] / "orders" / "ferreteria.json"


def main() -> int:
    """Exit code 0 when both invoices are authorised and their PDF is on disk, 1 with a message otherwise."""
    console = Console()
    timing = Timing()
    try:
        sale = json.loads(SALE.read_text())
        console.rule("Istmo: from an order to a fiscally valid invoice")
        console.print("Starting the fake PAC and Istmo on loopback: SQLite, local files, embedded runner.")
        with running_installation(FOLDER) as installation:
            timing.took("both servers up, tenant onboarded")
            api = Api(installation)
            try:
                console.print("\n[bold]1. With webhooks[/]")
                first = tell(api, installation, sale, "demo-1", console, timing)
                api.switch_webhooks(COMPANY, enabled=False)
                console.print("\n[bold]2. Webhooks switched off: the sweep brings the status[/]")
                second = tell(api, installation, sale, "demo-2", console, timing)
            finally:
                api.close()
    except httpx.HTTPError as error:
        sys.stderr.write(
            f"\nThe demo failed: a server went away: {type(error).__name__}: {error}\n"
            f"What to do: read {FOLDER / 'istmo.log'} and {FOLDER / 'fake-pac.log'}, and run `make demo` again.\n"
        )
        return 1
    except DemoFailedError as error:
        sys.stderr.write(f"\nThe demo failed: {error}\nWhat to do: {error.advice}\n")
        return 1
    _sum_up(console, timing, (first, second))
    return 0


def _sum_up(console: Console, timing: Timing, documents: tuple[Told, ...]) -> None:
    console.print()
    table = Table("step", "seconds", title="Timing", title_justify="left")
    for step, seconds in timing.steps:
        table.add_row(step, f"{seconds:.2f}")
    console.print(table)
    for place, told in enumerate(documents, start=1):
        # plain writes: complete and alone on their line, whatever the width of the terminal
        sys.stdout.write(f"\nInvoice {place}: CUFE, QR address, PDF\n{told.cufe}\n{told.qr}\n{told.pdf}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
