"""Documents that a restore made unknown, in SQL."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.content_codec import from_json, to_json_whatever_it_says
from adapters.persistence.document_keys import LARGEST_PAGE, refuse_page
from adapters.persistence.statements import Row, Statement, insert_into
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables.lost_document_tables import lost_documents
from core.documents import SeriesKey, Submission
from core.failures import DocumentNotFoundError, MalformedPageError
from core.identifiers import DocumentId, OrderId, TenantId
from core.lost_documents import LostDocument
from core.ports.lost_documents import LostDocuments, LostStep
from core.ports.number_book import PAGE_MAX

_c = lost_documents.c
_of_tenant = _c.tenant_id == sa.bindparam("tenant")
_this = sa.and_(_of_tenant, _c.document_id == sa.bindparam("document"))
_content = sa.select(_c.content)
_add = Statement(
    lambda dialect: insert_into(dialect, lost_documents).on_conflict_do_nothing(
        index_elements=[_c.tenant_id, _c.document_id]
    )
)
_in_the_way = Statement(
    _content.where(
        _of_tenant,
        sa.or_(
            _c.key_digest == sa.bindparam("key_digest"),
            _c.document_id == sa.bindparam("document"),
            sa.and_(_c.order_id.is_not(None), _c.order_id == sa.bindparam("order_id")),
        ),
        _c.submission != Submission.REFUSED.value,
    )
    .order_by(_c.document_id)
    .limit(LARGEST_PAGE)
)
_get = Statement(_content.where(_this))
_lock = Statement(_content.where(_this).with_for_update())
_change = Statement(
    sa.update(lost_documents)
    .where(_this)
    .values(submission=sa.bindparam("new_submission"), content=sa.bindparam("new_content"))
)
_page = Statement(
    _content.where(
        _of_tenant,
        _c.document_id > sa.bindparam("after"),
        sa.or_(sa.bindparam("only_open", type_=sa.Integer) == 0, _c.submission == Submission.IN_DOUBT.value),
    )
    .order_by(_c.document_id)
    .limit(sa.bindparam("limit"))
)
_numbered = Statement(
    _content.where(
        _of_tenant,
        _c.billing_point == sa.bindparam("point"),
        _c.document_type == sa.bindparam("type"),
        _c.number >= sa.bindparam("first"),
        _c.number <= sa.bindparam("last"),
    )
    .order_by(_c.number, _c.document_id)
    .limit(sa.bindparam("limit"))
)


class SqlLostDocuments(LostDocuments):
    """The columns are for finding them; the row's content is what they are."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def add(self, tenant_id: TenantId, lost: Sequence[LostDocument]) -> int:
        """See the port."""
        if len(lost) > LARGEST_PAGE:
            raise MalformedPageError(path=("first",), limit=LARGEST_PAGE)

        def unit(connection: Connection) -> int:
            return sum(connection.run(_add, **storable(lost_document_columns(one))) for one in lost)

        return await self._units.write(unit, tenant_id=tenant_id)

    async def in_the_way(
        self, tenant_id: TenantId, *, key_digest: str, document_id: DocumentId | None, order_id: OrderId | None
    ) -> Sequence[LostDocument]:
        """See the port."""
        rows = await self._units.read(
            _in_the_way, tenant_id=tenant_id, key_digest=key_digest, document=document_id, order_id=order_id
        )
        return tuple(map(_lost_of, rows))

    async def get(self, tenant_id: TenantId, document_id: DocumentId) -> LostDocument:
        """See the port."""
        rows = await self._units.read(_get, tenant_id=tenant_id, document=document_id)
        if not rows:
            raise DocumentNotFoundError(document_id=document_id)
        return _lost_of(rows[0])

    async def change(self, tenant_id: TenantId, document_id: DocumentId, step: LostStep) -> LostDocument:
        """See the port."""
        which = storable({"tenant": tenant_id, "document": document_id})

        def unit(connection: Connection) -> LostDocument:
            row = connection.one_or_none(_lock, **which)
            if row is None:
                raise DocumentNotFoundError(document_id=document_id)
            after = step(_lost_of(row))
            columns = lost_document_columns(after)
            changed = {"new_submission": columns["submission"], "new_content": columns["content"]}
            connection.run(_change, **which, **storable(changed))
            return after

        return await self._units.write(unit, tenant_id=tenant_id)

    async def page(
        self, tenant_id: TenantId, *, only_open: bool, limit: int, after: DocumentId | None
    ) -> Sequence[LostDocument]:
        """See the port."""
        refuse_page(limit)
        rows = await self._units.read(
            _page, tenant_id=tenant_id, only_open=int(only_open), limit=limit, after=after or ""
        )
        return tuple(map(_lost_of, rows))

    async def numbered(
        self, tenant_id: TenantId, series: SeriesKey, *, first: int, last: int, limit: int
    ) -> Sequence[LostDocument]:
        """See the port."""
        refuse_page(limit, PAGE_MAX)
        point, document_type = series.billing_point, series.document_type.value
        rows = await self._units.read(
            _numbered, tenant_id=tenant_id, point=point, type=document_type, first=first, last=last, limit=limit
        )
        return tuple(map(_lost_of, rows))


def lost_document_columns(lost: LostDocument) -> Row:
    """The row of a lost document."""
    departure = lost.departure
    return {
        "tenant_id": departure.tenant_id,
        "document_id": departure.document_id,
        "key_digest": departure.key_digest,
        "order_id": departure.order_id,
        "billing_point": departure.series.billing_point,
        "document_type": departure.series.document_type.value,
        "number": departure.number,
        "submission": lost.submission.value,
        "content": to_json_whatever_it_says(lost),
    }


def _lost_of(row: Row) -> LostDocument:
    return from_json(LostDocument, row["content"])
