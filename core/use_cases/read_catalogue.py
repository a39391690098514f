"""A catalogue of the DGI, from the PAC or from the copy that is kept of it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from core.catalogues import Catalogue, CatalogueKind
from core.failures import PacUnavailableError
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.pac_catalogues import PacCatalogues
from core.ports.reference_book import ReferenceBook
from core.use_cases.pac_account import FindPacAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableCatalogue:
    """A catalogue with its age. ``is_stale``: it is older than it should be, because the PAC does not answer."""

    catalogue: Catalogue
    is_stale: bool


class ReadCatalogue:
    """Give a catalogue that is at most ``fresh`` old; an older copy, which says so, when the PAC is away.

    However many ask at once, the PAC is asked once.
    """

    def __init__(
        self,
        book: ReferenceBook,
        pac: PacCatalogues,
        find_account: FindPacAccount,
        clock: Clock,
        *,
        fresh: timedelta = timedelta(hours=24),
    ) -> None:
        self._book = book
        self._pac = pac
        self._find_account = find_account
        self._clock = clock
        self._fresh = fresh
        self._asking: dict[tuple[TenantId, CatalogueKind], asyncio.Task[Catalogue]] = {}

    async def __call__(self, tenant_id: TenantId, kind: CatalogueKind) -> ReadableCatalogue:
        """Raises PacUnavailableError when there is no copy either, PacCompanyNotConfiguredError."""
        kept = await self._book.recall_catalogue(tenant_id, kind)
        if kept is not None and timedelta(0) <= self._clock.now() - kept.fetched_at < self._fresh:
            return ReadableCatalogue(catalogue=kept, is_stale=False)
        try:
            return ReadableCatalogue(catalogue=await self._fetch(tenant_id, kind), is_stale=False)
        except PacUnavailableError:
            if kept is None:
                raise
            return ReadableCatalogue(catalogue=kept, is_stale=True)

    async def _fetch(self, tenant_id: TenantId, kind: CatalogueKind) -> Catalogue:
        wanted = (tenant_id, kind)
        asking = self._asking.get(wanted)
        if asking is None:
            asking = asyncio.create_task(self._ask(tenant_id, kind))
            self._asking[wanted] = asking
            asking.add_done_callback(lambda _: self._asking.pop(wanted, None))
        return await asyncio.shield(asking)  # one reader that gives up must not take the answer from the others

    async def _ask(self, tenant_id: TenantId, kind: CatalogueKind) -> Catalogue:
        account = await self._find_account(tenant_id)
        entries = await self._pac.fetch(account, kind)
        catalogue = Catalogue(kind=kind, entries=tuple(entries), fetched_at=self._clock.now())
        await self._book.keep_catalogue(tenant_id, catalogue)
        return catalogue
