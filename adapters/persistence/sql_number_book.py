"""Documents by their numbers in SQL, from the unique index of numbers."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.persistence.content_codec import from_json
from adapters.persistence.document_keys import refuse_page
from adapters.persistence.document_rows import ids_of
from adapters.persistence.instants import from_micros
from adapters.persistence.statements import Row, Statement
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables import documents
from core.documents import LegalStatus, Refusal, SeriesKey, Submission
from core.identifiers import TenantId
from core.number_ledger import NumberedDocument, reason_of
from core.ports.number_book import PAGE_MAX, NumberBook
from core.series_traffic import AttemptUnderWay, SeriesTraffic

_c = documents.c
_numbered = Statement(
    sa.select(
        *(_c.number, _c.document_id, _c.submission, _c.legal_status, _c.authorised_beside),
        *(_c.refusal, _c.quarantine_reason, _c.doubt_reason),
    )
    .where(
        _c.tenant_id == sa.bindparam("tenant"),
        _c.billing_point == sa.bindparam("point"),
        _c.document_type == sa.bindparam("type"),
        _c.number >= sa.bindparam("first"),
        _c.number <= sa.bindparam("last"),
    )
    .order_by(_c.number)
    .limit(sa.bindparam("limit"))
)
_under_way = Statement(
    sa.select(_c.number, _c.document_id, _c.submission, _c.claim_expires_at)
    .where(
        _c.tenant_id == sa.bindparam("tenant"),
        _c.submission == sa.bindparam("state"),
        _c.billing_point == sa.bindparam("point"),
        _c.document_type == sa.bindparam("type"),
    )
    .order_by(_c.document_id)
    .limit(1_000)
)


class SqlNumberBook(NumberBook):
    """Reads the rows alone, not what the documents say."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def numbered(
        self, tenant_id: TenantId, series: SeriesKey, *, first: int, last: int, limit: int
    ) -> Sequence[NumberedDocument]:
        """See the port."""
        refuse_page(limit, PAGE_MAX)
        point, document_type = series.billing_point, series.document_type.value
        rows = await self._units.read(
            _numbered, tenant_id=tenant_id, point=point, type=document_type, first=first, last=last, limit=limit
        )
        return tuple(map(_numbered_document, rows))

    async def traffic(self, tenant_id: TenantId, series: SeriesKey) -> SeriesTraffic:
        """See the port."""
        which = {"point": series.billing_point, "type": series.document_type.value}
        doubted = await self._units.read(_under_way, tenant_id=tenant_id, state=Submission.IN_DOUBT.value, **which)
        sending = await self._units.read(_under_way, tenant_id=tenant_id, state=Submission.SENDING.value, **which)
        return SeriesTraffic(
            lowest_in_doubt=min((row["number"] for row in doubted), default=None),
            under_way=tuple(
                AttemptUnderWay(document_id=row["document_id"], lease_ends_at=from_micros(row["claim_expires_at"]))
                for row in sending
                if row["claim_expires_at"] is not None
            ),
        )


def _numbered_document(row: Row) -> NumberedDocument:
    refusal = None if row["refusal"] is None else from_json(Refusal, row["refusal"])
    return NumberedDocument(
        number=row["number"],
        document_id=row["document_id"],
        submission=Submission(row["submission"]),
        standing_status=LegalStatus(row["legal_status"]).beside(ids_of(row["authorised_beside"])),
        reason=reason_of(refusal, row["quarantine_reason"], row["doubt_reason"]),
    )
