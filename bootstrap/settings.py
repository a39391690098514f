"""What an installation is told through its environment: one frozen model per concern, secrets hidden in repr.

Every variable begins with ISTMO_. Nothing here is global: settings are loaded once, by whoever starts a process, and
passed in.
"""

import re
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from bootstrap.admin_settings import AdminSettings
from bootstrap.concern import Concern, has_host, under
from bootstrap.database_settings import PostgresConcern
from bootstrap.failures import Problem, SettingsError
from bootstrap.metrics_settings import MetricsSettings
from bootstrap.pac_dialect import CodeSettings, PreflightConcern, WireSettings
from bootstrap.store_settings import StoreSettings
from bootstrap.void_settings import VoidSettings

LEASE_MARGIN = 20
Names = Annotated[frozenset[str], NoDecode]


class PacSettings(Concern):
    """How to reach the PAC."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_PAC_")
    base_url: str = Field(description="scheme and host alone, such as https://api.alanube.co; /pan/v1 is added")
    key: SecretStr = Field(description="the installation's key at the PAC; a tenant may have its own")
    connect_seconds: float = Field(default=5, gt=0, le=60, description="deadline to connect")
    read_seconds: float = Field(default=25, gt=0, le=300, description="longest silence while an answer comes")
    total_seconds: float = Field(default=30, gt=0, le=300, description="deadline of a whole request")
    connections_max: int = Field(default=50, ge=1, le=1000, description="connections kept to the PAC")
    download_hosts: Names = Field(
        default=frozenset(), description="hosts that PDF and XML may come from; a leading dot takes every subdomain"
    )
    plain_http_hosts: Names = Field(
        default=frozenset(), description="hosts spoken to without TLS: the fake on loopback, nothing else"
    )
    registry_seconds: float = Field(
        default=5, gt=0, le=60, description="how long a sale waits for the RUC registry before it is checked offline"
    )
    registry_fresh_hours: float = Field(
        default=24, gt=0, le=8760, description="how old an answer of the RUC registry may be before it is asked again"
    )
    registry_usable_days: float = Field(
        default=30, gt=0, le=3650, description="how old an answer may be while the registry does not answer"
    )
    unrecognised_is_doubt: bool = Field(
        default=False, description="an error code that no table knows means IN_DOUBT, not REFUSED"
    )

    @field_validator("base_url")
    @classmethod
    def _is_a_host(cls, value: str) -> str:
        if not has_host(value) or urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("must look like https://api.alanube.co")
        parts = urlsplit(value)
        if parts.username or parts.password or parts.query or parts.fragment or parts.path.strip("/"):
            raise ValueError("must be scheme, host and port alone")
        return value.rstrip("/")

    @field_validator("key")
    @classmethod
    def _can_be_a_header(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise ValueError("must be the key as the PAC gave it: no spaces, no line ends")
        return value

    @field_validator("download_hosts", "plain_http_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return frozenset(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class WebSettings(Concern):
    """The server that callers and the PAC reach."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on")
    public_url: str = Field(
        default="http://127.0.0.1:8080", description="how callers reach this server, for links to files"
    )
    webhook_public_url: str | None = Field(
        default=None,
        description="how the PAC reaches this server, when it differs (a tunnel); webhooks go to /webhooks/pac/COMPANY",
    )
    introspection: bool = Field(default=False, description="let clients ask for the schema")
    explorer: bool = Field(
        default=False, description="serve a page to try the API at /explorer; lets clients ask for the schema as well"
    )
    link_seconds: float = Field(default=900, gt=0, le=86400, description="how long a download link lives")

    @field_validator("public_url", "webhook_public_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not has_host(value) or urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("must look like https://facturas.example.com")
        return value.rstrip("/")


class WorkSettings(Concern):
    """Who does the work that is due."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_")
    redis_url: SecretStr | None = Field(
        default=None, description="redis://HOST:PORT/DB; without it the work is done inside the web process"
    )
    queue_name: str = Field(default="istmo:rings", min_length=1, description="keeps installations on one Redis apart")
    sweep_seconds: float = Field(default=1.0, gt=0, le=60, description="how often due work is looked for")
    lease_seconds: float = Field(default=90, gt=0, le=3600, description="how long one attempt holds a document")
    settling_seconds: float = Field(
        default=900, gt=0, le=86400, description="from a lease's end until nothing lost can be accepted late"
    )
    doubt_hours: float = Field(default=24, gt=0, le=168, description="when a document in doubt is quarantined")
    one_at_a_time_in_doubt: bool = Field(
        default=False, description="while a number of a series is in doubt, send its later documents one by one"
    )
    default_billing_point: str = Field(
        default="001",
        description="001 to 999, of an office whose code gives none (0000)",
    )

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis(cls, value: SecretStr | None) -> SecretStr | None:
        url = "" if value is None else value.get_secret_value()
        if value is not None and not (url.startswith(("redis://", "rediss://")) and has_host(url)):
            raise ValueError("must look like redis://HOST:PORT/DB, or rediss:// with TLS")
        if value is not None and not re.fullmatch(r"(/\d{0,5})?", urlsplit(url).path):
            raise ValueError("must end in the number of a database, such as /0")
        return value

    @field_validator("default_billing_point")
    @classmethod
    def _is_a_billing_point(cls, value: str) -> str:
        if not re.fullmatch("[0-9]{3}", value) or value == "000":
            raise ValueError("must have three digits, 001 to 999")
        return value


class LogSettings(Concern):
    """What is written to standard error."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_LOG_")
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="least level that is written"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All concerns of one process."""

    store: StoreSettings
    postgres: PostgresConcern
    pac: PacSettings
    wire: WireSettings
    codes: CodeSettings
    preflight: PreflightConcern
    web: WebSettings
    work: WorkSettings
    void: VoidSettings
    admin: AdminSettings
    log: LogSettings
    metrics: MetricsSettings

    def for_operators(self) -> "Settings":
        """The same installation over the owner's connection, for admin commands."""
        owners = SecretStr(self.postgres.owners_url(self.store.database_url))
        return replace(self, store=self.store.model_copy(update={"database_url": owners}))


CONCERNS: dict[str, type[Concern]] = {
    "store": StoreSettings,
    "postgres": PostgresConcern,
    "pac": PacSettings,
    "wire": WireSettings,
    "codes": CodeSettings,
    "preflight": PreflightConcern,
    "web": WebSettings,
    "work": WorkSettings,
    "void": VoidSettings,
    "admin": AdminSettings,
    "log": LogSettings,
    "metrics": MetricsSettings,
}


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError with every problem at once."""
    loaded: dict[str, Concern] = {}
    problems: list[Problem] = []
    for name, concern in CONCERNS.items():
        try:
            loaded[name] = concern()
        except ValidationError as error:
            problems.extend(_problems(concern, error))
    if not problems:
        problems = _across(loaded)
    if problems:
        raise SettingsError(problems)
    return Settings(**loaded)  # type: ignore[arg-type]  # each concern stands under its own name in CONCERNS


def variable_of(concern: type[Concern], field: str) -> str:
    """The environment variable of a field."""
    return f"{concern.model_config['env_prefix']}{field}".upper()


def _problems(concern: type[Concern], error: ValidationError) -> list[Problem]:
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        field = str(detail["loc"][0]) if detail["loc"] else "?"
        description = concern.model_fields[field].description if field in concern.model_fields else ""
        reason = "is not set" if detail["type"] == "missing" else detail["msg"].removeprefix("Value error, ")
        found.append(Problem(variable=variable_of(concern, field), reason=f"{reason} ({description})"))
    return found


def _across(loaded: dict[str, Concern]) -> list[Problem]:
    """Rules between concerns."""
    pac, work = loaded["pac"], loaded["work"]
    if not isinstance(pac, PacSettings) or not isinstance(work, WorkSettings):
        return []
    problems = []
    least = pac.total_seconds + LEASE_MARGIN
    if work.lease_seconds < least:
        reason = f"must be at least ISTMO_PAC_TOTAL_SECONDS + {LEASE_MARGIN} = {least:g}: no lease may end under way"
        problems.append(Problem(variable="ISTMO_LEASE_SECONDS", reason=reason))
    parts = urlsplit(pac.base_url)
    if parts.scheme == "http" and parts.hostname not in pac.plain_http_hosts:
        reason = f"is plain http: only for a host that ISTMO_PAC_PLAIN_HTTP_HOSTS names (now not {parts.hostname})"
        problems.append(Problem(variable="ISTMO_PAC_BASE_URL", reason=reason))
    return problems
