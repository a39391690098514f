"""The departure log in files outside the database, beside the high-water marks.

One file per day (UTC) for all taxpayers: ``<root>/.departures/2026-11-24``, one line per departure: the first 16 hex
digits of the SHA-256 of the rest, its kind (D or V), its JSON. A lock file keeps several processes of one machine
apart.

A line that was cut off by a crash is the last one, and nothing left for it: whoever writes next takes it away. A line
that is not what its digest says is damage, and is counted.
"""

import asyncio
import fcntl
import hashlib
import logging
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date
from itertools import islice
from pathlib import Path

import msgspec

from adapters.persistence.content_codec import from_json, to_json
from adapters.persistence.durable_files import flush_folder, make_durable_folder
from core.departures import Departure, LogPage, LogReach, VoidDeparture
from core.failures import StoreUnavailableError
from core.ports.departure_log import DepartureLog

FOLDER = ".departures"
KEPT_DAYS = 90
PAGE = 100
LINE_MAX = 4_096
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LINE = re.compile(rb"([0-9a-f]{16}) ((D|V) (\{.*\}))", re.DOTALL)

log = logging.getLogger(__name__)


class LocalDepartureLog(DepartureLog):
    """Days are counted by files and not by the clock, so a clock that is wrong forgets nothing."""

    def __init__(self, root: Path, *, kept_days: int = KEPT_DAYS) -> None:
        """``root``: the folder of the high-water marks. ``kept_days``: days with departures, at least 1."""
        self._folder = root / FOLDER
        self._kept_days = kept_days

    async def keep(self, departure: Departure | VoidDeparture) -> None:
        """See the port."""
        try:
            await asyncio.to_thread(self._append, departure)
        except OSError as error:
            raise StoreUnavailableError from error

    async def pages(self) -> AsyncIterator[LogPage]:
        """See the port."""
        try:
            for path in await asyncio.to_thread(day_files, self._folder):
                left = _lines(path)
                while lines := await asyncio.to_thread(_some, left):
                    read = [_read(line) for line in lines]
                    known = tuple(each for each in read if each is not None)
                    yield LogPage(departures=known, damaged=len(read) - len(known))
        except OSError as error:
            raise StoreUnavailableError from error

    async def reach(self) -> LogReach:
        """See the port."""
        try:
            days = await asyncio.to_thread(day_files, self._folder)
        except OSError as error:
            raise StoreUnavailableError from error
        return LogReach(since=date.fromisoformat(days[0].name) if days else None, kept_days=self._kept_days)

    async def take_back(self, copies: Sequence[Path]) -> None:
        """Days as a backup has them, where this log does not begin with the same. Raises StoreUnavailableError."""
        try:
            for copy in copies:
                await asyncio.to_thread(self._take_back, copy)
        except OSError as error:
            raise StoreUnavailableError from error

    def _take_back(self, copy: Path) -> None:
        content = copy.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        here = self._folder / copy.name
        if whole and not (here.is_file() and here.read_bytes().startswith(whole)):
            self._write(here, whole)

    def _append(self, departure: Departure | VoidDeparture) -> None:
        self._write(self._folder / departure.at.astimezone(UTC).date().isoformat(), _line_of(departure))

    def _write(self, path: Path, lines: bytes) -> None:
        if not self._folder.is_dir():
            make_durable_folder(self._folder)
        with _alone(self._folder / ".lock"):
            if _append_durably(path, lines):
                self._forget_oldest()

    def _forget_oldest(self) -> None:
        """A backup from before what is forgotten here must not be restored without asking the PAC for each document."""
        for path in day_files(self._folder)[: -self._kept_days]:
            path.unlink()
            log.warning(
                "The departures of %s are forgotten (%s days are kept): a restore of a backup of that day or an"
                " earlier one would not know what was issued since",
                path.name,
                self._kept_days,
            )


def day_files(folder: Path) -> list[Path]:
    """The files of days, the oldest first. Raises OSError."""
    return sorted(path for path in folder.glob("*") if is_day(path.name))


def is_day(name: str) -> bool:
    """Whether this is the name of a day's file."""
    if _DAY.fullmatch(name) is None:
        return False
    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True


def _line_of(departure: Departure | VoidDeparture) -> bytes:
    kind = "D" if isinstance(departure, Departure) else "V"
    said = f"{kind} {to_json(departure)}".encode()
    line = b"%s %s\n" % (_digest_of(said), said)
    if len(line) > LINE_MAX:
        raise OSError("a departure is too long for its line")
    return line


def _some(left: Iterator[bytes]) -> list[bytes]:
    return list(islice(left, PAGE))


def _read(line: bytes) -> Departure | VoidDeparture | None:
    match = _LINE.fullmatch(line)
    if match is None or _digest_of(match[2]) != match[1]:
        return None
    text = match[4].decode(errors="replace")
    try:
        return from_json(Departure, text) if match[3] == b"D" else from_json(VoidDeparture, text)
    except msgspec.MsgspecError:
        return None


def _digest_of(said: bytes) -> bytes:
    return hashlib.sha256(said).hexdigest()[:16].encode()


def _lines(path: Path) -> Iterator[bytes]:
    """The whole lines. What follows the last line end was cut off before anything left, or is being written now."""
    with path.open("rb") as file:
        while line := file.readline(LINE_MAX):
            if line.endswith(b"\n"):
                yield line[:-1]
            elif len(line) == LINE_MAX:  # no line of ours is as long
                yield line


def _append_durably(path: Path, lines: bytes) -> bool:
    """Whether they are the first of the file."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = _end_of_whole_lines(descriptor)
        if end == 0:
            flush_folder(path.parent)  # a file without lines may be one whose name is not on the disk yet
        if os.pwrite(descriptor, lines, end) != len(lines):
            os.ftruncate(descriptor, end)
            raise OSError("the departure log took a part of a line only")
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
    return end == 0


def _end_of_whole_lines(descriptor: int) -> int:
    """Where the next line begins. What a crash cut off is taken away; what is longer than any line of ours is damage,
    and stays."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, LINE_MAX, max(size - LINE_MAX, 0))
    if not tail or tail.endswith(b"\n"):
        return size
    if b"\n" not in tail and size > LINE_MAX:
        return size + os.pwrite(descriptor, b"\n", size)
    end = size - len(tail) + tail.rfind(b"\n") + 1
    os.ftruncate(descriptor, end)
    return end


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
