"""Commands about API keys."""

from bootstrap.commands.session import Installation, operator, run_with_container
from bootstrap.commands.speaking import complain, say, say_table
from core.identifiers import ApiKeyId, TenantId
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.tenants import Role
from core.use_cases.administer import Administer
from core.use_cases.api_keys import NewApiKey


def create(tenant: str, *, name: str, role: Role = Role.ISSUER) -> None:
    """Make a key and print it alone on a line. It is shown once: only its digest is kept.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    name
        What the key is for, such as "caja 1".
    role
        VIEWER reads; ISSUER issues too; OPERATOR also manages offices and repairs.
    """

    async def act(container: Installation) -> NewApiKey:
        return await (await container.get(Administer)).create_api_key(
            operator(), TenantId(tenant), name=name, role=role
        )

    made = run_with_container(act)
    say(made.secret)
    complain(f"key {made.key.key_id} ({made.key.role.value}); keep it safe, it is not shown again")


def revoke(tenant: str, key: str) -> None:
    """Make a key open nothing from now on.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    key
        The key's id, as `istmo apikey list` shows it.
    """

    async def act(container: Installation) -> None:
        await (await container.get(Administer)).revoke_api_key(operator(), TenantId(tenant), ApiKeyId(key))

    run_with_container(act)
    say("revoked")


def list_keys(tenant: str) -> None:
    """List the keys of a taxpayer: id, name, role, made at, revoked at. Secrets cannot be shown.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    """

    async def act(container: Installation) -> list[tuple[str, ...]]:
        owner = await (await container.get(TenantResolver)).get(TenantId(tenant))
        keys = await (await container.get(TenantDirectory)).api_keys(owner.tenant_id)
        return [
            (
                key.key_id,
                key.name,
                key.role.value,
                key.created_at.isoformat(timespec="seconds"),
                key.revoked_at.isoformat(timespec="seconds") if key.revoked_at else "-",
            )
            for key in keys
        ]

    say_table(("key", "name", "role", "made", "revoked"), run_with_container(act))
