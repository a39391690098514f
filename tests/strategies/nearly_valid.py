"""The project's tests reach the shipped strategies here too; there is one copy, in the fake's package."""

from adapters.alanube.fake.strategies.nearly_valid import (
    BREAKS,
    INVOICE_CUFE,
    NAMED_AT,
    STAYS_OFF_THE_WIRE,
    WARNED_ABOUT,
    nearly_valid_drafts,
    warned_drafts,
)

__all__ = [
    "BREAKS",
    "INVOICE_CUFE",
    "NAMED_AT",
    "STAYS_OFF_THE_WIRE",
    "WARNED_ABOUT",
    "nearly_valid_drafts",
    "warned_drafts",
]
