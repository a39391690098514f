"""Packs files into one archive."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Protocol

from core.archives import ArchivedFile


class ArchiveWriter(Protocol):
    """One archive at a time in a process: packing takes a core and, while it lasts, the memory of the archive."""

    @abstractmethod
    async def pack(self, files: AsyncIterator[ArchivedFile]) -> bytes:
        """A ZIP of the files in their order; the same files give the same bytes. No name may come twice.

        Raises ArchiveBusyError when its turn does not come, and what ``files`` raises.
        """
