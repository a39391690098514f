"""One row of each table, made from the model itself, so that a table that comes later is filled too."""

from typing import Any
from zlib import crc32

import sqlalchemy as sa

from adapters.persistence.tables import metadata

_READ_BACK: dict[tuple[str, str], Any] = {
    ("webhook_deliveries", "state"): "RECEIVED",
    ("api_keys", "role"): "ISSUER",
    ("api_keys", "key_id"): "key",
}
_FREE = frozenset({"revoked_at"})


def a_row_of_everything(tenant_id: str, tables: sa.MetaData = metadata) -> dict[str, dict[str, Any]]:
    """By table, parents first. Texts are the column's name, numbers 1, and what must differ names the tenant."""
    return {table.name: _row(table, tenant_id) for table in tables.sorted_tables}


def _row(table: sa.Table, tenant_id: str) -> dict[str, Any]:
    return {column.name: _value(table, column, tenant_id) for column in table.columns if column.name not in _FREE}


def _value(table: sa.Table, column: sa.Column[Any], tenant_id: str) -> Any:
    if column.name == "tenant_id":
        return tenant_id
    if column.name == "pac_company_id":
        return f"company of {tenant_id}"
    if column.name == "secret_digest":
        return f"digest of {tenant_id}"
    if column.name == "expected_cufe":
        return f"CUFE of {tenant_id}"
    if (table.name, column.name) == ("onboardings", "ruc"):
        return f"RUC of {tenant_id}"
    if (table.name, column.name) in _READ_BACK:
        return _READ_BACK[table.name, column.name]
    if table.name.startswith("administration_") and column.primary_key:
        return crc32(tenant_id.encode())
    if isinstance(column.type, sa.Integer):
        return 1
    return b"bytes" if isinstance(column.type, sa.LargeBinary) else column.name
