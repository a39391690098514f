"""The DGI's catalogues, read through the PAC."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from core.catalogues import CatalogueEntry, CatalogueKind
from core.ports.pac_gateway import PacAccount


class PacCatalogues(Protocol):
    """Where catalogues come from."""

    @abstractmethod
    async def fetch(self, account: PacAccount, kind: CatalogueKind) -> Sequence[CatalogueEntry]:
        """The whole catalogue, never empty. Raises PacUnavailableError, also for credentials that are refused."""
