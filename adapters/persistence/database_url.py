"""Which database an installation uses: one file for SQLite, a server for PostgreSQL."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from adapters.persistence.postgres_session import PostgresSettings
from adapters.persistence.sqlite_driver import SqliteSettings

DatabaseSettings = SqliteSettings | PostgresSettings

_SQLITE = "sqlite:///"


def database_settings(database_url: str) -> DatabaseSettings:
    """Settings with their defaults, from ``sqlite:///relative/path``, ``sqlite:////absolute/path`` or
    ``postgresql://user:password@host:port/name``.

    Raises ValueError, without the URL in it: it may hold a password.
    """
    if database_url.startswith(_SQLITE) and len(database_url) > len(_SQLITE):
        return SqliteSettings(path=Path(unquote(database_url[len(_SQLITE) :])))
    scheme = urlsplit(database_url).scheme
    if scheme in ("postgresql", "postgres"):
        return PostgresSettings(url="postgresql" + database_url[len(scheme) :])
    raise ValueError("a database URL is sqlite:///path/to/file or postgresql://user@host:port/name")
