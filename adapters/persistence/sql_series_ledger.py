"""The series of numbers in SQL: the same rows that recording a document takes its number from."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.statements import Row, Statement, insert_into
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables import series, series_moves
from core.documents import SeriesKey
from core.failures import SeriesNotForwardError
from core.identifiers import TenantId
from core.ports.series_ledger import SeriesLedger, SeriesMove, SeriesState

_MOST = 1_000


def _of_series(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.tenant_id == sa.bindparam("tenant"),
        table.c.billing_point == sa.bindparam("point"),
        table.c.document_type == sa.bindparam("type"),
    )


_find = Statement(sa.select(series.c.first_number, series.c.next_number).where(_of_series(series)))
_lock = Statement(sa.select(series.c.first_number, series.c.next_number).where(_of_series(series)).with_for_update())
_begin = Statement(
    lambda dialect: insert_into(dialect, series).on_conflict_do_nothing(
        index_elements=[series.c.tenant_id, series.c.billing_point, series.c.document_type]
    )
)
_advance = Statement(sa.update(series).where(_of_series(series)).values(next_number=sa.bindparam("to_number")))
_count_moves = Statement(
    sa.select(sa.func.count().label("count")).select_from(series_moves).where(_of_series(series_moves))
)
_add_move = Statement(sa.insert(series_moves))
_moves = Statement(
    sa.select(series_moves).where(_of_series(series_moves)).order_by(series_moves.c.sequence).limit(_MOST)
)


class SqlSeriesLedger(SeriesLedger):
    """Moves series forward under the lock of their row."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def find(self, tenant_id: TenantId, series: SeriesKey) -> SeriesState | None:
        """See the port."""
        rows = await self._units.read(_find, tenant_id=tenant_id, **_named(series))
        return _state_of(series, rows[0]) if rows else None

    async def advance(self, tenant_id: TenantId, move: SeriesMove) -> SeriesState:
        """See the port. A series that was never used begins at ``to_number``."""
        return await self._units.write(
            lambda connection: _move_forward(connection, tenant_id, move), tenant_id=tenant_id
        )

    async def moves(self, tenant_id: TenantId, series: SeriesKey) -> Sequence[SeriesMove]:
        """See the port."""
        rows = await self._units.read(_moves, tenant_id=tenant_id, **_named(series))
        return tuple(
            SeriesMove(
                at=from_micros(row["at"]),
                actor=row["actor"],
                series=series,
                from_number=row["from_number"],
                to_number=row["to_number"],
                reason=row["reason"],
            )
            for row in rows
        )


def _move_forward(connection: Connection, tenant_id: TenantId, move: SeriesMove) -> SeriesState:
    columns = {
        "tenant_id": tenant_id,
        "billing_point": move.series.billing_point,
        "document_type": move.series.document_type.value,
    }
    which = {"tenant": tenant_id, **_named(move.series)}
    is_new = connection.run(_begin, **columns, first_number=move.to_number, next_number=move.to_number) == 1
    row = connection.one(_lock, **which)
    from_number = 1 if is_new else row["next_number"]
    if not is_new:
        if move.to_number < from_number:
            raise SeriesNotForwardError(next_number=from_number, asked=move.to_number)
        connection.run(_advance, **which, to_number=move.to_number)
    kept = {"at": to_micros(move.at), "actor": move.actor, "reason": move.reason, "to_number": move.to_number}
    sequence = connection.one(_count_moves, **which)["count"] + 1
    connection.run(_add_move, **columns, **storable(kept), from_number=from_number, sequence=sequence)
    return SeriesState(series=move.series, first_number=row["first_number"], next_number=move.to_number)


def _named(series: SeriesKey) -> dict[str, str]:
    return {"point": series.billing_point, "type": series.document_type.value}


def _state_of(series: SeriesKey, row: Row) -> SeriesState:
    return SeriesState(series=series, first_number=row["first_number"], next_number=row["next_number"])
