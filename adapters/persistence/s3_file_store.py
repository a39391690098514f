"""Files in a bucket of any S3-compatible server: ``<prefix>/<tenant>/<first two digits>/<digest>``.

An object is written with one request that carries its SHA-256 for the server to verify, so it is there whole or not
at all. Reads and writes of one key may race: both bring the same bytes.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from adapters.persistence.path_parts import is_digest, is_tenant_part, tenant_part
from adapters.persistence.s3_settings import S3Settings
from core.failures import FileCorruptError, FileNotStoredError, StoreUnavailableError
from core.identifiers import TenantId
from core.ports.file_store import FileStore

log = logging.getLogger(__name__)

_NO_BUCKET = "NoSuchBucket"
_MISSING = (FileNotFoundError, NotFoundError)
_REASON_MAX = 300


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


def _key(tenant: str, digest: str) -> str:
    return f"{tenant}/{digest[:2]}/{digest}"
