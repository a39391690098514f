"""What can be read from a PDF or a photo, without believing any of it."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from core.documents import FileKind

FILE_BYTES_MAX = 10 * 1024 * 1024
MAGIC = {FileKind.PDF: b"%PDF-", FileKind.PNG: b"\x89PNG\r\n\x1a\n", FileKind.JPEG: b"\xff\xd8\xff"}


def kind_of(content: bytes) -> FileKind | None:
    """What the first bytes say; None for anything that is not read here."""
    return next((kind for kind, magic in MAGIC.items() if content.startswith(magic)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """The texts of the QR codes that were found, at most 20, and a PDF's text layer, at most 200,000 characters."""

    qr_texts: tuple[str, ...]
    text: str = ""


class FileReader(Protocol):
    """Reads files that strangers made. Whatever is in them, this process is none the worse for it."""

    @abstractmethod
    async def read(self, content: bytes) -> ReadFile:
        """Raises FileUnreadableError, in words, for a file that is damaged, too large inside, or takes too long."""
