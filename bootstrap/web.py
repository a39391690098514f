"""The web process: GraphQL, webhooks, files and health on one server, with the embedded runner beside it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
import uvicorn
from dishka import AsyncContainer
from litestar import Litestar

from adapters.graphql.operations import GraphqlOperations
from adapters.graphql.handlers import build_graphql_handlers
from adapters.graphql.settings import GraphqlSettings
from adapters.http_webhooks.files import build_file_handlers
from adapters.http_webhooks.health import build_health_handlers
from adapters.http_webhooks.pac import build_webhook_handlers
from adapters.persistence.migration import schema_is_current
from adapters.persistence.stores import Stores
from adapters.scheduler.embedded_runner import EmbeddedRunner
from bootstrap.container import make_container
from bootstrap.settings import Settings
from core.ports.clock import Clock
from core.use_cases.run_due_work import RunDueWork
from core.use_cases.submit_document import SubmitDocument

log = structlog.get_logger("istmo.web")

Check = Callable[[], Awaitable[bool]]
SWEEP_STALE = timedelta(seconds=150)
