"""What is known of a RUC: the registry's answer, a kept one, or the check digit alone."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.failures import PacUnavailableError, RucNotRegisteredError
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.pac_gateway import PacAccount
from core.ports.reference_book import ReferenceBook
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc, RucRegistry
from core.taxpayer import Ruc, check_digit


class RucSource(Enum):
    """Where an answer about a RUC comes from."""

    REGISTRY = "registry"  # asked just now
    CACHE = "cache"  # the registry's, young enough
    STALE_CACHE = "stale_cache"  # the registry's, old, because it does not answer now
    OFFLINE = "offline"  # computed: the registry does not answer and never did


@dataclass(frozen=True, slots=True, kw_only=True)
class RucAnswer:
    """What is known of a RUC. ``receiver_class`` and ``checked_at`` are None when only the check digit is known.

    ``disagreement`` says, for people, how the registry differs from the DGI's paper or from its own last answer.
    """

    ruc: Ruc
    dv: str
    source: RucSource
    receiver_class: ReceiverClass | None = None
    checked_at: datetime | None = None
    disagreement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryTerms:
    """When the registry is asked again, how long it is waited for, and how old an answer may be used without it."""

    fresh: timedelta = timedelta(hours=24)
    usable: timedelta = timedelta(days=30)
    deadline_seconds: float = 5.0  # the PAC is slow, and a till does not wait for it longer than this


class AskRegistry:
    """Answer from the book while its answer is fresh, else from the registry, else from what there is.

    The check digit is computed first: a RUC that is none never leaves this process.
    """

    def __init__(self, registry: RucRegistry, book: ReferenceBook, clock: Clock, terms: RegistryTerms) -> None:
        self._registry = registry
        self._book = book
        self._clock = clock
        self._terms = terms

    async def __call__(self, tenant_id: TenantId, account: PacAccount, ruc: Ruc) -> RucAnswer:
        """Raises RucNotRegisteredError, and PacUnavailableError when only the registry could tell."""
        kept = await self._book.recall_ruc(tenant_id, ruc.normalised, ruc.ruc_type)
        age = self._clock.now() - kept.checked_at if kept is not None else None
        if kept is not None and age is not None and timedelta(0) <= age < self._terms.fresh:
            return _told(ruc, kept, RucSource.CACHE, _against_paper(ruc, kept))
        try:
            known = await self._ask(account, ruc)
        except RucNotRegisteredError:
            await self._book.forget_ruc(tenant_id, ruc.normalised, ruc.ruc_type)
            raise
        except PacUnavailableError:
            if kept is not None and age is not None and age < self._terms.usable:
                return _told(ruc, kept, RucSource.STALE_CACHE, _against_paper(ruc, kept))
            offline = check_digit(ruc).dv
            if offline is None:
                raise
            return RucAnswer(ruc=ruc, dv=offline, source=RucSource.OFFLINE)
        await self._book.keep_ruc(tenant_id, known)
        return _told(ruc, known, RucSource.REGISTRY, _against_paper(ruc, known) or _against_kept(kept, known))

    async def _ask(self, account: PacAccount, ruc: Ruc) -> RegisteredRuc:
        try:
            async with asyncio.timeout(self._terms.deadline_seconds):
                return await self._registry.verify(account, ruc.normalised, ruc.ruc_type)
        except TimeoutError:
            raise PacUnavailableError(reason=f"no answer within {self._terms.deadline_seconds:g} s") from None


def _told(ruc: Ruc, known: RegisteredRuc, source: RucSource, disagreement: str) -> RucAnswer:
    return RucAnswer(
        ruc=ruc,
        dv=known.dv,
        source=source,
        receiver_class=known.receiver_class,
        checked_at=known.checked_at,
        disagreement=disagreement,
    )


def _against_paper(ruc: Ruc, known: RegisteredRuc) -> str:
    offline = check_digit(ruc).dv
    if offline is None or offline == known.dv:
        return ""
    return f"DV {known.dv} at the registry, {offline} by the DGI's paper"


def _against_kept(kept: RegisteredRuc | None, known: RegisteredRuc) -> str:
    if kept is None or (kept.dv, kept.receiver_class) == (known.dv, known.receiver_class):
        return ""
    before, now = (f"{each.receiver_class.value} DV {each.dv}" for each in (kept, known))
    return f"{now} at the registry, {before} before"
