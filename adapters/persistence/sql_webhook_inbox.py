"""The webhook inbox in SQL: a delivery and its bytes are committed before anybody is answered."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.document_keys import natural_key
from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.statements import Row, Statement, across_tenants, insert_into, one_of
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables import webhook_bodies, webhook_deliveries
from core.failures import DeliveryNotFoundError
from core.identifiers import DeliveryId, DocumentId, PacDocumentId, TenantId
from core.ports.webhook_inbox import Delivery, DeliveryState, Stored, WebhookInbox

_MOST_NAMING = 100
_OPEN = [DeliveryState.RECEIVED.value, DeliveryState.UNMATCHED.value]
_c = webhook_deliveries.c
_of_tenant = _c.tenant_id == sa.bindparam("tenant")
_of_delivery = sa.and_(_of_tenant, _c.delivery_id == sa.bindparam("delivery"))
_received = _c.state == sa.literal_column("'RECEIVED'")  # as text, so that SQLite sees its partial index
_whole = sa.select(webhook_deliveries, webhook_bodies.c.body).join_from(
    webhook_deliveries,
    webhook_bodies,
    sa.and_(webhook_bodies.c.tenant_id == _c.tenant_id, webhook_bodies.c.delivery_id == _c.delivery_id),
)

_store = Statement(
    lambda dialect: (
        insert_into(dialect, webhook_deliveries)
        .on_conflict_do_update(
            index_elements=[_c.tenant_id, _c.body_digest],
            set_={"repeats": _c.repeats + 1, "last_received_at": sa.bindparam("again_at")},
        )
        .returning(*_c)
    )
)
_store_body = Statement(sa.insert(webhook_bodies))
_get = Statement(_whole.where(_of_delivery))
# What was processed stays so: whoever looked for its document before it was there may come late with UNMATCHED.
_stays = sa.and_(_c.state == DeliveryState.PROCESSED.value, sa.bindparam("new_state") != DeliveryState.PROCESSED.value)
_settle = Statement(
    sa.update(webhook_deliveries)
    .where(_of_delivery)
    .values(
        state=sa.case((_stays, _c.state), else_=sa.bindparam("new_state")),
        document_id=sa.case((_stays, _c.document_id), else_=sa.bindparam("document")),
    )
)
_waiting = Statement(
    _whole.where(_of_tenant, _received).order_by(_c.received_at, _c.delivery_id).limit(sa.bindparam("limit"))
)
# A union and not OR: without statistics SQLite would walk the whole tenant instead of two indexes.
_naming_in = Statement(
    _whole.where(
        _of_tenant,
        _c.delivery_id.in_(
            sa.union_all(
                sa.select(_c.delivery_id).where(_of_tenant, _c.pac_document_id == sa.bindparam("pac_document")),
                sa.select(_c.delivery_id).where(_of_tenant, _c.cufe_key == sa.bindparam("key")),
            )
        ),
        one_of(_c.state, "states"),
    )
    .order_by(_c.received_at, _c.delivery_id)
    .limit(_MOST_NAMING)
)
# as text, so that SQLite sees the partial index
_left = sa.text("state IN ('UNMATCHED', 'UNREADABLE')")
_left_over = Statement(
    _whole.where(
        _of_tenant,
        _left,
        _c.received_at >= sa.bindparam("since"),
        _c.received_at < sa.bindparam("until"),
    )
    .order_by(_c.received_at, _c.delivery_id)
    .limit(sa.bindparam("limit"))
)
_waiting_tenants = across_tenants(
    sa.select(_c.tenant_id)
    .where(_received)
    .group_by(_c.tenant_id)
    .order_by(sa.func.min(_c.received_at), _c.tenant_id)
    .limit(sa.bindparam("limit")),
    "SELECT tenant_id FROM waiting_tenants(:limit)",
)


class SqlWebhookInbox(WebhookInbox):
    """Identical bytes of one tenant are one delivery, by unique index."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def store(self, delivery: Delivery) -> Stored:
        """See the port."""
        return await self._units.write(lambda connection: _keep(connection, delivery), tenant_id=delivery.tenant_id)

    async def get(self, tenant_id: TenantId, delivery_id: DeliveryId) -> Delivery:
        """See the port."""
        rows = await self._units.read(_get, tenant_id=tenant_id, delivery=delivery_id)
        if not rows:
            raise DeliveryNotFoundError(delivery_id=delivery_id)
        return _delivery_of(rows[0])

    async def settle(
        self,
        tenant_id: TenantId,
        delivery_id: DeliveryId,
        state: DeliveryState,
        document_id: DocumentId | None,
    ) -> None:
        """See the port. Raises DeliveryNotFoundError."""
        params = storable(
            {"tenant": tenant_id, "delivery": delivery_id, "new_state": state.value, "document": document_id}
        )
        settled = await self._units.write(lambda connection: connection.run(_settle, **params), tenant_id=tenant_id)
        if settled == 0:
            raise DeliveryNotFoundError(delivery_id=delivery_id)

    async def waiting(self, tenant_id: TenantId, *, limit: int) -> Sequence[Delivery]:
        """See the port."""
        rows = await self._units.read(_waiting, tenant_id=tenant_id, limit=limit)
        return tuple(map(_delivery_of, rows))

    async def unmatched(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> Sequence[Delivery]:
        """See the port. A CUFE whose date alone differs is the same one."""
        return await self._naming(tenant_id, pac_document_id, cufe, _OPEN)

    async def naming(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> Sequence[Delivery]:
        """See the port. A CUFE whose date alone differs is the same one."""
        return await self._naming(tenant_id, pac_document_id, cufe, [state.value for state in DeliveryState])

    async def _naming(
        self, tenant_id: TenantId, pac_document_id: PacDocumentId | None, cufe: str | None, states: list[str]
    ) -> tuple[Delivery, ...]:
        rows = await self._units.read(
            _naming_in, tenant_id=tenant_id, pac_document=pac_document_id, key=_cufe_key(cufe), states=states
        )
        return tuple(map(_delivery_of, rows))

    async def left_over(
        self, tenant_id: TenantId, *, received_from: datetime, received_before: datetime, limit: int
    ) -> Sequence[Delivery]:
        """See the port."""
        period = {"since": to_micros(received_from), "until": to_micros(received_before)}
        rows = await self._units.read(_left_over, tenant_id=tenant_id, limit=limit, **period)
        return tuple(map(_delivery_of, rows))

    async def waiting_tenants(self, *, limit: int) -> Sequence[TenantId]:
        """See the port. One of the few reads that cross tenants."""
        rows = await self._units.read(_waiting_tenants, tenant_id=None, limit=limit)
        return tuple(row["tenant_id"] for row in rows)


def _keep(connection: Connection, delivery: Delivery) -> Stored:
    row = connection.one(_store, **storable(_columns_of(delivery)), again_at=to_micros(delivery.received_at))
    is_new = row["delivery_id"] == delivery.delivery_id and row["repeats"] == delivery.repeats
    if is_new:
        connection.run(_store_body, tenant_id=delivery.tenant_id, delivery_id=delivery.delivery_id, body=delivery.body)
    return Stored(delivery=_delivery_of({**row, "body": delivery.body}), is_new=is_new)


def _columns_of(delivery: Delivery) -> Row:
    return {
        "tenant_id": delivery.tenant_id,
        "delivery_id": delivery.delivery_id,
        "body_digest": delivery.body_digest,
        "received_at": to_micros(delivery.received_at),
        "last_received_at": to_micros(delivery.last_received_at),
        "repeats": delivery.repeats,
        "pac_document_id": delivery.pac_document_id,
        "cufe": delivery.cufe,
        "cufe_key": _cufe_key(delivery.cufe),
        "claimed_status": delivery.claimed_status,
        "claimed_user_id": delivery.claimed_user_id,
        "state": delivery.state.value,
        "document_id": delivery.document_id,
    }


def _delivery_of(row: Row) -> Delivery:
    return Delivery(
        tenant_id=row["tenant_id"],
        delivery_id=row["delivery_id"],
        received_at=from_micros(row["received_at"]),
        body=row["body"],
        body_digest=row["body_digest"],
        pac_document_id=row["pac_document_id"],
        cufe=row["cufe"],
        claimed_status=row["claimed_status"],
        claimed_user_id=row["claimed_user_id"],
        state=DeliveryState(row["state"]),
        repeats=row["repeats"],
        last_received_at=from_micros(row["last_received_at"]),
        document_id=row["document_id"],
    )


def _cufe_key(cufe: str | None) -> str | None:
    return natural_key(cufe) or cufe
