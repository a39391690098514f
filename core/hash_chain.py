"""The links of a hash chain: an entry that is changed, dropped or reordered breaks it."""

import hashlib
import json
from collections.abc import Sequence

GENESIS = "0" * 64

Content = Sequence[str | int | Sequence[tuple[str, str]] | None]


def link(previous: str, sequence: int, content: Content) -> str:
    """SHA-256, hex, over the digest before (GENESIS for the first), the place from 1 and what the entry says."""
    canonical = json.dumps([previous, sequence, *content], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
