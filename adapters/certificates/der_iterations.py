"""How often a .p12 wants its password hashed, read before anything is hashed: a number without a bound is an attack."""

from collections.abc import Iterator

INTEGER, OCTET_STRING = 0x02, 0x04
_CONSTRUCTED = 0x20
_DEPTH_MAX = 24


def most_iterations(content: bytes) -> int:
    """The largest iteration count of a password's derivation: an INTEGER after the OCTET STRING of its salt.

    0 where there is none, or where the bytes are no DER: then nothing is derived from them either.
    """
    return max(_counts(content, 0), default=0)


def _counts(content: bytes, depth: int) -> Iterator[int]:
    previous = 0
    for tag, value in _elements(content):
        if tag == INTEGER and previous == OCTET_STRING:
            yield int.from_bytes(value[:16])
        if depth < _DEPTH_MAX and (tag & _CONSTRUCTED or tag == OCTET_STRING):
            yield from _counts(value, depth + 1)
        previous = tag


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and value of each element; nothing at all when they do not fill the bytes exactly."""
    found, place = [], 0
    while place < len(content):
        if place + 2 > len(content):
            return
        tag, length, start = content[place], content[place + 1], place + 2
        if length > 0x80:
            size = length - 0x80
            if size > 4:
                return
            length, start = int.from_bytes(content[start : start + size]), start + size
        if length == 0x80 or start + length > len(content):
            return
        found.append((tag, content[start : start + length]))
        place = start + length
    yield from found
