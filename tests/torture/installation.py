"""A whole installation of processes: the fake PAC with faults on, Istmo as it runs on one machine or on many."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from dishka import AsyncContainer

from adapters.persistence.application_role import grant_to_application
from adapters.persistence.migration import migrate
from bootstrap.container import make_container
from core.codes import Environment, RucType
from core.identifiers import TenantId
from core.taxpayer import check_digit, parse_ruc
from core.tenants import DoubtPolicy, Role, SecretKind
from core.use_cases.api_keys import CreateApiKey
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.rotate_secret import RotateSecret
from tests.integration.installation import environment_for, free_port, settings_from
from tests.services import PostgresRoles, postgres_roles_for_tests, redis_url_for_tests
from tests.torture.fleet import Member, WebMember, WorkerMember, running
from tests.torture.plan import Engine, Plan

POLICIES = {"155000003-2-2020": DoubtPolicy.PARK, "155000004-2-2020": DoubtPolicy.RESEND}
QUEUE = "istmo:torture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One tenant of the run."""

    tenant_id: TenantId
    company_id: str
    policy: DoubtPolicy
    api_key: str


class FakePac:
    """The control calls of the fake PAC's process."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        one_each = httpx.Limits(max_keepalive_connections=0)  # no idle connection that the fake closes meanwhile
        self.http = httpx.AsyncClient(base_url=f"{base_url}/_fake", timeout=60, trust_env=False, limits=one_each)

    async def look(self, what: str) -> Any:
        """GET /_fake/``what``."""
        answer = await self.http.get(f"/{what}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def tell(self, what: str, body: Mapping[str, Any]) -> Any:
        """POST /_fake/``what``."""
        answer = await self.http.post(f"/{what}", json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Everything that a run needs. ``victims`` are the processes that may be killed."""

    plan: Plan
    folder: Path
    reading_url: str  # the superuser's: sees every tenant
    environment: Mapping[str, str]
    container: AsyncContainer  # beside the processes: to onboard with, and to decide as an operator at the end
    pac: FakePac
    webs: list[WebMember]
    victims: list[Member]
    shops: list[Shop]


@dataclass(frozen=True, slots=True, kw_only=True)
class _PacAddress:
    base_url: str


@asynccontextmanager
async def installed(plan: Plan, folder: Path) -> AsyncIterator[Installation]:
    """Started, onboarded and ready; nothing is killed yet and the faults are off."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with ExitStack() as services:
        more = plan.pace.variables()
        if plan.engine is Engine.SQLITE:
            database_url = reading_url = f"sqlite:///{folder / 'istmo.db'}"
            await asyncio.to_thread(migrate, database_url)
        else:
            roles = services.enter_context(postgres_roles_for_tests())
            database_url, reading_url = roles.application_url, roles.superuser_url
            await asyncio.to_thread(_migrate_with_roles, roles)
            more |= {
                "ISTMO_OWNER_DATABASE_URL": roles.owner_url,
                "ISTMO_APPLICATION_ROLE": roles.application_role,
                "ISTMO_REQUIRE_ROW_SECURITY": "true",
                "ISTMO_REDIS_URL": services.enter_context(redis_url_for_tests()),
                "ISTMO_QUEUE_NAME": QUEUE,
            }
        pac_port = free_port()
        pac_url = f"http://127.0.0.1:{pac_port}"
        ports = [free_port() for _ in range(1 if plan.engine is Engine.SQLITE else 2)]
        environment = environment_for(folder, database_url, _PacAddress(base_url=pac_url), ports[0], **more)  # type: ignore[arg-type]  # its address is all that is asked of it
        fake = WebMember(
            "fake-pac",
            ("fake-pac", "--port", str(pac_port), "--dgi-seconds", "0.5", "--seed", str(plan.seed)),
            {},
            folder / "fake-pac.log",
            base_url=pac_url,
            ready_path="/_fake/state",
        )
        webs = [_web(place, port, environment, folder) for place, port in enumerate(ports)]
        workers = [] if plan.engine is Engine.SQLITE else [_worker(place, environment, folder) for place in range(2)]
        async with AsyncExitStack() as leaving:
            container = make_container(settings_from(environment).for_operators())
            leaving.push_async_callback(container.close)
            await leaving.enter_async_context(running([fake]))
            pac = FakePac(pac_url)
            leaving.push_async_callback(pac.http.aclose)
            await pac.tell("behaviour", {"whole_pdf": False, "duplicate_answer": plan.duplicate_form()})
            await leaving.enter_async_context(running([*webs, *workers]))
            shops = [
                await _open_shop(container, pac, webs[place % len(webs)], ruc, policy)
                for place, (ruc, policy) in enumerate(POLICIES.items())
            ]
            yield Installation(
                plan=plan,
                folder=folder,
                reading_url=reading_url,
                environment=environment,
                container=container,
                pac=pac,
                webs=webs,
                victims=[*webs, *workers],
                shops=shops,
            )


def _migrate_with_roles(roles: PostgresRoles) -> None:
    migrate(roles.owner_url)
    assert grant_to_application(roles.owner_url, roles.application_role)


def _web(place: int, port: int, environment: Mapping[str, str], folder: Path) -> WebMember:
    name, base_url = f"serve-{place}", f"http://127.0.0.1:{port}"
    own = {**environment, "ISTMO_PORT": str(port), "ISTMO_PUBLIC_URL": base_url}
    return WebMember(name, ("serve",), own, folder / f"{name}.log", base_url=base_url, ready_path="/health/ready")


def _worker(place: int, environment: Mapping[str, str], folder: Path) -> WorkerMember:
    name = f"worker-{place}"
    redis_url = environment["ISTMO_REDIS_URL"]
    return WorkerMember(name, environment, folder / f"{name}.log", redis_url=redis_url, queue_name=QUEUE)


async def _open_shop(container: AsyncContainer, pac: FakePac, web: WebMember, ruc: str, policy: DoubtPolicy) -> Shop:
    secret = secrets.token_hex(24)
    company = (await pac.tell("companies", {"ruc": ruc, "name": f"Emisor {policy.value}, S.A."}))["company"]
    company_id = company["id"]
    address = f"{web.base_url}/webhooks/pac/{company_id}"
    await pac.tell(f"companies/{company_id}/webhook", {"url": address, "secret": secret})
    dv = check_digit(parse_ruc(ruc, RucType.LEGAL)).dv
    assert dv is not None
    tenant = await (await container.get(CreateTenant))(
        name=f"Emisor {policy.value}, S.A.",
        ruc=ruc,
        ruc_type=RucType.LEGAL,
        dv=dv,
        environment=Environment.TEST,
        pac_company_id=company_id,
        doubt_policy=policy,
    )
    await (await container.get(RotateSecret))(tenant.tenant_id, SecretKind.WEBHOOK, secret, keep_previous=False)
    await (await container.get(CreateOffice))(
        tenant.tenant_id,
        code="0000",
        address="Avenida Balboa, local 4",
        coordinates="+8.9892,-79.5201",
        location_code="8-8-7",
        telephone="200-0101",
    )
    made = await (await container.get(CreateApiKey))(tenant.tenant_id, name="torture", role=Role.OPERATOR)
    return Shop(tenant_id=tenant.tenant_id, company_id=company_id, policy=policy, api_key=made.secret)
