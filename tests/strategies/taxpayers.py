"""The project's tests reach the shipped strategies here too; there is one copy, in the fake's package."""

from adapters.alanube.fake.strategies.taxpayers import DrawnRuc, cufes, rucs

__all__ = ["DrawnRuc", "cufes", "rucs"]
