"""Who may read the metrics, and where."""

from ipaddress import ip_address
from typing import ClassVar

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from bootstrap.concern import Concern, under


class MetricsSettings(Concern):
    """Metrics are off unless one of these is set."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_")
    metrics: bool = Field(default=False, description="serve /metrics without a token, on loopback alone")
    metrics_token: SecretStr | None = Field(
        default=None, description="serve /metrics to whoever sends this as a bearer token; at least 16 characters"
    )
    worker_metrics_port: int | None = Field(
        default=None, ge=0, le=65535, description="port of ISTMO_HOST on which a worker serves /metrics"
    )

    @field_validator("metrics_token")
    @classmethod
    def _is_hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        token = "" if value is None else value.get_secret_value()
        if value is not None and (len(token) < 16 or not token.isascii() or not token.isprintable() or " " in token):
            raise ValueError("must have at least 16 printable ASCII characters without spaces")
        return value

    @property
    def token(self) -> str | None:
        """The token itself."""
        return None if self.metrics_token is None else self.metrics_token.get_secret_value()

    def are_served_at(self, host: str) -> bool:
        """Whether a server that listens on ``host`` serves them: with a token anywhere, without one on loopback."""
        return self.token is not None or (self.metrics and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
