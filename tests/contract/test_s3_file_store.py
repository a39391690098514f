"""What only a store at the other end of a network has to promise: bounds on time, and no document in the clear."""

from collections.abc import Iterator

import pytest

from adapters.persistence.s3_file_store import S3FileStore
from adapters.persistence.s3_settings import S3Settings, bucket_and_prefix
from core.failures import FileCorruptError, FileNotStoredError, StoreUnavailableError
from core.identifiers import TenantId
from tests.contract.s3_fixtures import Bucket, answering, new_bucket, s3_server

TENANT = TenantId("01TENANT")
CONTENT = b"%PDF-1.7 \x00\xff"
OTHER_DIGEST = "0" * 64


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(endpoint: str) -> Bucket:
    return new_bucket(endpoint)


async def test_the_key_holds_prefix_tenant_and_digest(bucket: Bucket) -> None:
    digest = await bucket.store().put(TENANT, CONTENT)
    await bucket.store(prefix="").put(TENANT, CONTENT)
    assert bucket.keys() == sorted(f"{prefix}{TENANT}/{digest[:2]}/{digest}" for prefix in ("", "istmo/files/"))


async def test_changed_bytes_are_told_and_storing_them_again_mends_them(bucket: Bucket) -> None:
    files = bucket.store()
    digest = await files.put(TENANT, CONTENT)
    bucket.overwrite(bucket.keys()[0], CONTENT[:-1])
    with pytest.raises(FileCorruptError):
        await files.get(TENANT, digest)
    await files.put(TENANT, CONTENT)
    assert await files.get(TENANT, digest) == CONTENT


async def test_an_object_beyond_the_limit_is_not_loaded(bucket: Bucket) -> None:
    files = bucket.store(object_bytes_max=len(CONTENT))
    digest = await files.put(TENANT, CONTENT)
    bucket.overwrite(bucket.keys()[0], CONTENT + b"x")
    with pytest.raises(FileCorruptError):
        await files.get(TENANT, digest)
    with pytest.raises(ValueError, match="bytes"):
        await files.put(TENANT, CONTENT + b"x")


async def test_a_missing_bucket_is_no_missing_file(endpoint: str) -> None:
    files = Bucket(endpoint, "never-made").store()
    with pytest.raises(StoreUnavailableError):
        await files.put(TENANT, CONTENT)
    with pytest.raises(StoreUnavailableError):
        await files.get(TENANT, OTHER_DIGEST)
    with pytest.raises(StoreUnavailableError):
        await files.has(TENANT, OTHER_DIGEST)


async def every_call_says_unavailable(files: S3FileStore) -> None:
    with pytest.raises(StoreUnavailableError):
        await files.put(TENANT, CONTENT)
    with pytest.raises(StoreUnavailableError):
        await files.get(TENANT, OTHER_DIGEST)
    with pytest.raises(StoreUnavailableError):
        await files.has(TENANT, OTHER_DIGEST)


async def test_a_server_that_is_away_is_told() -> None:
    async with answering(b"") as (address, _):
        pass
    await every_call_says_unavailable(Bucket(address, "istmo").store(connect_timeout=0.5, retries=1))


async def test_a_server_that_never_answers_is_given_up() -> None:
    async with answering(None) as (address, seen):
        await every_call_says_unavailable(Bucket(address, "istmo").store(request_timeout=0.1, retries=1))
        assert 3 <= len(seen) <= 6  # each call at most twice


async def test_the_bound_on_a_whole_call_holds_whatever_the_single_ones_are() -> None:
    async with answering(None) as (address, _):
        await every_call_says_unavailable(Bucket(address, "istmo").store(total_timeout=0.1))


@pytest.mark.parametrize("status", [b"500 Internal Server Error", b"503 Slow Down", b"403 Forbidden", b"301 Moved"])
async def test_a_server_that_refuses_is_asked_a_bounded_number_of_times(status: bytes) -> None:
    answer = b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with answering(answer) as (address, seen):
        await every_call_says_unavailable(Bucket(address, "istmo").store(retries=1))
        assert len(seen) <= 6


@pytest.mark.parametrize("strange", ["..", "../x", "", "a/b", "a\x00b", "a" * 65])
async def test_nothing_from_outside_becomes_a_key(bucket: Bucket, strange: str) -> None:
    files = bucket.store()
    with pytest.raises(ValueError, match="tenant id"):
        await files.put(TenantId(strange), CONTENT)
    assert not await files.has(TenantId(strange), OTHER_DIGEST)
    with pytest.raises(FileNotStoredError):
        await files.get(TenantId(strange), OTHER_DIGEST)
    assert bucket.keys() == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
def test_plain_http_goes_to_loopback(host: str) -> None:
    assert S3Settings(bucket="b", endpoint=f"http://{host}:9000").endpoint == f"http://{host}:9000"


def test_plain_http_goes_elsewhere_only_when_it_is_allowed() -> None:
    with pytest.raises(ValueError, match="https"):
        S3Settings(bucket="b", endpoint="http://storage.example.com")
    assert S3Settings(bucket="b", endpoint="http://storage.example.com", allow_plain_http=True).allow_plain_http


@pytest.mark.parametrize("endpoint", ["storage.example.com", "ftp://x", "https://", "https://user@x", "https://x?y=1"])
def test_an_endpoint_that_is_none_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match="endpoint"):
        S3Settings(bucket="b", endpoint=endpoint)


def test_a_secret_is_not_shown_and_half_a_key_is_refused() -> None:
    settings = S3Settings(bucket="b", access_key_id="id", secret_access_key="never-shown")
    assert "never-shown" not in repr(settings)
    with pytest.raises(ValueError, match="secret"):
        S3Settings(bucket="b", access_key_id="id")


@pytest.mark.parametrize(
    ("url", "parts"),
    [("s3://b", ("b", "")), ("s3://b/", ("b", "")), ("s3://b/a", ("b", "a")), ("s3://b/a/c/", ("b", "a/c"))],
)
def test_a_buckets_address_is_read(url: str, parts: tuple[str, str]) -> None:
    assert bucket_and_prefix(url) == parts


@pytest.mark.parametrize(
    "url", ["s3://", "s3:///a", "https://b/a", "s3://b/../a", "s3://b/a//c", "s3://k@b", "s3://b?x"]
)
def test_an_address_that_is_no_buckets_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="bucket"):
        bucket_and_prefix(url)
