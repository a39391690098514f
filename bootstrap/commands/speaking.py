"""What commands say: results on standard output, failures in words on standard error."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bootstrap.failures import CannotListenError, SettingsError
from core.errors import Category, IstmoError


def say(text: str = "") -> None:
    """One line of the result, there at once also where the output is piped: a test waits for an address."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


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


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; exit code 2 where that cannot be done."""
    try:
        with path.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except OSError as error:
        complain(f"error file: cannot write {path}: {error.strerror}")
        raise SystemExit(2) from None


@contextmanager
def telling_failures() -> Iterator[None]:
    """Turn expected failures into a message, a hint and exit code 1; a bug keeps its traceback."""
    try:
        yield
    except IstmoError as error:
        complain(f"error {error.code}: {error.message.english}")
        if error.hint.english:
            complain(f"  {error.hint.english}")
        if error.category is Category.UNAVAILABLE:
            for cause in _causes(error):
                complain(f"  cause: {cause}")
        raise SystemExit(1) from None
    except CannotListenError as error:
        complain(f"error port: {error}")
        complain("  Stop what listens there, or choose another port (--port, or ISTMO_PORT for `istmo serve`).")
        raise SystemExit(1) from None
    except SettingsError as error:
        for problem in error.problems:
            complain(f"error settings: {problem.variable} {problem.reason}")
        complain("  `istmo config show` lists every variable.")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _causes(error: BaseException) -> Iterator[str]:
    """What lies below a failure, one line each, for whoever operates the machine; secrets are taken out."""
    from bootstrap.logs import hide_secrets

    told = str(error)
    below = error.__cause__
    while below is not None:
        line = hide_secrets(str(below)).strip().partition("\n")[0]
        if line and line not in told:
            yield line
            told = line
        below = below.__cause__
