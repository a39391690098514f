"""What `istmo issue` says: a line for each invoice, a bar for a person, a sum at the end."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bootstrap.bulk_files import FileLine
from bootstrap.commands.speaking import complain, say
from bootstrap.json_files import faulty_place
from core.documents import FiscalDocument, Submission
from core.preflight import PreflightRefusedError
from core.use_cases.issue_invoices import BulkLine, BulkResult


@dataclass(slots=True)
class BulkReport:
    """Counts and tells. ``keep`` gets each result as one plain object."""

    total: int = 0
    keep: Callable[[dict[str, object]], None] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    advance: Callable[[], None] = lambda: None

    def good_lines(self, lines: Iterable[FileLine], numbers: dict[int, FileLine]) -> Iterator[BulkLine]:
        """The lines that can be issued; of the others it is said what is wrong. ``numbers`` remembers them by place."""
        for place, line in enumerate(lines):
            if line.invoice is None:
                self._bad(line, line.fault)
                continue
            numbers[place] = line
            yield BulkLine(place=place, key=line.key, invoice=line.invoice)

    def read(self, line: FileLine) -> None:
        """A line that was only read."""
        if line.invoice is None:
            self._bad(line, line.fault)
        else:
            self.counts["readable"] += 1

    def issued(self, line: FileLine, result: BulkResult) -> None:
        """A line that was tried."""
        if result.document is None:
            self._bad(line, _told(result))
            return
        state = _state(result.document)
        self.counts[state] += 1
        cufe = result.document.cufe or result.document.expected_cufe
        say(f"{line.number}\t{line.key}\t{state}\t{result.document.number:010d}\t{cufe}")
        self._keep(line, state=state, documentId=result.document.document_id, cufe=cufe)

    def end(self) -> None:
        """The sum, and exit code 1 when a line was bad."""
        say(", ".join(f"{count} {state}" for state, count in sorted(self.counts.items())) or "nothing to issue")
        raise SystemExit(1 if self.counts["bad"] else 0)

    @contextmanager
    def showing_progress(self) -> Iterator[None]:
        """A bar on standard error, where a person looks."""
        if not sys.stderr.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("issuing", total=self.total)
            self.advance = lambda: progress.advance(task)
            yield

    def _bad(self, line: FileLine, fault: str) -> None:
        self.counts["bad"] += 1
        complain(f"{line.number}\t{line.key or '-'}\tbad\t{fault}")
        self._keep(line, state="bad", fault=fault)

    def _keep(self, line: FileLine, **told: object) -> None:
        self.advance()
        if self.keep is not None:
            self.keep({"line": line.number, "idempotencyKey": line.key} | told)


def _state(document: FiscalDocument) -> str:
    is_accepted = document.submission is Submission.ACCEPTED
    return document.legal_status.value if is_accepted else document.submission.value


def _told(result: BulkResult) -> str:
    error = result.failure
    if error is None:
        return "nothing came of it"
    if isinstance(error, PreflightRefusedError):
        findings = [f"{'.'.join(map(str, each.path))}: {each.message.english}" for each in error.verdict.errors]
        return "; ".join(findings)
    return f"{error.code}: {faulty_place(error)}"
