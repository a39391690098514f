"""An S3 server on loopback, and ways to look into its buckets and to break it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count

import httpx
import obstore
from moto.server import ThreadedMotoServer

from adapters.persistence.s3_file_store import S3FileStore
from adapters.persistence.s3_settings import S3Settings

_names = count(1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One empty bucket of the server at ``endpoint``."""

    endpoint: str
    name: str

    def settings(self, **changes: object) -> S3Settings:
        """Settings that reach it, with a prefix and with time-outs that suit a test."""
        chosen: dict[str, object] = {
            "bucket": self.name,
            "prefix": "istmo/files",
            "endpoint": self.endpoint,
            "access_key_id": "key-of-a-test",
            "secret_access_key": "secret-of-a-test",
            **changes,
        }
        return S3Settings(**chosen)  # type: ignore[arg-type]

    def store(self, **changes: object) -> S3FileStore:
        """A file store on it."""
        return S3FileStore(self.settings(**changes))

    def overwrite(self, key: str, content: bytes) -> None:
        """What a failing disk or a person does to an object."""
        obstore.put(self.store(prefix="")._store, key, content)

    def keys(self) -> list[str]:
        """All keys in it."""
        listing = httpx.get(f"{self.endpoint}/{self.name}").raise_for_status().text
        return sorted(part.split("</Key>")[0] for part in listing.split("<Key>")[1:])


@contextmanager
def s3_server() -> Iterator[str]:
    """A server for as long as the block lasts; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def new_bucket(endpoint: str) -> Bucket:
    """A bucket that nobody else uses."""
    bucket = Bucket(endpoint, f"istmo-{next(_names)}")
    httpx.put(f"{endpoint}/{bucket.name}").raise_for_status()
    return bucket


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that gives every request this raw answer, or (None) silence. Gives its address and what came in."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        seen.append(asked)
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()

    handlers: set[asyncio.Task[None]] = set()
    transports: set[asyncio.WriteTransport] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.add(asyncio.ensure_future(serve(reader, writer)))
        transports.add(writer.transport)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", seen
    finally:
        server.close()
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        for transport in transports:
            transport.abort()
        await asyncio.sleep(0)  # the loop closes their sockets now
