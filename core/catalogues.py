"""The DGI's catalogues as the PAC serves them: codes with their Spanish names."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache

ENTRIES_MAX = 20_000
CODE_MAX, NAME_MAX = 40, 300


class CatalogueKind(Enum):
    """Which catalogue."""

    GOODS_AND_SERVICES = "GOODS_AND_SERVICES"  # CPBS: segments of 2 digits, families of 4
    LOCATIONS = "LOCATIONS"  # province-district-corregimiento
    UNITS = "UNITS"
    COUNTRIES = "COUNTRIES"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One code and what it means, in Spanish as the DGI names it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A catalogue as it was at ``fetched_at``, in the PAC's order."""

    kind: CatalogueKind
    entries: tuple[CatalogueEntry, ...]
    fetched_at: datetime


def search(catalogue: Catalogue, text: str) -> tuple[CatalogueEntry, ...]:
    """The entries whose code begins with ``text``, then those whose name has every word of it.

    Accents, case and the ñ's tilde make no difference. Blank text finds everything.
    """
    wanted = plain(text)
    if not wanted:
        return catalogue.entries
    words = wanted.split()
    by_code, by_name = [], []
    for entry in catalogue.entries:
        code, name = plain_entry(entry)
        if code.startswith(wanted):
            by_code.append(entry)
        elif all(word in name for word in words):
            by_name.append(entry)
    return (*by_code, *by_name)


@lru_cache(maxsize=2 * ENTRIES_MAX)
def plain_entry(entry: CatalogueEntry) -> tuple[str, str]:
    """Code and name as they are searched. Remembered: a catalogue is read anew for each search, and says the same."""
    return plain(entry.code), plain(entry.name)


def plain(text: str) -> str:
    """Lower case without accents and outer blanks."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).casefold().strip()
