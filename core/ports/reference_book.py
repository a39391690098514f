"""What the PAC told about taxpayers and catalogues, kept with its age so that it can be told again."""

from abc import abstractmethod
from typing import Protocol

from core.catalogues import Catalogue, CatalogueKind
from core.codes import RucType
from core.identifiers import TenantId
from core.ports.ruc_registry import RegisteredRuc


class ReferenceBook(Protocol):
    """One tenant's copy of the PAC's answers: what one tenant learnt never answers another.

    Every method raises StoreUnavailableError when the store cannot be reached or cannot write.
    """

    @abstractmethod
    async def recall_ruc(self, tenant_id: TenantId, ruc: str, ruc_type: RucType) -> RegisteredRuc | None:
        """The newest answer about a RUC (in its normalised form), however old it is."""

    @abstractmethod
    async def keep_ruc(self, tenant_id: TenantId, known: RegisteredRuc) -> None:
        """Keep an answer; an older one is replaced, a newer one stays."""

    @abstractmethod
    async def forget_ruc(self, tenant_id: TenantId, ruc: str, ruc_type: RucType) -> None:
        """The registry says that it knows no such RUC any more."""

    @abstractmethod
    async def recall_catalogue(self, tenant_id: TenantId, kind: CatalogueKind) -> Catalogue | None:
        """The newest copy of a catalogue, however old it is."""

    @abstractmethod
    async def keep_catalogue(self, tenant_id: TenantId, catalogue: Catalogue) -> None:
        """Keep a copy; an older one is replaced, a newer one stays."""
