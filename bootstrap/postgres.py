"""What the settings of PostgreSQL mean to a process that starts."""

import logging

from adapters.persistence.application_role import row_security_gaps
from adapters.persistence.database_url import DatabaseSettings, database_settings
from adapters.persistence.postgres_session import PostgresSettings
from bootstrap.failures import RowSecurityMissingError
from bootstrap.settings import Settings

_log = logging.getLogger(__name__)


def database_of(settings: Settings) -> DatabaseSettings:
    """The database to open, with the sizes and limits that were set where it is PostgreSQL."""
    found = database_settings(settings.store.database_url.get_secret_value())
    if not isinstance(found, PostgresSettings):
        return found
    return PostgresSettings(
        url=found.url,
        writers=settings.postgres.database_writers,
        claimers=settings.postgres.database_claimers,
        readers=settings.postgres.database_readers,
        lock_timeout=settings.postgres.database_lock_seconds,
        statement_timeout=settings.postgres.database_statement_seconds,
        pooled=settings.postgres.database_pooled,
    )


def look_at_row_security(settings: Settings) -> None:
    """Warn when row-level security does not bind the role that serves, or refuse where that is required.

    Raises RowSecurityMissingError, StoreUnavailableError.
    """
    gaps = row_security_gaps(settings.store.database_url.get_secret_value())
    if not gaps:
        return
    reason = "; ".join(gaps)
    if settings.postgres.require_row_security:
        raise RowSecurityMissingError(reason=reason)
    _log.warning(
        "Row-level security does not bind this process: its role %s. Give ISTMO_DATABASE_URL the application role and"
        " ISTMO_OWNER_DATABASE_URL the owner (docs/postgresql.md).",
        reason,
    )
