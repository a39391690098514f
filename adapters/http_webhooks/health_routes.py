"""Whether the process lives, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from adapters.http_webhooks.answers import json_answer

log = structlog.get_logger(__name__)

HealthCheck = Callable[[], Awaitable[None]]

CHECK_SECONDS_MAX = 5.0


def build_health_handlers(
    checks: Mapping[str, HealthCheck], *, seconds_max: float = CHECK_SECONDS_MAX
) -> list[HTTPRouteHandler]:
    """``/health/live`` answers as long as the process does; ``/health/ready`` runs every check.

    A check raises when its part cannot work. The answer has the checks' names and whether each passed; why one
    failed is in the log alone.
    """

    @get("/health/live", include_in_schema=False)
    async def live() -> Response[bytes]:
        return json_answer({"status": "live"})

    @get("/health/ready", include_in_schema=False)
    async def ready() -> Response[bytes]:
        passed = await asyncio.gather(*(_passes(name, check, seconds_max) for name, check in checks.items()))
        told = {name: "ok" if good else "failed" for name, good in zip(checks, passed, strict=True)}
        is_ready = all(passed)
        return json_answer(
            {"status": "ready" if is_ready else "not ready", "checks": told}, status=200 if is_ready else 503
        )

    return [live, ready]


async def _passes(name: str, check: HealthCheck, seconds_max: float) -> bool:
    try:
        async with asyncio.timeout(seconds_max):
            await check()
    except Exception as error:
        log.warning("health_check_failed", check=name, exc_info=error)
        return False
    return True
