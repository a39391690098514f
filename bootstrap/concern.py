"""What every group of settings has in common."""

from typing import ClassVar
from urllib.parse import urlsplit

from pydantic_settings import BaseSettings, SettingsConfigDict


class Concern(BaseSettings):
    """One group of variables. Unknown ISTMO_ variables are named by ``istmo config check``."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True
    )


def under(prefix: str) -> SettingsConfigDict:
    """The configuration of a concern whose variables begin with ``prefix``."""
    return SettingsConfigDict(env_prefix=prefix, frozen=True, extra="ignore", hide_input_in_errors=True)


def has_host(url: str) -> bool:
    """Whether a URL names a host, and no port that is none."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
