"""The long-running commands, and ``migrate``."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from bootstrap.commands.speaking import complain, say

DEMO_PORT = 8080
DEFAULT_FAKE_TOKEN = "fake-pac-token"  # noqa: S105 - the documented token of a fake


def run_on_fast_loop(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop, which halves the CPU of a request (decision 0006); on Python's own loop where there is none."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        asyncio.run(main)
        return
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main)


def serve(
    *,
    demo: Annotated[bool, Parameter(negative="")] = False,
    folder: Path | None = None,
    port: Annotated[int | None, Parameter(validator=Number(gte=0, lte=65535))] = None,
) -> None:
    """Serve GraphQL at /graphql and the PAC's webhooks at /webhooks/pac/COMPANY until SIGTERM or SIGINT.

    Without ISTMO_REDIS_URL the due work is done inside this process; with it, run `istmo worker` beside it.
    Health: /health/live and /health/ready. Run `istmo migrate` first.

    Parameters
    ----------
    demo
        Start a fake PAC and a shop with a history instead, on this machine alone; no settings are needed or used.
    folder
        Of the demo: an empty folder to keep it in; without it a temporary one, which goes at the end.
    port
        Of the demo: the port to listen on, 8080 without it; 0 takes a free one.
    """
    if demo:
        _serve_demo(folder, DEMO_PORT if port is None else port)
        return
    if folder is not None or port is not None:
        complain("error misuse: --folder and --port belong to --demo; otherwise see ISTMO_PORT in `istmo config show`")
        raise SystemExit(2)
    from bootstrap.logs import configure_logs
    from bootstrap.settings import load_settings

    settings = load_settings()
    configure_logs(settings.log.level)
    from bootstrap.web import serve as serve_web

    run_on_fast_loop(serve_web(settings))


def _serve_demo(folder: Path | None, port: int) -> None:
    from bootstrap.demo.environment import demo_folder, refuse_beside_a_real_pac
    from bootstrap.demo.serving import serve_demo
    from bootstrap.logs import configure_logs

    refuse_beside_a_real_pac(os.environ)
    configure_logs("ERROR")  # what goes wrong at the fake PAC is part of the show
    with demo_folder(folder) as place:
        run_on_fast_loop(serve_demo(place, port, say))


def worker() -> None:
    """Do the due work until SIGTERM or SIGINT: submissions, status checks, files, webhooks.

    With ISTMO_REDIS_URL it answers the doorbell at once; without it, it sweeps the database. Any number of workers
    may run; killing one loses nothing.
    """
    from bootstrap.logs import configure_logs
    from bootstrap.settings import load_settings

    settings = load_settings()
    configure_logs(settings.log.level)
    from bootstrap.worker import work_until_signalled

    run_on_fast_loop(work_until_signalled(settings))


def fake_pac(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535))] = 8090,
    token: str = DEFAULT_FAKE_TOKEN,
    company_id: str | None = None,
    ruc: str = "155000001-2-2020",
    name: str = "Comercial Istmo, S.A.",
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    dgi_seconds: Annotated[float, Parameter(validator=Number(gte=0))] = 2.0,
    seed: int = 0,
) -> None:
    """Serve a fake Alanube at /pan/v1 with one company that may issue, for trials and for anybody's tests.

    It refuses what the contract refuses, makes real PDFs and delivers real webhooks. Script it at /_fake/*.

    Parameters
    ----------
    host
        Address to listen on.
    port
        Port to listen on; 0 takes a free one.
    token
        The bearer token that callers must send.
    company_id
        The company's id (26 characters); made from the seed when absent.
    ruc
        The company's RUC, of a legal person.
    name
        The company's name.
    webhook_url
        Where status changes are told, such as http://127.0.0.1:8080/webhooks/pac/COMPANY.
    webhook_secret
        What the webhooks carry in X-Pac-Signature.
    dgi_seconds
        How long the DGI takes to authorise.
    seed
        The same seed gives the same ids and faults.
    """
    from adapters.alanube.fake.engine import FakePacEngine
    from adapters.alanube.fake.http_server import run_fake_pac
    from adapters.alanube.fake.records import WebhookTarget
    from bootstrap.failures import CannotListenError
    from bootstrap.logs import configure_logs

    _refuse_half_a_webhook(webhook_url, webhook_secret)
    webhook = WebhookTarget(url=webhook_url, secret=webhook_secret) if webhook_url and webhook_secret else None

    def ready(base_url: str, engine: FakePacEngine) -> None:
        say(f"fake PAC at {base_url}/pan/v1, company {engine.companies[0].id}, token {token}")

    configure_logs("WARNING")
    try:
        run_fake_pac(
            host,
            port,
            token,
            company_id=company_id,
            ruc=ruc,
            name=name,
            webhook=webhook,
            dgi_seconds=dgi_seconds,
            seed=seed,
            on_ready=ready,
        )
    except OSError as error:
        raise CannotListenError(host=host, port=port, reason=error.strerror or str(error)) from error


def _refuse_half_a_webhook(url: str | None, secret: str | None) -> None:
    if (url is None) != (secret is None):
        complain("error misuse: --webhook-url and --webhook-secret go together")
        raise SystemExit(2)


def migrate() -> None:
    """Bring the database to this version's schema; a SQLite file is made. Safe to run again.

    It connects to ISTMO_OWNER_DATABASE_URL, or to ISTMO_DATABASE_URL. On PostgreSQL it then grants what the role
    ISTMO_APPLICATION_ROLE needs.
    """
    from bootstrap.logs import configure_logs
    from bootstrap.settings import load_settings

    settings = load_settings().for_operators()
    configure_logs("WARNING")
    from adapters.persistence.application_role import grant_to_application
    from adapters.persistence.migration import migrate as migrate_database
    from bootstrap.schema_check import make_room

    database_url = settings.store.database_url.get_secret_value()
    make_room(database_url)
    revision = migrate_database(database_url)
    say(f"schema {revision}")
    role = settings.postgres.application_role
    if not grant_to_application(database_url, role):
        say(f"There is no role {role}: nothing was granted. Create it and migrate again, so that tenants are kept")
        say(f"apart by the database itself: CREATE ROLE {role} LOGIN PASSWORD '...'; (docs/postgresql.md)")
