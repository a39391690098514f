"""A catalogue is searched by code and by words, and each of its entries is made plain once."""

import pytest

from core.catalogues import Catalogue, CatalogueEntry, CatalogueKind, plain_entry, search
from tests.builders import NOW

NAMES = {"1310": "Látex, caucho", "13": "Resinas", "0131": "Cauchos 13", "COL": "Colón", "N": "Peña Ñu"}


def a_catalogue() -> Catalogue:
    """Read anew, as a store gives it: equal entries that are other objects."""
    entries = tuple(CatalogueEntry(code=code, name=name) for code, name in NAMES.items())
    return Catalogue(kind=CatalogueKind.GOODS_AND_SERVICES, entries=entries, fetched_at=NOW)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("13", ["1310", "13", "0131"]),
        ("CAUCHO", ["1310", "0131"]),
        ("caucho latex", ["1310"]),
        ("  colon ", ["COL"]),
        ("col", ["COL"]),
        ("nu pena", ["N"]),
        ("nothing such", []),
        ("  ", list(NAMES)),
    ],
)
def test_codes_come_first_and_accents_make_no_difference(text: str, codes: list[str]) -> None:
    assert [entry.code for entry in search(a_catalogue(), text)] == codes


def test_a_catalogue_that_is_read_again_is_not_made_plain_again() -> None:
    plain_entry.cache_clear()
    search(a_catalogue(), "caucho")
    assert plain_entry.cache_info().misses == len(NAMES)
    search(a_catalogue(), "latex")
    assert plain_entry.cache_info().misses == len(NAMES)
