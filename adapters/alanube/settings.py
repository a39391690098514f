"""What an installation says about its PAC. Secrets have no default and never show in ``repr``."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from adapters.alanube.known_codes import KnownCodes


@dataclass(frozen=True, slots=True, kw_only=True)
class WireOptions:
    """Keys of the wire that no public source confirms. None: a document that needs the key is refused.

    ASSUME-020 to ASSUME-024. ``export_place`` is ``receiver`` or ``root``: sources disagree (contract section 6).
    ``foreign_kind_key`` and ``country_name_key`` stand inside ``receiver.<foreign_key>`` and ``receiver``.
    """

    foreign_key: str | None = None
    foreign_kind_key: str | None = None
    country_name_key: str | None = None
    export_place: str | None = None
    contingency_start_key: str | None = None
    contingency_reason_key: str | None = None
    oti_key: str | None = None
    oti_code_key: str = "code"
    oti_amount_key: str = "amount"
    retention_code_key: str = "code"  # ASSUME-025: inner names inferred
    retention_amount_key: str = "amount"
    credit_modification_code: int = 3  # 1 cancel, 2 text, 3 amount
    debit_modification_code: int = 3  # 2 interest, 3 surcharge or adjustment

    def __post_init__(self) -> None:
        """Raises ValueError for a place that no source names."""
        if self.export_place not in (None, "receiver", "root"):
            raise ValueError(f'export_place is "receiver" or "root", not "{self.export_place}"')


@dataclass(frozen=True, slots=True, kw_only=True)
class RucTypeWords:
    """How check-digit wants the RUC type (ASSUME-026): S1's words; another source has 1 and 2."""

    natural: str = "NATURAL"
    legal: str = "JURIDICO"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlanubeSettings:
    """How to reach the PAC. ``base_url`` is scheme and host alone; the client adds ``/pan/v1``.

    Seconds are real seconds; ``total_seconds`` bounds a request with its whole answer. ``allowed_download_hosts``:
    exact names, or suffixes that begin with a dot. ``plain_http_hosts``: the only hosts that may be spoken to in
    plain http and at loopback or private addresses; meant for the fake, empty in production.
    """

    base_url: str
    token: str = field(repr=False)
    connect_seconds: float = 5.0
    read_seconds: float = 25.0
    total_seconds: float = 30.0
    keep_alive_seconds: float = 4.0  # below the 5 s after which common servers close an idle connection
    connections_max: int = 50
    response_bytes_max: int = 2 * 1024 * 1024
    download_bytes_max: int = 20 * 1024 * 1024
    download_seconds: float = 60.0
    allowed_download_hosts: frozenset[str] = frozenset()
    plain_http_hosts: frozenset[str] = frozenset()
    known_codes: KnownCodes = field(default_factory=KnownCodes)
    ruc_type_words: RucTypeWords = field(default_factory=RucTypeWords)
    wire: WireOptions = field(default_factory=WireOptions)

    def __post_init__(self) -> None:
        """Raises ValueError, in words, for a base URL or limits that cannot work."""
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        if not host or parts.scheme not in {"http", "https"}:
            raise ValueError("the PAC's base URL must be like https://api.example.com")
        if parts.username or parts.password or parts.query or parts.fragment or parts.path.strip("/"):
            raise ValueError("the PAC's base URL is scheme, host and port alone; /pan/v1 is added")
        if parts.scheme == "http" and host not in self.plain_http_hosts:
            raise ValueError(f"plain http to {host} is only possible when plain_http_hosts names it")
        limits = (
            self.connect_seconds,
            self.read_seconds,
            self.total_seconds,
            self.connections_max,
            self.response_bytes_max,
            self.download_bytes_max,
            self.download_seconds,
        )
        if min(limits) <= 0:
            raise ValueError("deadlines and limits of the PAC client must be above zero")
