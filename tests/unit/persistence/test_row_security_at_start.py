"""A process looks at its role when it starts; operators' commands take the owner's connection."""

import base64
import logging
from collections.abc import Iterator

import pytest

from adapters.persistence.application_role import grant_to_application
from adapters.persistence.migration import migrate
from adapters.persistence.postgres_session import PostgresSettings
from adapters.persistence.sqlite_driver import SqliteSettings
from bootstrap.failures import RowSecurityMissingError, SettingsError
from bootstrap.postgres import database_of, look_at_row_security
from bootstrap.settings import load_settings
from tests.services import PostgresRoles, postgres_roles_for_tests


@pytest.fixture(scope="module")
def roles() -> Iterator[PostgresRoles]:
    with postgres_roles_for_tests() as found:
        migrate(found.owner_url)
        grant_to_application(found.owner_url, found.application_role)
        yield found


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("ISTMO_SECRETS_KEY", base64.b64encode(bytes(32)).decode())
    monkeypatch.setenv("ISTMO_PAC_BASE_URL", "https://pac.example.com")
    monkeypatch.setenv("ISTMO_PAC_KEY", "key")
    return monkeypatch


@pytest.mark.postgres
def test_the_application_role_starts_without_a_word(
    roles: PostgresRoles, environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    environment.setenv("ISTMO_DATABASE_URL", roles.application_url)
    environment.setenv("ISTMO_REQUIRE_ROW_SECURITY", "true")
    with caplog.at_level(logging.WARNING):
        look_at_row_security(load_settings())
    assert caplog.records == []


@pytest.mark.postgres
@pytest.mark.parametrize(("role", "reason"), [("owner_url", "owns the tables"), ("superuser_url", "is a superuser")])
def test_another_role_is_warned_of_or_refused(
    roles: PostgresRoles,
    environment: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    role: str,
    reason: str,
) -> None:
    environment.setenv("ISTMO_DATABASE_URL", getattr(roles, role))
    with caplog.at_level(logging.WARNING):
        look_at_row_security(load_settings())
    assert [reason in record.getMessage() for record in caplog.records] == [True]
    environment.setenv("ISTMO_REQUIRE_ROW_SECURITY", "true")
    with pytest.raises(RowSecurityMissingError, match=reason) as refused:
        look_at_row_security(load_settings())
    assert getattr(roles, role) not in str(refused.value)


def test_sqlite_has_no_roles_to_look_at(environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    environment.setenv("ISTMO_DATABASE_URL", "sqlite:///:memory:")
    environment.setenv("ISTMO_REQUIRE_ROW_SECURITY", "true")
    look_at_row_security(load_settings())
    assert caplog.records == []
    assert isinstance(database_of(load_settings()), SqliteSettings)


def test_operators_take_the_owners_connection_where_there_is_one(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ISTMO_DATABASE_URL", "postgresql://app@db/istmo")
    settings = load_settings()
    assert settings.for_operators().store.database_url.get_secret_value() == "postgresql://app@db/istmo"
    environment.setenv("ISTMO_OWNER_DATABASE_URL", "postgresql://owner@db/istmo")
    settings = load_settings()
    assert settings.store.database_url.get_secret_value() == "postgresql://app@db/istmo"
    assert settings.for_operators().store.database_url.get_secret_value() == "postgresql://owner@db/istmo"


def test_sizes_and_limits_reach_the_pools(environment: pytest.MonkeyPatch) -> None:
    given = {"WRITERS": "7", "CLAIMERS": "8", "READERS": "9", "LOCK_SECONDS": "1.5", "STATEMENT_SECONDS": "2.5"}
    environment.setenv("ISTMO_DATABASE_URL", "postgresql://app@db/istmo")
    environment.setenv("ISTMO_DATABASE_POOLED", "true")
    for name, value in given.items():
        environment.setenv(f"ISTMO_DATABASE_{name}", value)
    assert database_of(load_settings()) == PostgresSettings(
        url="postgresql://app@db/istmo",
        writers=7,
        claimers=8,
        readers=9,
        lock_timeout=1.5,
        statement_timeout=2.5,
        pooled=True,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OWNER_DATABASE_URL", "sqlite:///var/istmo.db"),
        ("DATABASE_WRITERS", "0"),
        ("DATABASE_READERS", "65"),
        ("DATABASE_LOCK_SECONDS", "0"),
        ("DATABASE_STATEMENT_SECONDS", "301"),
        ("DATABASE_POOLED", "perhaps"),
        ("APPLICATION_ROLE", ""),
    ],
)
def test_sizes_and_limits_have_limits(environment: pytest.MonkeyPatch, variable: str, value: str) -> None:
    environment.setenv(f"ISTMO_{variable}", value)
    with pytest.raises(SettingsError, match=variable):
        load_settings()
