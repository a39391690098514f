"""Cursors: opaque to callers, stable while things are added, because they name the last entry that was shown."""

import base64
import binascii
import re

from core.failures import MalformedPageError

PAGE_MAX = 100

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_LONGEST = 200


def write_cursor(kind: str, entry_id: str) -> str:
    """A cursor after ``entry_id``. ``kind`` keeps a cursor of one list from being read in another."""
    return base64.urlsafe_b64encode(f"{kind}:{entry_id}".encode()).rstrip(b"=").decode()


def read_cursor(kind: str, cursor: str | None) -> str | None:
    """The entry's id, or None for the first page. Raises MalformedPageError."""
    if cursor is None:
        return None
    try:
        padded = cursor[:_LONGEST] + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise MalformedPageError(path=("after",), limit=PAGE_MAX) from None
    found, _, entry_id = text.partition(":")
    if found != kind or not _ID.fullmatch(entry_id):
        raise MalformedPageError(path=("after",), limit=PAGE_MAX)
    return entry_id


def read_first(first: int) -> int:
    """The size of a page. Raises MalformedPageError outside 1 to 100."""
    if not 1 <= first <= PAGE_MAX:
        raise MalformedPageError(path=("first",), limit=PAGE_MAX)
    return first
