"""The PAC's answers about taxpayers and catalogues in SQL."""

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.content_codec import from_json, to_json_whatever_it_says
from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.statements import Row, Statement, insert_into
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables.reference_tables import catalogue_copies, ruc_answers
from core.catalogues import Catalogue, CatalogueEntry, CatalogueKind
from core.codes import RucType
from core.identifiers import TenantId
from core.ports.reference_book import ReferenceBook
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc

_this_ruc = sa.and_(
    ruc_answers.c.tenant_id == sa.bindparam("tenant"),
    ruc_answers.c.ruc == sa.bindparam("of_ruc"),
    ruc_answers.c.ruc_type == sa.bindparam("of_type"),
)
_recall_ruc = Statement(sa.select(ruc_answers).where(_this_ruc))
_forget_ruc = Statement(sa.delete(ruc_answers).where(_this_ruc))
_recall_catalogue = Statement(
    sa.select(catalogue_copies).where(
        catalogue_copies.c.tenant_id == sa.bindparam("tenant"), catalogue_copies.c.kind == sa.bindparam("of_kind")
    )
)


def _newest_of(table: sa.Table, age: str) -> Statement:
    """Insert a row; over an older one of the same key it writes, over a newer one it does not."""
    keys = [column.name for column in table.primary_key]
    told = [column.name for column in table.columns if column.name not in keys]
    return Statement(
        lambda dialect: (
            insert := insert_into(dialect, table).values({name: sa.bindparam(name) for name in (*keys, *told)})
        ).on_conflict_do_update(
            index_elements=[table.c[name] for name in keys],
            set_={name: insert.excluded[name] for name in told},
            where=table.c[age] <= insert.excluded[age],
        )
    )


_keep_ruc = _newest_of(ruc_answers, "checked_at")
_keep_catalogue = _newest_of(catalogue_copies, "fetched_at")


class SqlReferenceBook(ReferenceBook):
    """One row per tenant and RUC, one per tenant and catalogue."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def recall_ruc(self, tenant_id: TenantId, ruc: str, ruc_type: RucType) -> RegisteredRuc | None:
        """See the port."""
        rows = await self._units.read(_recall_ruc, tenant_id=tenant_id, **_which(tenant_id, ruc, ruc_type))
        return _registered(rows[0]) if rows else None

    async def keep_ruc(self, tenant_id: TenantId, known: RegisteredRuc) -> None:
        """See the port."""
        row = {
            "tenant_id": tenant_id,
            "ruc": known.ruc,
            "ruc_type": known.ruc_type.value,
            "dv": known.dv,
            "receiver_class": known.receiver_class.value,
            "checked_at": to_micros(known.checked_at),
        }
        await self._run(tenant_id, _keep_ruc, storable(row))

    async def forget_ruc(self, tenant_id: TenantId, ruc: str, ruc_type: RucType) -> None:
        """See the port."""
        await self._run(tenant_id, _forget_ruc, _which(tenant_id, ruc, ruc_type))

    async def recall_catalogue(self, tenant_id: TenantId, kind: CatalogueKind) -> Catalogue | None:
        """See the port."""
        rows = await self._units.read(_recall_catalogue, tenant_id=tenant_id, tenant=tenant_id, of_kind=kind.value)
        if not rows:
            return None
        return Catalogue(
            kind=kind,
            entries=from_json(tuple[CatalogueEntry, ...], rows[0]["entries"]),
            fetched_at=from_micros(rows[0]["fetched_at"]),
        )

    async def keep_catalogue(self, tenant_id: TenantId, catalogue: Catalogue) -> None:
        """See the port."""
        row = {
            "tenant_id": tenant_id,
            "kind": catalogue.kind.value,
            "entries": to_json_whatever_it_says(catalogue.entries),
            "fetched_at": to_micros(catalogue.fetched_at),
        }
        await self._run(tenant_id, _keep_catalogue, storable(row))

    async def _run(self, tenant_id: TenantId, statement: Statement, parameters: Row) -> None:
        def unit(connection: Connection) -> None:
            connection.run(statement, **parameters)

        await self._units.write(unit, tenant_id=tenant_id)


def _which(tenant_id: TenantId, ruc: str, ruc_type: RucType) -> Row:
    return storable({"tenant": tenant_id, "of_ruc": ruc, "of_type": ruc_type.value})


def _registered(row: Row) -> RegisteredRuc:
    return RegisteredRuc(
        ruc=row["ruc"],
        ruc_type=RucType(row["ruc_type"]),
        dv=row["dv"],
        receiver_class=ReceiverClass(row["receiver_class"]),
        checked_at=from_micros(row["checked_at"]),
    )
