"""The webhook, health and file routes over the whole service in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from litestar import Litestar

from adapters.cafe.renderer import ReportlabCafeRenderer
from adapters.http_webhooks.exception_handlers import build_exception_handlers
from adapters.http_webhooks.file_route import build_file_handlers
from adapters.http_webhooks.health_routes import HealthCheck, build_health_handlers
from adapters.http_webhooks.webhook_route import build_webhook_handlers
from core.use_cases.download_file import DownloadFile, DownloadLinks
from core.use_cases.offer_bundle import BundleLinks, OpenBundle
from core.use_cases.render_cafe import CafeLinks, RenderCafe
from tests.shop import WEBHOOK_SECRET, Shop
from tests.world import World

DOWNLOAD_KEY = b"d" * 32


@dataclass
class Door:
    """The routes of one service with one shop."""

    world: World
    shop: Shop
    checks: dict[str, HealthCheck]
    body_seconds_max: float = 10.0

    def __post_init__(self) -> None:
        """Mount the handlers in an app of their own."""
        self.links = DownloadLinks(DOWNLOAD_KEY, self.world.clock)
        self.cafe_links = CafeLinks(DOWNLOAD_KEY, self.world.clock)
        self.bundle_links = BundleLinks(DOWNLOAD_KEY, self.world.clock)
        stores = self.world.stores
        self.app = Litestar(
            route_handlers=[
                *build_webhook_handlers(self.world.receive_webhook, body_seconds_max=self.body_seconds_max),
                *build_health_handlers(self.checks),
                *build_file_handlers(
                    DownloadFile(self.links, stores.documents, stores.files),
                    RenderCafe(self.cafe_links, stores.documents, ReportlabCafeRenderer()),
                    OpenBundle(self.bundle_links, stores.files),
                ),
            ],
            exception_handlers=build_exception_handlers(),
            openapi_config=None,
            logging_config=None,
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False), base_url="http://istmo.test"
        )

    @property
    def company_id(self) -> str:
        """The shop's company at the PAC."""
        company_id = self.shop.tenant.pac_company_id
        assert company_id is not None
        return company_id

    async def deliver(
        self,
        body: bytes | AsyncIterator[bytes] = b'{"id": "unheard-of"}',
        *,
        secret: str | bytes | None = WEBHOOK_SECRET,
        company_id: str | None = None,
        headers: dict[str, Any] | None = None,
    ) -> httpx.Response:
        """One webhook as a sender posts it."""
        signature = {} if secret is None else {"X-Pac-Signature": secret}
        return await self.http.post(
            f"/webhooks/pac/{company_id or self.company_id}", content=body, headers=signature | (headers or {})
        )

    async def waiting(self) -> int:
        """How many deliveries lie in the inbox unread."""
        return len(await self.world.stores.inbox.waiting(self.shop.tenant.tenant_id, limit=1000))


async def open_door(**options: Any) -> Door:
    """A fresh world behind its door."""
    world = World()
    return Door(world, await world.open_shop(), options.pop("checks", {}), **options)
