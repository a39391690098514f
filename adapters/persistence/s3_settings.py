"""Where a bucket is and how it may be reached; without the library that reaches it, which is heavy to import."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SCHEME = "s3://"


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Settings:
    """Where the bucket is and what is bounded. Times in seconds.

    Without keys the machine's own role is asked for them. ``total_timeout`` bounds a call with all its retries.
    """

    bucket: str
    prefix: str = ""
    endpoint: str | None = None  # None: the region's own at the vendor
    region: str = "us-east-1"
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
    allow_plain_http: bool = False  # beyond loopback
    connect_timeout: float = 3.0
    request_timeout: float = 20.0
    total_timeout: float = 45.0
    retries: int = 2
    object_bytes_max: int = 64 * 1024 * 1024

    def __post_init__(self) -> None:
        """Raises ValueError for an endpoint that would carry documents in the clear, and for half a key."""
        if not self.bucket or "/" in self.bucket:
            raise ValueError("a bucket has a name without slashes")
        if (self.access_key_id is None) != (self.secret_access_key is None):
            raise ValueError("an access key has an id and a secret")
        if self.endpoint is None:
            return
        parts = urlsplit(self.endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
            raise ValueError("an S3 endpoint looks like https://storage.example.com")
        if parts.scheme == "http" and not (self.allow_plain_http or _is_loopback(parts.hostname)):
            raise ValueError("an S3 endpoint beyond loopback is https, unless plain http is allowed by a setting")


def bucket_and_prefix(url: str) -> tuple[str, str]:
    """The two parts of ``s3://bucket/prefix``. Raises ValueError for another address."""
    parts = urlsplit(url)
    prefix = parts.path.strip("/")
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("a bucket's address is s3://BUCKET or s3://BUCKET/PREFIX")
    if any(part in {"", ".", ".."} for part in prefix.split("/")) and prefix:
        raise ValueError("a bucket's prefix has no empty part and no dots alone")
    return parts.netloc, prefix


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
