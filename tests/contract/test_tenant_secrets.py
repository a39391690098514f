"""TenantSecrets: sealed, bound to tenant and kind, two at most during a rotation."""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from adapters.persistence.in_memory_store import InMemoryStore, in_memory_stores
from adapters.persistence.stores import Stores, open_stores
from core.failures import SecretUnreadableError, TenantNotFoundError
from core.identifiers import TenantId
from core.tenants import SecretKind
from core.use_cases.reseal_secrets import ResealSecrets
from tests.builders import NOW, a_tenant
from tests.contract.conftest import KEY

OTHER_KEY = bytes(32)


async def put(stores: Stores, tenant_id: TenantId, secret: str, *, keep_previous: bool) -> None:
    await stores.secrets.put(tenant_id, SecretKind.WEBHOOK, secret, NOW, keep_previous=keep_previous)


async def test_there_are_none_at_first(stores: Stores, tenant_id: TenantId) -> None:
    assert list(await stores.secrets.current(tenant_id, SecretKind.WEBHOOK)) == []


async def test_a_rotation_keeps_one_older_secret_newest_first(stores: Stores, tenant_id: TenantId) -> None:
    for secret in ("first", "second", "thírd"):
        await put(stores, tenant_id, secret, keep_previous=True)
    assert list(await stores.secrets.current(tenant_id, SecretKind.WEBHOOK)) == ["thírd", "second"]
    await put(stores, tenant_id, "fourth", keep_previous=False)
    assert list(await stores.secrets.current(tenant_id, SecretKind.WEBHOOK)) == ["fourth"]


async def test_kinds_and_tenants_are_apart(stores: Stores, tenant_id: TenantId, stranger_id: TenantId) -> None:
    await put(stores, tenant_id, "mine", keep_previous=True)
    await stores.secrets.put(tenant_id, SecretKind.PAC_KEY, "pac", NOW, keep_previous=False)
    assert list(await stores.secrets.current(tenant_id, SecretKind.WEBHOOK)) == ["mine"]
    assert list(await stores.secrets.current(tenant_id, SecretKind.PAC_KEY)) == ["pac"]
    assert list(await stores.secrets.current(stranger_id, SecretKind.WEBHOOK)) == []


async def test_a_tenant_who_does_not_exist_has_no_secrets(stores: Stores) -> None:
    with pytest.raises(TenantNotFoundError):
        await put(stores, TenantId("nobody"), "secret", keep_previous=False)


async def test_another_key_opens_nothing_in_memory() -> None:
    memory, tenant = InMemoryStore(), a_tenant()
    sealing, other = (in_memory_stores(memory, secrets_key=key) for key in (KEY, OTHER_KEY))
    await sealing.directory.add_tenant(tenant)
    await put(sealing, tenant.tenant_id, "secret", keep_previous=False)
    with pytest.raises(SecretUnreadableError):
        await other.secrets.current(tenant.tenant_id, SecretKind.WEBHOOK)


async def test_a_database_holds_no_secret_in_the_clear_and_another_key_opens_nothing(
    empty_database_url: str, tmp_path: Path
) -> None:
    tenant = a_tenant()
    folders = {"files_folder": tmp_path / "files", "marks_folder": tmp_path / "marks"}
    stores = await open_stores(empty_database_url, secrets_key=KEY, **folders)
    await stores.directory.add_tenant(tenant)
    await put(stores, tenant.tenant_id, "plain to see", keep_previous=False)
    await stores.close()
    assert b"plain to see" not in sealed_in(empty_database_url, tenant.tenant_id)
    other = await open_stores(empty_database_url, secrets_key=OTHER_KEY, **folders)
    with pytest.raises(SecretUnreadableError):
        await other.secrets.current(tenant.tenant_id, SecretKind.WEBHOOK)
    await other.close()
    rotated = await open_stores(empty_database_url, secrets_key=OTHER_KEY, older_secrets_keys=[KEY], **folders)
    assert list(await rotated.secrets.current(tenant.tenant_id, SecretKind.WEBHOOK)) == ["plain to see"]
    await rotated.close()


async def test_what_an_older_key_sealed_is_sealed_anew_and_the_older_key_is_not_needed_any_more(
    empty_database_url: str, tmp_path: Path
) -> None:
    tenant, other = a_tenant(), a_tenant()
    folders = {"files_folder": tmp_path / "files", "marks_folder": tmp_path / "marks"}
    stores = await open_stores(empty_database_url, secrets_key=KEY, **folders)
    for each in (tenant, other):
        await stores.directory.add_tenant(each)
        for secret in ("the first", "the second"):
            await put(stores, each.tenant_id, secret, keep_previous=True)
    await stores.close()
    rotating = await open_stores(empty_database_url, secrets_key=OTHER_KEY, older_secrets_keys=[KEY], **folders)
    assert await rotating.secrets.reseal(tenant.tenant_id, SecretKind.WEBHOOK) == 2
    assert await rotating.secrets.reseal(tenant.tenant_id, SecretKind.WEBHOOK) == 0
    assert await rotating.secrets.reseal(tenant.tenant_id, SecretKind.PAC_KEY) == 0
    with pytest.raises(TenantNotFoundError):
        await rotating.secrets.reseal(TenantId("nobody"), SecretKind.WEBHOOK)
    await rotating.close()
    without = await open_stores(empty_database_url, secrets_key=OTHER_KEY, **folders)
    assert list(await without.secrets.current(tenant.tenant_id, SecretKind.WEBHOOK)) == ["the second", "the first"]
    with pytest.raises(SecretUnreadableError):
        await without.secrets.reseal(other.tenant_id, SecretKind.WEBHOOK)
    await without.close()


async def test_a_rotation_in_memory_leaves_what_it_cannot_open_and_goes_on_where_it_stopped() -> None:
    memory, tenants = InMemoryStore(), [a_tenant() for _ in range(3)]
    old, third = (in_memory_stores(memory, secrets_key=key) for key in (KEY, bytes(range(1, 33))))
    for place, tenant in enumerate(tenants):
        await old.directory.add_tenant(tenant)
        await put(third if place == 1 else old, tenant.tenant_id, f"secret {place}", keep_previous=False)
    new = in_memory_stores(memory, secrets_key=OTHER_KEY, older_secrets_keys=[KEY])
    done = await ResealSecrets(new.directory, new.secrets)()
    assert (done.tenants, done.secrets, done.unreadable) == (3, 2, ((tenants[1].tenant_id, SecretKind.WEBHOOK),))
    assert (await ResealSecrets(new.directory, new.secrets)()).secrets == 0
    alone = in_memory_stores(memory, secrets_key=OTHER_KEY)
    assert list(await alone.secrets.current(tenants[2].tenant_id, SecretKind.WEBHOOK)) == ["secret 2"]


def sealed_in(database_url: str, tenant_id: TenantId) -> bytes:
    query = "SELECT sealed FROM tenant_secrets"
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(database_url.removeprefix("sqlite:///"))
        row = connection.execute(query).fetchone()
        connection.close()
    else:
        with psycopg.connect(database_url) as server:
            server.execute("SELECT set_config('istmo.tenant_id', %s, true)", (tenant_id,))
            row = server.execute(query).fetchone()
    assert row is not None
    return bytes(row[0])
