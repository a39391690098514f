"""The SQL of the inspection: selects alone, each bounded by a limit. ``tenant`` says whose rows."""

from collections.abc import Mapping

import sqlalchemy as sa

from adapters.persistence.statements import Statement, one_of
from adapters.persistence.tables import (
    administration_events,
    administration_head,
    api_keys,
    billing_points,
    clients,
    document_attachments,
    document_bodies,
    document_contents,
    document_events,
    document_exchanges,
    documents,
    offices,
    orders,
    series,
    series_moves,
    tenant_secrets,
    tenants,
    webhook_bodies,
    webhook_deliveries,
)
from core.ports.store_inspection import RepeatKind

_c = documents.c
_limit: sa.BindParameter[int] = sa.bindparam("limit")
_after: sa.BindParameter[str] = sa.bindparam("after")
REPEATED_MAX = 10


def _of_tenant(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.tenant_id == sa.bindparam("tenant")


def _same_document(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant_id == _c.tenant_id, table.c.document_id == _c.document_id)


tenant_page = Statement(
    sa.select(tenants.c.tenant_id).where(tenants.c.tenant_id > _after).order_by(tenants.c.tenant_id).limit(_limit)
)

admin_head = Statement(sa.select(administration_head).order_by(administration_head.c.head_id).limit(1))
admin_event_page = Statement(
    sa.select(administration_events)
    .where(administration_events.c.sequence > sa.bindparam("after"))
    .order_by(administration_events.c.sequence)
    .limit(_limit)
)

_whole = sa.select(
    documents,
    document_contents.c.issuer,
    document_contents.c.draft,
    document_contents.c.totals,
    document_bodies.c.body,
).select_from(
    documents.outerjoin(document_contents, _same_document(document_contents)).outerjoin(
        document_bodies, _same_document(document_bodies)
    )
)
document_page = Statement(
    _whole.where(_of_tenant(documents), _c.document_id > _after).order_by(_c.document_id).limit(_limit)
)
notes_of_page = Statement(
    _whole.where(_of_tenant(documents), _c.parent_id.is_not(None), one_of(_c.parent_id, "documents")).order_by(
        _c.parent_id, _c.document_id
    )
)
events_of_page = Statement(
    sa.select(document_events)
    .where(_of_tenant(document_events), one_of(document_events.c.document_id, "documents"))
    .order_by(document_events.c.document_id, document_events.c.sequence)
)
attachments_of_page = Statement(
    sa.select(document_attachments)
    .where(_of_tenant(document_attachments), one_of(document_attachments.c.document_id, "documents"))
    .order_by(document_attachments.c.document_id, document_attachments.c.kind, document_attachments.c.revision)
)

series_page = Statement(
    sa.select(series)
    .where(
        _of_tenant(series),
        sa.or_(
            series.c.billing_point > sa.bindparam("point"),
            sa.and_(series.c.billing_point == sa.bindparam("point"), series.c.document_type > sa.bindparam("type")),
        ),
    )
    .order_by(series.c.billing_point, series.c.document_type)
    .limit(_limit)
)
moves_of_series = Statement(
    sa.select(series_moves)
    .where(
        _of_tenant(series_moves),
        series_moves.c.billing_point == sa.bindparam("point"),
        series_moves.c.document_type == sa.bindparam("type"),
    )
    .order_by(series_moves.c.sequence)
    .limit(_limit)
)
number_page = Statement(
    sa.select(_c.number, _c.document_id)
    .where(
        _of_tenant(documents),
        _c.billing_point == sa.bindparam("point"),
        _c.document_type == sa.bindparam("type"),
        _c.number >= sa.bindparam("number"),
        sa.or_(_c.number > sa.bindparam("number"), _c.document_id > _after),
    )
    .order_by(_c.number, _c.document_id)
    .limit(_limit)
)


def _repeated(value: sa.ColumnElement[str], table: sa.Table, *conditions: sa.ColumnElement[bool]) -> Statement:
    return Statement(
        sa.select(value.label("value"))
        .select_from(table)
        .where(_of_tenant(table), *conditions)
        .group_by(value)
        .having(sa.func.count() > 1)
        .order_by(value)
        .limit(_limit)
    )


def _having(value: sa.ColumnElement[str], table: sa.Table, *conditions: sa.ColumnElement[bool]) -> Statement:
    return Statement(
        sa.select(table.c.document_id)
        .distinct()
        .where(_of_tenant(table), value == sa.bindparam("value"), *conditions)
        .order_by(table.c.document_id)
        .limit(REPEATED_MAX)
    )


_Rule = tuple[sa.ColumnElement[str], sa.Table, tuple[sa.ColumnElement[bool], ...]]
_RULES: Mapping[RepeatKind, _Rule] = {
    RepeatKind.INTENT: (_c.idempotency_key, documents, ()),
    RepeatKind.CUFE: (_c.expected_cufe, documents, (_c.mode == "DGI",)),
    RepeatKind.PAC_ID: (_c.pac_document_id, documents, (_c.pac_document_id.is_not(None),)),
    RepeatKind.LIVE_ORDER: (_c.order_id, documents, (_c.order_id.is_not(None), _c.bills_order == 1)),
}
repeated = {kind: _repeated(value, table, *conditions) for kind, (value, table, conditions) in _RULES.items()}
having = {kind: _having(value, table, *conditions) for kind, (value, table, conditions) in _RULES.items()}


def _stray(
    child: sa.Table, row_id: str, parent: sa.Table, pairs: Mapping[str, str], *, named: str | None = None
) -> Statement:
    """Rows of ``child`` whose columns name no row of ``parent`` within the tenant. ``named``: may be absent."""
    joined = [parent.c[theirs] == child.c[own] for own, theirs in pairs.items()]
    is_there = sa.exists(sa.select(1).where(parent.c.tenant_id == child.c.tenant_id, *joined).correlate(child))
    conditions = [] if named is None else [child.c[named].is_not(None)]
    last = list(pairs)[-1]
    return Statement(
        sa.select(child.c[row_id].label("row_id"), child.c[last].label("parent_id"))
        .distinct()
        .where(_of_tenant(child), *conditions, ~is_there)
        .order_by(child.c[row_id], child.c[last])
        .limit(_limit)
    )


_OF_DOCUMENT = {"document_id": "document_id"}
strays: Mapping[tuple[str, str], Statement] = {
    ("content", "document"): _stray(document_contents, "document_id", documents, _OF_DOCUMENT),
    ("body", "document"): _stray(document_bodies, "document_id", documents, _OF_DOCUMENT),
    ("events", "document"): _stray(document_events, "document_id", documents, _OF_DOCUMENT),
    ("answers of the PAC", "document"): _stray(document_exchanges, "document_id", documents, _OF_DOCUMENT),
    ("files", "document"): _stray(document_attachments, "document_id", documents, _OF_DOCUMENT),
    ("document", "office"): _stray(documents, "document_id", offices, {"office_id": "office_id"}),
    ("document", "order"): _stray(documents, "document_id", orders, {"order_id": "order_id"}, named="order_id"),
    ("document", "client"): _stray(documents, "document_id", clients, {"client_id": "client_id"}, named="client_id"),
    ("order", "client"): _stray(orders, "order_id", clients, {"client_id": "client_id"}, named="client_id"),
    ("billing point", "office"): _stray(billing_points, "billing_point", offices, {"office_id": "office_id"}),
    ("moves", "series"): _stray(
        series_moves, "billing_point", series, {"billing_point": "billing_point", "document_type": "document_type"}
    ),
    ("webhook body", "delivery"): _stray(
        webhook_bodies, "delivery_id", webhook_deliveries, {"delivery_id": "delivery_id"}
    ),
    ("webhook delivery", "document"): _stray(
        webhook_deliveries, "delivery_id", documents, _OF_DOCUMENT, named="document_id"
    ),
}


def _strange(table: sa.Table) -> Statement:
    is_there = sa.exists(sa.select(1).where(tenants.c.tenant_id == table.c.tenant_id).correlate(table))
    return Statement(sa.select(table.c.tenant_id).distinct().where(~is_there).order_by(table.c.tenant_id).limit(_limit))


strange_tenants: Mapping[str, Statement] = {
    "documents": _strange(documents),
    "offices": _strange(offices),
    "API keys": _strange(api_keys),
    "secrets": _strange(tenant_secrets),
    "clients": _strange(clients),
    "orders": _strange(orders),
    "series": _strange(series),
    "webhook deliveries": _strange(webhook_deliveries),
}

_d = webhook_deliveries.c
delivery_page = Statement(
    sa.select(webhook_deliveries, webhook_bodies.c.body)
    .select_from(
        webhook_deliveries.outerjoin(
            webhook_bodies,
            sa.and_(webhook_bodies.c.tenant_id == _d.tenant_id, webhook_bodies.c.delivery_id == _d.delivery_id),
        )
    )
    .where(_of_tenant(webhook_deliveries), _d.delivery_id > _after)
    .order_by(_d.delivery_id)
    .limit(_limit)
)
office_points = Statement(
    sa.select(billing_points.c.billing_point, billing_points.c.office_id, offices.c.code)
    .select_from(
        billing_points.outerjoin(
            offices,
            sa.and_(
                offices.c.tenant_id == billing_points.c.tenant_id, offices.c.office_id == billing_points.c.office_id
            ),
        )
    )
    .where(_of_tenant(billing_points))
    .order_by(billing_points.c.billing_point, billing_points.c.office_id)
    .limit(_limit)
)
referenced = Statement(
    sa.select(document_attachments.c.digest)
    .distinct()
    .where(_of_tenant(document_attachments), one_of(document_attachments.c.digest, "digests"))
)
