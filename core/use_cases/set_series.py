"""A taxpayer who comes from another PAC goes on where he stopped."""

import re

from core.codes import DocumentType
from core.documents import SeriesKey
from core.failures import MalformedSeriesError
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.series_ledger import SeriesLedger, SeriesMove, SeriesState
from core.ports.tenant_resolver import TenantResolver

NUMBER_MAX = 9_999_999_999
_BILLING_POINT = re.compile(r"(?!000)[0-9]{3}", re.ASCII)


class SetSeries:
    """Move a series forward; the move is kept as an event with who and why."""

    def __init__(self, tenants: TenantResolver, series_ledger: SeriesLedger, clock: Clock) -> None:
        self._tenants = tenants
        self._series_ledger = series_ledger
        self._clock = clock

    async def __call__(
        self,
        tenant_id: TenantId,
        *,
        billing_point: str,
        document_type: DocumentType,
        next_number: int,
        reason: str,
        actor: str,
    ) -> SeriesState:
        """Raises TenantNotFoundError, MalformedSeriesError, SeriesNotForwardError."""
        if not _BILLING_POINT.fullmatch(billing_point) or not 1 <= next_number <= NUMBER_MAX:
            raise MalformedSeriesError
        await self._tenants.get(tenant_id)
        move = SeriesMove(
            at=self._clock.now(),
            actor=actor,
            series=SeriesKey(billing_point=billing_point, document_type=document_type),
            from_number=0,
            to_number=next_number,
            reason=reason,
        )
        return await self._series_ledger.advance(tenant_id, move)
