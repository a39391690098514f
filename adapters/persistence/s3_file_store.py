"""Files in a bucket of any S3-compatible server: ``<prefix>/<tenant>/<first two digits>/<digest>``.

An object is written with one request that carries its SHA-256 for the server to verify, so it is there whole or not
at all. Reads and writes of one key may race: both bring the same bytes.
"""

import asyncio
import hashlib
import ipaddress
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from adapters.persistence.path_parts import is_digest, is_tenant_part, tenant_part
from core.failures import FileCorruptError, FileNotStoredError, StoreUnavailableError
from core.identifiers import TenantId
from core.ports.file_store import FileStore

log = logging.getLogger(__name__)

SCHEME = "s3://"
_NO_BUCKET = "NoSuchBucket"
_MISSING = (FileNotFoundError, NotFoundError)
_REASON_MAX = 300


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


class S3FileStore(FileStore):
    """Holds no connection that has to be closed. Retries are bounded in number and in time."""

    def __init__(self, settings: S3Settings) -> None:
        self._settings = settings
        is_plain = settings.endpoint is not None and settings.endpoint.startswith("http://")
        self._store = S3Store(
            settings.bucket,
            prefix=settings.prefix or None,
            **_options(settings),
            client_options={
                "allow_http": is_plain,
                "connect_timeout": timedelta(seconds=settings.connect_timeout),
                "timeout": timedelta(seconds=settings.request_timeout),
                "user_agent": "istmo",
            },
            retry_config={
                "max_retries": settings.retries,
                "retry_timeout": timedelta(seconds=settings.total_timeout),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=2),
                    "base": 2,
                },
            },
        )

    async def put(self, tenant_id: TenantId, content: bytes) -> str:
        """See the port. Raises ValueError for a tenant id that cannot be part of a key, and for a body too large."""
        if len(content) > self._settings.object_bytes_max:
            raise ValueError(f"a file has at most {self._settings.object_bytes_max} bytes")
        digest = hashlib.sha256(content).hexdigest()
        key = _key(tenant_part(tenant_id), digest)
        async with self._within_limits("put"):
            try:
                await obstore.put_async(self._store, key, bytes(content), use_multipart=False)
            except _MISSING as error:  # the bucket itself is missing
                raise _away("put", error) from error
        return digest

    async def get(self, tenant_id: TenantId, digest: str) -> bytes:
        """See the port. What is no digest or no tenant's id is not stored."""
        if not (is_digest(digest) and is_tenant_part(tenant_id)):
            raise FileNotStoredError
        async with self._within_limits("get"):
            try:
                found = await obstore.get_async(self._store, _key(tenant_id, digest))
                if found.meta["size"] > self._settings.object_bytes_max:
                    raise FileCorruptError
                content = bytes(await found.bytes_async())
            except _MISSING as error:
                raise _absent("get", error) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileCorruptError
        return content

    async def has(self, tenant_id: TenantId, digest: str) -> bool:
        """See the port."""
        if not (is_digest(digest) and is_tenant_part(tenant_id)):
            return False
        key = _key(tenant_id, digest)
        async with self._within_limits("look"):
            try:
                await obstore.head_async(self._store, key)
            except _MISSING:
                return await self._is_there_after_all(key)
        return True

    async def _is_there_after_all(self, key: str) -> bool:
        """HEAD has no body that tells a missing object from a missing bucket; GET has."""
        try:
            await obstore.get_async(self._store, key)
        except _MISSING as error:
            _absent("look", error)
            return False
        return True

    @asynccontextmanager
    async def _within_limits(self, what: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._settings.total_timeout):
                yield
        except (BaseError, OSError, TimeoutError) as error:
            raise _away(what, error) from error


def _absent(what: str, error: Exception) -> FileNotStoredError:
    """The object is missing; raises StoreUnavailableError when it is the bucket that is."""
    if _NO_BUCKET in str(error):
        raise _away(what, error) from error
    return FileNotStoredError()


def _away(what: str, error: Exception) -> StoreUnavailableError:
    log.warning("The file store failed to %s: %s %s", what, type(error).__name__, str(error)[:_REASON_MAX])
    return StoreUnavailableError()


def _options(settings: S3Settings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "region": settings.region,
        "virtual_hosted_style_request": False,
        "checksum_algorithm": "SHA256",
    }
    if settings.endpoint is not None:
        options["endpoint"] = settings.endpoint
    if settings.access_key_id is not None and settings.secret_access_key is not None:
        options["access_key_id"] = settings.access_key_id
        options["secret_access_key"] = settings.secret_access_key
    return options


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(tenant: str, digest: str) -> str:
    return f"{tenant}/{digest[:2]}/{digest}"
