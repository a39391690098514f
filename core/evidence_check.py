"""Whether a bundle of evidence is whole and agrees with itself. Needs nothing but the bundle."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.cufe import same_document, verify_cufe
from core.events import ChainedEvent, Event, EventKind
from core.evidence import DOCUMENT, EVENTS, FORMAT, MANIFEST, REQUEST
from core.timeline import first_break

_RECORDING = (EventKind.RECORDED, EventKind.CONVERTED)  # a draft gets its bytes when it becomes a DGI document


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question that was put to the bundle, and what is wrong; empty when nothing is."""

    about: str
    problem: str = ""


def check(entries: Mapping[str, bytes]) -> tuple[Check, ...]:
    """Every question in a fixed order. A bundle that cannot be read fails the first one alone."""
    manifest = _read(entries, MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        return (Check(about="the manifest", problem=f"it is missing or not of the format {FORMAT}"),)
    events = _events(entries)
    return (
        Check(about="the files are those of the manifest, byte by byte", problem=_files(entries, manifest)),
        Check(about="the chain of the timeline", problem=_chain(events, manifest)),
        Check(about="the request is what was recorded before it was sent", problem=_request(entries, events)),
        Check(about="the CUFE is that of the document", problem=_cufe(entries, manifest)),
        Check(about="PDF and XML are those that the timeline stored", problem=_stored(entries, events)),
    )


def _files(entries: Mapping[str, bytes], manifest: dict[str, Any]) -> str:
    listed = {str(file.get("name")): file for file in manifest.get("files", ()) if isinstance(file, dict)}
    missing = sorted(listed.keys() - entries.keys())
    foreign = sorted(entries.keys() - listed.keys() - {MANIFEST})
    changed = [
        name
        for name in sorted(listed.keys() & entries.keys())
        if listed[name].get("sha256") != hashlib.sha256(entries[name]).hexdigest()
    ]
    parts = (("missing", missing), ("not listed", foreign), ("changed", changed))
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names)


def _chain(events: tuple[ChainedEvent, ...] | None, manifest: dict[str, Any]) -> str:
    if events is None:
        return f"{EVENTS} cannot be read"
    if not events:
        return "there is no event"
    broken = first_break(events)
    if broken is not None:
        return f"it breaks at event {broken}"
    # a chain that was cut at its end is whole in itself: only the manifest knows how long it was
    is_whole = manifest.get("events") == {"count": len(events), "last": events[-1].digest}
    return "" if is_whole else "it does not end where the manifest says"


def _request(entries: Mapping[str, bytes], events: tuple[ChainedEvent, ...] | None) -> str:
    recorded = [
        chained.event.facts["body_digest"]
        for chained in events or ()
        if chained.event.kind in _RECORDING and "body_digest" in chained.event.facts
    ]
    if not recorded:
        return "" if REQUEST not in entries else "the timeline records no request"
    if REQUEST not in entries:
        return "it is missing"
    digest = hashlib.sha256(entries[REQUEST]).hexdigest()
    return "" if digest == recorded[-1] else f"it has the digest {digest}, {recorded[-1]} was recorded"


def _cufe(entries: Mapping[str, bytes], manifest: dict[str, Any]) -> str:
    document = _read(entries, DOCUMENT)
    if not isinstance(document, dict):
        return f"{DOCUMENT} cannot be read"
    given, expected = document.get("cufe"), document.get("expected_cufe")
    if manifest.get("cufe") != (given or expected or None):
        return "manifest and document name different ones"
    if not given:
        return ""  # not accepted yet, or a draft
    if not verify_cufe(given).valid:
        return f"{given} is no CUFE, or its check digit is wrong"
    is_own = not expected or same_document(given, expected)
    return "" if is_own else f"the PAC gave {given}, which is not {expected}"


def _stored(entries: Mapping[str, bytes], events: tuple[ChainedEvent, ...] | None) -> str:
    stored = {
        chained.event.facts.get("digest") for chained in events or () if chained.event.kind is EventKind.FILE_STORED
    }
    unknown = [
        name
        for name, content in sorted(entries.items())
        if name.startswith("files/") and hashlib.sha256(content).hexdigest() not in stored
    ]
    return f"never stored: {', '.join(unknown)}" if unknown else ""


def _events(entries: Mapping[str, bytes]) -> tuple[ChainedEvent, ...] | None:
    given = _read(entries, EVENTS)
    try:
        return tuple(
            ChainedEvent(
                sequence=each["sequence"],
                event=Event(
                    at=datetime.fromisoformat(each["event"]["at"]),
                    kind=EventKind(each["event"]["kind"]),
                    actor=each["event"]["actor"],
                    facts={str(name): str(fact) for name, fact in each["event"]["facts"].items()},
                ),
                digest=each["digest"],
            )
            for each in given
        )
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _read(entries: Mapping[str, bytes], name: str) -> Any:
    try:
        return json.loads(entries[name])
    except (KeyError, ValueError, RecursionError):
        return None
