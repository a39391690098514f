"""A whole installation on real parts: the fake PAC and Istmo on loopback ports, a database, folders, maybe Redis."""

import asyncio
import os
import secrets
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from dishka import AsyncContainer

from adapters.alanube.fake.clocks import OffsetClock
from adapters.alanube.fake.engine import DEFAULT_TOKEN, FakePacEngine
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.http_server import running_fake_pac
from adapters.alanube.fake.progression import after
from adapters.alanube.fake.records import WebhookTarget
from adapters.persistence.migration import migrate
from bootstrap.container import make_container
from bootstrap.listening import listen
from bootstrap.settings import Settings, load_settings
from bootstrap.web import build_app, running_work, server_config
from core.codes import Environment, RucType
from core.identifiers import ApiKeyId, TenantId
from core.tenants import Role, SecretKind
from core.use_cases.api_keys import CreateApiKey
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.rotate_secret import RotateSecret
from tests.integration.customer import Customer, until

RUCS = ("155000001-2-2020", "155000002-2-2020")
DGI_TAKES = timedelta(minutes=5)  # of the fake's clock, which the tests move


class RunningPac:
    """The fake PAC on a port of its own, which can be down for a while."""

    def __init__(self) -> None:
        self.clock = OffsetClock()
        self.engine = FakePacEngine(clock=self.clock, seed=11)
        self.engine.set_progression(after(DGI_TAKES))
        self._port = free_port()
        self.base_url = f"http://127.0.0.1:{self._port}"
        self._up = AsyncExitStack()

    async def start(self) -> None:
        await self._up.enter_async_context(running_fake_pac(self.engine, self.clock, port=self._port))

    async def stop(self) -> None:
        await self._up.aclose()

    def let_the_dgi_authorise(self) -> None:
        self.clock.advance(DGI_TAKES)

    def spoil_next_post(self, kind: FaultKind, seconds: float | None = None) -> None:
        self.engine.set_faults(FaultPlan(rules=(FaultRule(kind=kind, times=1, seconds=seconds),)))

    def posts(self) -> int:
        """How many times a document was posted."""
        return sum(
            each.request.method == "POST" and each.request.path.endswith("/invoices") for each in self.engine.exchanges
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """An onboarded tenant."""

    tenant_id: TenantId
    company_id: str
    webhook_secret: str
    api_key: str
    key_id: ApiKeyId


@dataclass
class Installation:
    """One running Istmo. ``container`` is the web process's own, or one beside it when that is another process."""

    pac: RunningPac
    environment: Mapping[str, str]
    settings: Settings
    container: AsyncContainer
    http: httpx.AsyncClient

    @property
    def base_url(self) -> str:
        return self.settings.web.public_url

    async def open_shop(self, which: int = 0, *, webhooks: bool = True) -> Shop:
        """A tenant with company, webhook secret, office and an operator's key."""
        company = self.pac.engine.register_company(ruc=RUCS[which], name=f"Emisor {which}, S.A.", main_office=False)
        secret = secrets.token_hex(24)
        target = WebhookTarget(url=f"{self.base_url}/webhooks/pac/{company.id}", secret=secret)
        target.enabled = webhooks
        self.pac.engine.set_webhook(company.id, target)
        tenant = await (await self.container.get(CreateTenant))(
            name=f"Emisor {which}, S.A.",
            ruc=company.ruc,
            ruc_type=RucType.LEGAL,
            dv=company.dv,
            environment=Environment.TEST,
            pac_company_id=company.id,
        )
        rotate = await self.container.get(RotateSecret)
        await rotate(tenant.tenant_id, SecretKind.WEBHOOK, secret, keep_previous=False)
        await (await self.container.get(CreateOffice))(
            tenant.tenant_id,
            code="0000",
            address="Avenida Balboa, local 4",
            coordinates="+8.9892,-79.5201",
            location_code="8-8-7",
            telephone="200-0101",
        )
        made = await (await self.container.get(CreateApiKey))(tenant.tenant_id, name="tests", role=Role.OPERATOR)
        return Shop(
            tenant_id=tenant.tenant_id,
            company_id=company.id,
            webhook_secret=secret,
            api_key=made.secret,
            key_id=made.key.key_id,
        )

    async def customer(self, *, webhooks: bool = True) -> Customer:
        """The caller of a new shop."""
        return self.customer_of(await self.open_shop(webhooks=webhooks))

    def customer_of(self, shop: Shop) -> Customer:
        return Customer(self.http, shop.api_key)

    def switch_webhooks_on(self) -> None:
        for company in self.pac.engine.companies:
            self.pac.engine.switch_webhooks(company.id, enabled=True)


class QuietServer(uvicorn.Server):
    """uvicorn in the test's process: signals stay pytest's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def free_port() -> int:
    """A port that nobody has, below those that the system lends to clients: none takes it before we do."""
    for _ in range(100):
        port = 20_000 + secrets.randbelow(12_000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise AssertionError("no free port")


def environment_for(folder: Path, database_url: str, pac: RunningPac, port: int, **more: str) -> dict[str, str]:
    """What the process is told; everything lies below ``folder``."""
    return {
        "ISTMO_DATABASE_URL": database_url,
        "ISTMO_FILE_STORE_URL": str(folder / "files"),
        "ISTMO_HIGH_WATER_URL": str(folder / "marks"),
        "ISTMO_SECRETS_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "ISTMO_PAC_BASE_URL": pac.base_url,
        "ISTMO_PAC_KEY": DEFAULT_TOKEN,
        "ISTMO_PAC_PLAIN_HTTP_HOSTS": "127.0.0.1",
        "ISTMO_PAC_DOWNLOAD_HOSTS": "127.0.0.1",
        "ISTMO_PORT": str(port),
        "ISTMO_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ISTMO_SWEEP_SECONDS": "0.1",
        **more,
    }


def settings_from(environment: Mapping[str, str]) -> Settings:
    """As a process with this environment loads them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ISTMO_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        return load_settings()


@asynccontextmanager
async def pac_and_http(base_url: str, pac: RunningPac) -> AsyncIterator[httpx.AsyncClient]:
    await pac.start()
    try:
        async with httpx.AsyncClient(base_url=base_url, timeout=40, trust_env=False) as http:
            yield http
    finally:
        await pac.stop()


@asynccontextmanager
async def running_in_process(folder: Path, database_url: str, **more: str) -> AsyncIterator[Installation]:
    """The real app on a real uvicorn port in this event loop, beside the fake PAC."""
    pac = RunningPac()
    with listen("127.0.0.1", 0) as listener:
        environment = environment_for(folder, database_url, pac, listener.getsockname()[1], **more)
        settings = settings_from(environment)
        await asyncio.to_thread(migrate, database_url)
        container = make_container(settings)
        try:
            async with pac_and_http(settings.web.public_url, pac) as http:
                server = QuietServer(server_config(await build_app(container, settings)))
                async with running_work(container, settings):
                    serving = asyncio.create_task(server.serve(sockets=[listener]))
                    await until(lambda: _is_started(server), bool)
                    try:
                        yield Installation(
                            pac=pac, environment=environment, settings=settings, container=container, http=http
                        )
                    finally:
                        server.should_exit = True
                        await serving
        finally:
            await container.close()


async def _is_started(server: uvicorn.Server) -> bool:
    return server.started


@asynccontextmanager
async def beside_processes(folder: Path, database_url: str, **more: str) -> AsyncIterator[Installation]:
    """The fake PAC, a migrated database and a container to onboard with; the test starts `istmo serve` itself."""
    pac = RunningPac()
    environment = environment_for(folder, database_url, pac, free_port(), **more)
    settings = settings_from(environment)
    await asyncio.to_thread(migrate, database_url)
    container = make_container(settings)
    try:
        async with pac_and_http(settings.web.public_url, pac) as http:
            yield Installation(pac=pac, environment=environment, settings=settings, container=container, http=http)
    finally:
        await container.close()
