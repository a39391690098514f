"""The evidence of one document: everything that was said about it, in files whose digests stand in a manifest.

A bundle is a mapping of names to bytes; whoever writes or reads it (a ZIP) is an adapter. It proves that nothing in it
was changed by accident or in part. It is not signed: who could rewrite all of it could rewrite its manifest too. What
binds the DGI is the signature inside the XML.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.documents import FileKind, FiscalDocument
from core.events import ChainedEvent, Exchange
from core.plain_data import plain
from core.ports.webhook_inbox import Delivery

MANIFEST = "manifest.json"
REQUEST = "request.json"
EVENTS = "events.json"
DOCUMENT = "document.json"
FORMAT = "istmo-evidence-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What is known of a document. ``request`` None: nothing was ever sent of it."""

    document: FiscalDocument
    request: bytes | None
    events: Sequence[ChainedEvent]
    exchanges: Sequence[Exchange]
    deliveries: Sequence[Delivery]
    files: Mapping[FileKind, bytes]


def bundle(sources: Sources, *, made_at: datetime) -> dict[str, bytes]:
    """The files of the bundle by name, the manifest among them. The same sources and time give the same bytes."""
    document = sources.document
    entries: dict[str, bytes] = {DOCUMENT: _json(plain(document, without=("trace",)))}
    if sources.request is not None:
        entries[REQUEST] = sources.request
    entries[EVENTS] = _json([plain(chained) for chained in sources.events])
    answers = []
    for place, exchange in enumerate(sources.exchanges, start=1):
        name = f"answers/{place:03d}-{exchange.kind.value.lower()}.bin"
        entries[name] = exchange.body
        answers.append({"file": name} | plain_but(exchange, "body"))
    entries["answers.json"] = _json(answers)
    webhooks = []
    for place, delivery in enumerate(sources.deliveries, start=1):
        name = f"webhooks/{place:03d}.bin"
        entries[name] = delivery.body
        webhooks.append({"file": name} | plain_but(delivery, "body", "claimed_user_id"))
    entries["webhooks.json"] = _json(webhooks)
    for file in document.files:
        if file.kind in sources.files:
            entries[f"files/{file.file_name}"] = sources.files[file.kind]
    manifest = {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "document_id": document.document_id,
        "cufe": document.cufe or document.expected_cufe or None,
        "events": {"count": len(sources.events), "last": sources.events[-1].digest if sources.events else None},
        "files": [
            {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            for name, content in sorted(entries.items())
        ],
    }
    return {MANIFEST: _json(manifest)} | entries


def plain_but(value: object, *without: str) -> dict[str, object]:
    """The plain form of a dataclass but for some fields."""
    form = plain(value, without=without)
    if not isinstance(form, dict):
        raise TypeError(f"a {type(value).__name__} has no fields")
    return form


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", errors="replace") + b"\n"
