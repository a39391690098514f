"""The project's tests reach the shipped strategies here too; there is one copy, in the fake's package."""

from adapters.alanube.fake.strategies.drafts import NOW, drafts, with_oti

__all__ = ["NOW", "drafts", "with_oti"]
