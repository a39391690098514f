"""Archives for a download, made in memory and off the event loop, one at a time."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator

from adapters.bundles.zip_files import ZipSink
from core.archives import ArchivedFile
from core.failures import ArchiveBusyError
from core.ports.archive_writer import ArchiveWriter


class ZipArchiveWriter(ArchiveWriter):
    """Compressing runs in a thread; whoever finds another archive under way waits for it a little."""

    def __init__(self, *, wait_seconds: float = 10.0) -> None:
        self._turn = asyncio.Lock()
        self._wait_seconds = wait_seconds

    async def pack(self, files: AsyncIterator[ArchivedFile]) -> bytes:
        """See the port."""
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise ArchiveBusyError from None
        try:
            return await _pack(files)
        finally:
            self._turn.release()


async def _pack(files: AsyncIterator[ArchivedFile]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        sink = ZipSink(archive)
        async for file in files:
            await _in_a_thread(sink, file)
    return out.getvalue()


async def _in_a_thread(sink: ZipSink, file: ArchivedFile) -> None:
    """A caller who leaves does not leave the thread behind: the archive is closed only when it is done."""
    adding = asyncio.ensure_future(asyncio.to_thread(sink.add, file.name, file.content))
    try:
        await asyncio.shield(adding)
    except asyncio.CancelledError:
        await asyncio.wait([adding])
        raise
