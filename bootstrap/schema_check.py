"""Whether the database is at this version's schema, asked before anything is opened on it."""

from adapters.persistence.database_url import database_settings
from adapters.persistence.migration import current_revision, head_revision
from adapters.persistence.sqlite_driver import SqliteSettings
from bootstrap.failures import SchemaOutOfDateError


def require_current_schema(database_url: str) -> None:
    """Raises SchemaOutOfDateError when the database is not at this version's schema, StoreUnavailableError."""
    settings = database_settings(database_url)
    # looking at a SQLite file that is not there would make it
    is_there = not isinstance(settings, SqliteSettings) or settings.path.exists()
    found, needed = current_revision(database_url) if is_there else None, head_revision()
    if found != needed:
        raise SchemaOutOfDateError(found=found or "-", needed=needed)


def make_room(database_url: str) -> None:
    """Make the folder that a SQLite file will lie in. Raises OSError."""
    settings = database_settings(database_url)
    if isinstance(settings, SqliteSettings):
        settings.path.parent.mkdir(parents=True, exist_ok=True)
