"""Documents that a restore made unknown, kept in the database that was restored."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Protocol

from core.documents import SeriesKey
from core.identifiers import DocumentId, OrderId, TenantId
from core.lost_documents import LostDocument

LostStep = Callable[[LostDocument], LostDocument]
"""A synchronous, pure step over a lost document."""


class LostDocuments(Protocol):
    """Keeps them until a person settles them, and after that as the explanation of their number.

    Every method raises StoreUnavailableError when the store cannot be reached or cannot write.
    """

    @abstractmethod
    async def add(self, tenant_id: TenantId, lost: Sequence[LostDocument]) -> int:
        """Keep up to 100 of one tenant, in one transaction, and return how many are new. One that is there already
        stays as it is. Raises MalformedPageError for more."""

    @abstractmethod
    async def in_the_way(
        self, tenant_id: TenantId, *, key_digest: str, document_id: DocumentId | None, order_id: OrderId | None
    ) -> Sequence[LostDocument]:
        """Those with this key, this id or this order, but for those that were never issued; at most 100, the lowest
        id first."""

    @abstractmethod
    async def get(self, tenant_id: TenantId, document_id: DocumentId) -> LostDocument:
        """Raises DocumentNotFoundError, also for another tenant's."""

    @abstractmethod
    async def change(self, tenant_id: TenantId, document_id: DocumentId, step: LostStep) -> LostDocument:
        """Apply ``step`` under the row's lock. When it raises, nothing is written and the error passes through.

        Raises DocumentNotFoundError.
        """

    @abstractmethod
    async def page(
        self, tenant_id: TenantId, *, only_open: bool, limit: int, after: DocumentId | None
    ) -> Sequence[LostDocument]:
        """One page, the lowest id first; ``limit`` 1 to 100. Raises MalformedPageError for another one."""

    @abstractmethod
    async def numbered(
        self, tenant_id: TenantId, series: SeriesKey, *, first: int, last: int, limit: int
    ) -> Sequence[LostDocument]:
        """Those with numbers from ``first`` to ``last``, ascending; ``limit`` 1 to 1,001.

        Raises MalformedPageError for another limit.
        """
