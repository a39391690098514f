"""The administrators' door is there where there is a key, and nowhere else."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from adapters.persistence.application_role import grant_to_application
from adapters.persistence.migration import migrate
from bootstrap.admin_serving import admin_handlers
from bootstrap.container import make_container
from bootstrap.settings import load_settings
from bootstrap.web import build_app
from core.ports.tenant_resolver import TenantDirectory
from tests.builders import a_tenant
from tests.services import postgres_roles_for_tests
from tests.unit.bootstrap.command_line import CommandLine

QUERY = {"query": "{ tenants { tenantId circuit { state } apiKeys { keyId } onboarding { mayIssue } } }"}


async def asked(key: str) -> httpx.Response:
    settings = load_settings()
    container = make_container(settings)
    try:
        async with admin_handlers(container, settings) as more:
            app: Litestar = await build_app(container, settings, more)
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://istmo.test") as http:
                return await http.post("/admin/graphql", json=QUERY, headers={"Authorization": f"Bearer {key}"})
    finally:
        await container.close()


async def test_a_key_that_the_command_made_opens_the_door_that_the_settings_name(
    environment: pytest.MonkeyPatch, complete: dict[str, str], line: CommandLine, tmp_path: Path
) -> None:
    made = line.run("admin-key", "create", "alice", settings={})
    assert made.returncode == 0
    secret = made.stdout.strip()
    entry = re.fullmatch(r"ISTMO_ADMIN_KEYS=(alice:[0-9a-f]{64})\n", made.stderr)
    assert entry is not None
    (tmp_path / "data").mkdir()
    await asyncio.to_thread(migrate, complete["ISTMO_DATABASE_URL"])
    assert (await asked(secret)).status_code == 404
    environment.setenv("ISTMO_ADMIN_KEYS", f"bob:{'0' * 64}, {entry[1]}")
    assert (await asked("istmo_admin_" + "x" * 43)).status_code == 401
    answer = await asked(secret)
    assert (answer.status_code, answer.json()) == (200, {"data": {"tenants": []}})


@pytest.mark.postgres
async def test_on_postgresql_administrators_see_everybody_over_the_owners_connection(
    environment: pytest.MonkeyPatch, line: CommandLine
) -> None:
    made = line.run("admin-key", "create", "alice", settings={})
    environment.setenv("ISTMO_ADMIN_KEYS", made.stderr.strip().partition("=")[2])
    with postgres_roles_for_tests() as roles:
        await asyncio.to_thread(migrate, roles.owner_url)
        assert grant_to_application(roles.owner_url, roles.application_role)
        environment.setenv("ISTMO_DATABASE_URL", roles.application_url)
        environment.setenv("ISTMO_OWNER_DATABASE_URL", roles.owner_url)
        owners = make_container(load_settings().for_operators())
        tenants = [a_tenant(), a_tenant()]
        for tenant in tenants:
            await (await owners.get(TenantDirectory)).add_tenant(tenant)
        await owners.close()
        shown = (await asked(made.stdout.strip())).json()
        assert [each["tenantId"] for each in shown["data"]["tenants"]] == [tenant.tenant_id for tenant in tenants]
        assert all(each["circuit"] == {"state": "CLOSED"} for each in shown["data"]["tenants"])


@pytest.mark.parametrize(
    "keys", ["alice", "alice:0", f"Alice:{'0' * 64}", f"a:{'0' * 64},a:{'1' * 64}", f":{'0' * 64}"]
)
def test_keys_that_are_none_are_told(complete: dict[str, str], line: CommandLine, keys: str) -> None:
    done = line.run("config", "check", settings=complete | {"ISTMO_ADMIN_KEYS": keys})
    assert (done.returncode, "ISTMO_ADMIN_KEYS" in done.stderr) == (1, True)


def test_a_name_for_a_key_is_plain(line: CommandLine) -> None:
    assert line.run("admin-key", "create", "Alice Smith", settings={}).returncode == 1
