"""Which of the two languages a caller reads."""

import re
from enum import Enum

from core.errors import Wording

_RANGE = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]{1,30})?\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?))?\s*", re.ASCII)
_RANGES_MAX = 20


class Language(Enum):
    """The languages that every text exists in."""

    ENGLISH = "en"
    SPANISH = "es"

    def of(self, wording: Wording) -> str:
        """The text in this language."""
        return wording.spanish if self is Language.SPANISH else wording.english


def preferred_language(accept_language: str | None) -> Language:
    """What an Accept-Language header prefers; English when it prefers neither or cannot be read."""
    weights = {"en": 0.0, "es": 0.0}
    for entry in (accept_language or "")[:500].split(",")[:_RANGES_MAX]:
        match = _RANGE.fullmatch(entry)
        if match is not None and (tag := match[1].lower()) in weights:
            weights[tag] = max(weights[tag], float(match[2] or 1))
    return Language.SPANISH if weights["es"] > weights["en"] else Language.ENGLISH
