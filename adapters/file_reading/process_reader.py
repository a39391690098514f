"""A file of a stranger is read in a process of its own: what breaks there breaks nothing here."""

import asyncio
import json
import os
import sys
from typing import Any

from adapters.file_reading.reading import SECONDS_MAX
from core.errors import Wording
from core.failures import FileUnreadableError
from core.ports.file_reader import FILE_BYTES_MAX, FileReader, ReadFile, kind_of

ANSWER_MAX = 2 * 1024 * 1024
_PROGRAM = "import sys; sys.path[:0] = {path!r}; from adapters.file_reading.reading import main; main()"

_NO_DOCUMENT = Wording("it is no PDF, PNG or JPEG of at most 10 MiB", "no es un PDF, PNG o JPEG de hasta 10 MiB")
_TOO_SLOW = Wording("reading it takes too long", "leerlo tarda demasiado")
_BREAKS = Wording("it breaks the program that reads it", "rompe el programa que lo lee")


class ProcessFileReader(FileReader):
    """Starts one short process per file, at most ``at_once`` at a time."""

    def __init__(self, *, at_once: int = 2, seconds_max: float = SECONDS_MAX + 10) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._seconds_max = seconds_max

    async def read(self, content: bytes) -> ReadFile:
        """See the port."""
        if kind_of(content) is None or len(content) > FILE_BYTES_MAX:
            raise FileUnreadableError(reason=_NO_DOCUMENT)
        async with self._turns:
            answer: Any = json.loads(await self._ask(content))
        if "unreadable" in answer:
            raise FileUnreadableError(reason=Wording(*answer["unreadable"]))
        return ReadFile(qr_texts=tuple(answer["qr_texts"]), text=answer["text"])

    async def _ask(self, content: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", _PROGRAM.format(path=sys.path)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},  # no secret of ours
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self._seconds_max):
                answer, _ = await process.communicate(content)
        except TimeoutError:
            raise FileUnreadableError(reason=_TOO_SLOW) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or len(answer) > ANSWER_MAX:
            raise FileUnreadableError(reason=_BREAKS)
        return answer
