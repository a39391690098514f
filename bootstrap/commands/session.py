"""One command's use of the wired installation."""

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar, overload

Result = TypeVar("Result")
Wired = TypeVar("Wired")


class Installation(Protocol):
    """The container, as commands see it: ask for a class, get the one object of it."""

    @overload
    async def get(self, dependency_type: type[Wired]) -> Wired: ...

    @overload
    async def get(self, dependency_type: Any) -> Any: ...

    async def get(self, dependency_type: Any) -> Any:
        """The wired object of this type."""


def operator() -> str:
    """How events name whoever runs a command; a user without a name on this machine by its number."""
    try:
        return f"operator:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"operator:{os.getuid()}"


def run_with_container(act: Callable[[Installation], Awaitable[Result]]) -> Result:
    """Wire the installation, run ``act`` on it, close it.

    Raises SettingsError, SchemaOutOfDateError, and what ``act`` raises.
    """
    from bootstrap.logs import configure_logs
    from bootstrap.settings import load_settings

    settings = load_settings().for_operators()
    configure_logs("WARNING")
    from bootstrap.schema_check import require_current_schema

    require_current_schema(settings.store.database_url.get_secret_value())

    from bootstrap.container import make_container

    async def run() -> Result:
        container = make_container(settings)
        try:
            return await act(container)
        finally:
            await container.close()

    return asyncio.run(run())
