"""What commands say: results on standard output, failures in words on standard error."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bootstrap.failures import SettingsError
from core.errors import IstmoError


def say(text: str = "") -> None:
    """One line of the result."""
    sys.stdout.write(f"{text}\n")


def say_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under headings, tab-separated where the output is piped, aligned where a person reads it."""
    if not sys.stdout.isatty():
        for row in rows:
            say("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def complain(text: str) -> None:
    """One line about a failure."""
    sys.stderr.write(f"{text}\n")


@contextmanager
def telling_failures() -> Iterator[None]:
    """Turn expected failures into a message, a hint and exit code 1; a bug keeps its traceback."""
    try:
        yield
    except IstmoError as error:
        complain(f"error {error.code}: {error.message.english}")
        if error.hint.english:
            complain(f"  {error.hint.english}")
        raise SystemExit(1) from None
    except SettingsError as error:
        for problem in error.problems:
            complain(f"error settings: {problem.variable} {problem.reason}")
        complain("  `istmo config show` lists every variable.")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
