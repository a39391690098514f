"""Commands about taxpayers."""

import sys
from typing import Annotated

from cyclopts import Parameter

from bootstrap.commands.session import Installation, operator, run_with_container
from bootstrap.commands.speaking import complain, say, say_table
from core.codes import Environment, RucType
from core.identifiers import TenantId
from core.ports.tenant_resolver import TenantDirectory
from core.tenants import DoubtPolicy, SecretKind, WebhookAuthentication
from core.use_cases.administer import Administer
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.request_pac_webhook import WebhookDoor

RUC_TYPES = {1: RucType.NATURAL, 2: RucType.LEGAL}


def create(
    *,
    name: str,
    ruc: str,
    ruc_type: Annotated[int, Parameter(name="--type")],
    dv: str,
    environment: Environment = Environment.TEST,
    pac_company_id: str | None = None,
    doubt_policy: DoubtPolicy = DoubtPolicy.PARK,
    webhook_authentication: WebhookAuthentication = WebhookAuthentication.SHARED_SECRET,
) -> None:
    """Add a taxpayer. Prints its id alone on a line.

    Parameters
    ----------
    name
        As on the RUC certificate, 2 to 100 characters.
    ruc
        With its hyphens, such as 155000001-2-2020.
    ruc_type
        1 natural person, 2 legal person.
    dv
        The two check digits.
    environment
        TEST or PRODUCTION: part of every CUFE.
    pac_company_id
        The company id that the PAC gave; without it nothing can be issued.
    doubt_policy
        PARK waits for evidence when an answer is lost; RESEND posts the identical bytes once more.
    webhook_authentication
        SHARED_SECRET as Alanube sends it, or HMAC_SHA256 with a time stamp.
    """
    if ruc_type not in RUC_TYPES:
        complain("error misuse: --type is 1 (natural) or 2 (legal)")
        raise SystemExit(2)

    async def act(container: Installation) -> str:
        tenant = await (await container.get(Administer)).create_tenant(
            operator(),
            name=name,
            ruc=ruc,
            ruc_type=RUC_TYPES[ruc_type],
            dv=dv,
            environment=environment,
            pac_company_id=pac_company_id,
            doubt_policy=doubt_policy,
            webhook_authentication=webhook_authentication,
        )
        return tenant.tenant_id

    say(run_with_container(act))


def list_tenants() -> None:
    """List all taxpayers: id, RUC, DV, name, environment, PAC company."""

    async def act(container: Installation) -> list[tuple[str, ...]]:
        tenants = await (await container.get(TenantDirectory)).tenants(limit=1000)
        return [
            (each.tenant_id, each.ruc, each.dv, each.name, each.environment.name, each.pac_company_id or "-")
            for each in tenants
        ]

    say_table(("tenant", "ruc", "dv", "name", "environment", "pac company"), run_with_container(act))


def webhook_secret(tenant: str, *, keep_previous: bool = True) -> None:
    """Set the secret that the PAC's webhooks carry. Read from standard input, never from the command line.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    keep_previous
        Leave the previous secret in force beside the new one, for a rotation. Run again with --no-keep-previous
        when the PAC uses the new one.
    """
    _rotate(tenant, SecretKind.WEBHOOK, keep_previous=keep_previous)


def webhook_url(tenant: str) -> None:
    """Print the address that the PAC must send this taxpayer's webhooks to, alone on a line.

    It is made of ISTMO_WEBHOOK_PUBLIC_URL (a tunnel, say), or else ISTMO_PUBLIC_URL.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    """
    from bootstrap.settings import load_settings

    web = load_settings().web

    async def act(container: Installation) -> str:
        account = await (await container.get(FindPacAccount))(TenantId(tenant))
        return account.company_id

    say(WebhookDoor(public_url=web.webhook_public_url or web.public_url).address_of(run_with_container(act)))


def pac_key(tenant: str) -> None:
    """Give a taxpayer a PAC key of its own instead of the installation's. Read from standard input.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    """
    _rotate(tenant, SecretKind.PAC_KEY, keep_previous=False)


def _rotate(tenant: str, kind: SecretKind, *, keep_previous: bool) -> None:
    secret = _read_secret()

    async def act(container: Installation) -> None:
        await (await container.get(Administer)).set_secret(
            operator(), TenantId(tenant), kind, secret, keep_previous=keep_previous
        )

    run_with_container(act)
    say("stored")


def _read_secret() -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass("Secret: ")
    return sys.stdin.readline().rstrip("\n")
