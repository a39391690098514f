"""What another PAC answers otherwise than the fake: fields added, removed, retyped, new words, new codes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.alanube.fake.progression import DGI_AUTHORIZED, DGI_REJECTED, PAC_AUTHORIZED, PAC_REJECTED, REGISTERED
from adapters.alanube.known_codes import KnownCodes
from tests.contract.sandbox_doors import Seen

ELEMENTS_READ = 50
PROCESSING = {"PROCESSED", "DGI_REQUEST", "FINISHED", "SENT", "REGISTERED", "TO_SEND", "WAITING_RESPONSE", "TO_NOTIFY"}
WORDS: Mapping[str, set[str]] = {
    "legalStatus": {REGISTERED, PAC_AUTHORIZED, DGI_AUTHORIZED, PAC_REJECTED, DGI_REJECTED},
    "status": PROCESSING | {"FAILED"},
    "affiliated": {"PENDING", "REQUESTED", "SUBSCRIBED"},
    "receiver": {"CONTRIBUYENTE", "GOBIERNO", "CONSUMIDOR_FINAL", "CONSUMIDOR FINAL"},
}
CODED = ("errors[].code", "governmentResponse[].code", "governmentResponse.code")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Drift:
    """One difference. ``kind``: status, field added, field removed, field retyped, new word, new code, not asked."""

    kind: str
    step: str
    path: str
    detail: str = ""


def drifts(fake: Mapping[str, Seen], other: Mapping[str, Seen]) -> list[Drift]:
    """Every difference of the steps that both have; steps that only the other has are ``not asked``."""
    found = [Drift(kind="not asked", step=step, path="") for step in other.keys() - fake.keys()]
    known = _codes_of(fake)
    for step in fake.keys() & other.keys():
        found.extend(_of_step(step, fake[step], other[step], known))
    return sorted(found)


def report(found: list[Drift], compared: int) -> str:
    """The drifts by kind, for people."""
    lines = [f"DRIFT REPORT: {compared} steps compared with the fake, {len(found)} differences"]
    kind = ""
    for drift in found:
        if drift.kind != kind:
            kind = drift.kind
            lines.append(f"{kind}:")
        lines.append(f"  {drift.step}: {drift.path} {drift.detail}".rstrip())
    return "\n".join(lines)


def _of_step(step: str, fake: Seen, other: Seen, known: set[str]) -> Iterator[Drift]:
    if fake.status != other.status:
        yield Drift(kind="status", step=step, path="", detail=f"{other.status}, the fake has {fake.status}")
    ours, theirs = _types(fake.body), _types(other.body)
    for path in theirs.keys() - ours.keys():
        yield Drift(kind="field added", step=step, path=path, detail=_spoken(theirs[path]))
    for path in ours.keys() - theirs.keys():
        yield Drift(kind="field removed", step=step, path=path, detail=_spoken(ours[path]))
    for path in ours.keys() & theirs.keys():
        if not theirs[path] <= ours[path]:
            was = f"{_spoken(theirs[path])}, the fake has {_spoken(ours[path])}"
            yield Drift(kind="field retyped", step=step, path=path, detail=was)
    for path, value in _leaves(other.body):
        words = WORDS.get(path.rpartition(".")[2])
        if words is not None and isinstance(value, str) and value not in words:
            yield Drift(kind="new word", step=step, path=path, detail=value[:60])
    for code in sorted(_codes_in(other) - known):
        yield Drift(kind="new code", step=step, path="", detail=code[:60])


def _types(body: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, value in _leaves(body):
        found.setdefault(path, set()).add(_type(value))
    return found


def _leaves(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Every value with its path; containers too, so that an empty object is seen."""
    yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value[:ELEMENTS_READ]:
            yield from _leaves(inner, f"{path}[]")


def _type(value: Any) -> str:
    names = ((bool, "boolean"), (str, "text"), (int | float, "number"), (dict, "object"), (list, "array"))
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _spoken(types: set[str]) -> str:
    return " or ".join(sorted(types))


def _codes_of(transcript: Mapping[str, Seen]) -> set[str]:
    tables = KnownCodes()
    told = {code for seen in transcript.values() for code in _codes_in(seen)}
    return set(tables.duplicate | tables.misconfigured | tables.rejection) | told


def _codes_in(seen: Seen) -> set[str]:
    """Codes of errors and of the government; a number at the top only repeats the HTTP status."""
    found = set()
    for path, value in _leaves(seen.body):
        at_top = path == "$.code" and isinstance(value, str) and not value.isdigit()
        if at_top or (path.endswith(CODED) and isinstance(value, str | int)):
            found.add(str(value))
    return found
