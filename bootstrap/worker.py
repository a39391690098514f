"""The worker process: submissions, status checks, files and webhooks, by doorbell and by sweep."""

import asyncio
import signal

from dishka import AsyncContainer

from adapters.scheduler.arq_worker import ArqWorker
from adapters.scheduler.embedded_runner import EmbeddedRunner
from adapters.scheduler.periodic_sweep import SweepPace
from bootstrap.doorbell import arq_settings
from bootstrap.metered import CountedHandler
from bootstrap.metering import (
    is_metered,
    make_metered_container,
    serving_metrics,
    state_of_runner,
    state_of_worker,
)
from bootstrap.metrics import Metrics
from bootstrap.postgres import look_at_row_security
from bootstrap.schema_check import require_current_schema
from bootstrap.settings import Settings
from bootstrap.web import running_work
from core.ports.clock import Chance, Clock
from core.use_cases.execute_void import ExecuteVoid
from core.use_cases.run_due_work import RunDueWork
from core.use_cases.submit_document import SubmitDocument


async def work_until_signalled(settings: Settings) -> None:
    """With Redis it answers the doorbell; without it, it sweeps.

    Raises SchemaOutOfDateError, StoreUnavailableError, CannotListenError (the port of the metrics).
    """
    await asyncio.to_thread(require_current_schema, settings.store.database_url.get_secret_value())
    await asyncio.to_thread(look_at_row_security, settings)
    container = make_metered_container(settings)
    try:
        if settings.work.redis_url is None:
            await _sweep(container, settings)
        else:
            await _answer_the_doorbell(container, settings)
    finally:
        await container.close()


async def _sweep(container: AsyncContainer, settings: Settings) -> None:
    async with running_work(container, settings):
        if not is_metered(settings):
            await _signalled()
            return
        runner, metrics = await container.get(EmbeddedRunner), await container.get(Metrics)
        metrics.watch(lambda: state_of_runner(runner))
        async with serving_metrics(metrics, settings.metrics, settings.web.host):
            await _signalled()


async def _answer_the_doorbell(container: AsyncContainer, settings: Settings) -> None:
    work, submit = await container.get(RunDueWork), await container.get(SubmitDocument)
    handler = CountedHandler(work.handle)
    worker = ArqWorker(
        handler=handler,
        sweep=work,
        clock=await container.get(Clock),
        chance=await container.get(Chance),
        settings=arq_settings(settings),
        name=submit.worker,
        pace=await container.get(SweepPace),
    )
    if is_metered(settings):
        metrics = await container.get(Metrics)
        metrics.watch(lambda: state_of_worker(worker, handler))
        async with serving_metrics(metrics, settings.metrics, settings.web.host):
            await worker.run_until_signalled()
    else:
        await worker.run_until_signalled()
    await work.finish_running()
    await submit.finish_running()
    await (await container.get(ExecuteVoid)).finish_running()


async def _signalled() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stopping.set)
    await stopping.wait()
