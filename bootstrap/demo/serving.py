"""The fake PAC and Istmo in one event loop, on loopback alone."""

import asyncio
from collections.abc import Callable

from adapters.alanube.fake.clocks import OffsetClock
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.http_server import running_fake_pac
from adapters.persistence.migration import migrate
from bootstrap.container import make_container
from bootstrap.demo.environment import HOST, DemoFolder, demo_settings
from bootstrap.demo.history import open_shop
from bootstrap.demo.sheet import sheet
from bootstrap.listening import GentleServer, listen
from bootstrap.web import build_app, running_work, server_config


async def serve_demo(folder: DemoFolder, port: int, tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; ``tell`` gets what a person needs once everything is there.

    Raises CannotListenError, and DemoRefusedError when the history does not happen.
    """
    clock = OffsetClock()
    engine = FakePacEngine(clock=clock, seed=1)
    with listen(HOST, port) as listener:
        async with running_fake_pac(engine, clock, host=HOST) as pac_url:
            settings = demo_settings(folder.path, port=listener.getsockname()[1], pac_url=pac_url)
            await asyncio.to_thread(migrate, settings.store.database_url.get_secret_value())
            container = make_container(settings)
            try:
                server = GentleServer(server_config(await build_app(container, settings)))
                async with running_work(container, settings):
                    base_url = settings.web.public_url
                    serving = asyncio.create_task(server.serve(sockets=[listener]))
                    opening = asyncio.create_task(open_shop(container, engine, base_url))
                    try:
                        await asyncio.wait({serving, opening}, return_when=asyncio.FIRST_COMPLETED)
                        if opening.done():
                            shop = opening.result()
                            tell(sheet(shop, base_url=base_url, pac_url=pac_url, folder=folder))
                        await serving
                    finally:
                        server.should_exit = True
                        opening.cancel()
                        await asyncio.gather(serving, opening, return_exceptions=True)
            finally:
                await container.close()
