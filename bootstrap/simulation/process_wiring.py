"""The objects of one simulated process: production's graph, with the outside world put in."""

import base64
from dataclasses import dataclass
from functools import cache

from dishka import AsyncContainer, Provider, Scope, from_context, provide
from pydantic import SecretStr

from adapters.alanube.client import AlanubeClient
from adapters.alanube.downloads import FileDownloader
from adapters.alanube.fake.engine import DEFAULT_BASE_URL, DEFAULT_TOKEN
from adapters.persistence.stores import Stores
from bootstrap.container import make_graph
from bootstrap.settings import CONCERNS, Settings
from bootstrap.use_case_wiring import ProcessTraits
from core.ports.clock import Chance, Clock, Identifiers
from core.ports.job_queue import JobQueue

SECRETS_KEY = bytes(range(32))
PAC_HOST = DEFAULT_BASE_URL.partition("//")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What is not the process: time, chance, the disk, the network, the doorbell, its name."""

    clock: Clock
    chance: Chance
    identifiers: Identifiers
    stores: Stores
    client: AlanubeClient
    downloader: FileDownloader
    queue: JobQueue
    traits: ProcessTraits


class OutsideProvider(Provider):
    """Puts the outside in the place of the machine's own."""

    scope = Scope.APP
    outside = from_context(Outside)

    @provide(override=True)
    def clock(self, outside: Outside) -> Clock:
        return outside.clock

    @provide(override=True)
    def chance(self, outside: Outside) -> Chance:
        return outside.chance

    @provide(override=True)
    def identifiers(self, outside: Outside) -> Identifiers:
        return outside.identifiers

    @provide(override=True)
    def stores(self, outside: Outside) -> Stores:
        return outside.stores

    @provide(override=True)
    def client(self, outside: Outside) -> AlanubeClient:
        return outside.client

    @provide(override=True)
    def downloader(self, outside: Outside) -> FileDownloader:
        return outside.downloader

    @provide(override=True)
    def queue(self, outside: Outside) -> JobQueue:
        return outside.queue

    @provide(override=True)
    def traits(self, outside: Outside) -> ProcessTraits:
        return outside.traits


@cache
def graph() -> AsyncContainer:
    """The checked graph; every simulated process opens its own objects on it."""
    return make_graph(OutsideProvider())


def simulated_settings(*, unrecognised_is_doubt: bool, one_at_a_time_in_doubt: bool) -> Settings:
    """The defaults of the program, whatever the environment says, against the fake PAC."""
    given: dict[str, dict[str, object]] = {
        "store": {"secrets_key": SecretStr(base64.b64encode(SECRETS_KEY).decode())},
        "pac": {
            "base_url": DEFAULT_BASE_URL,
            "key": SecretStr(DEFAULT_TOKEN),
            "plain_http_hosts": frozenset({PAC_HOST}),
            "unrecognised_is_doubt": unrecognised_is_doubt,
        },
        "work": {"one_at_a_time_in_doubt": one_at_a_time_in_doubt},
    }
    concerns = {name: concern.model_construct(None, **given.get(name, {})) for name, concern in CONCERNS.items()}
    return Settings(**concerns)  # type: ignore[arg-type]  # each concern stands under its own name in CONCERNS
