"""The hash chain of a document's events: a row that is changed, dropped or reordered breaks it (I14)."""

from collections.abc import Iterable, Sequence

from core.events import ChainedEvent, Event
from core.hash_chain import GENESIS, link


def chain(events: Iterable[Event], *, after: ChainedEvent | None) -> list[ChainedEvent]:
    """The events with sequence and digest, following ``after`` (None for a new document)."""
    sequence = after.sequence if after else 0
    digest = after.digest if after else GENESIS
    chained = []
    for event in events:
        sequence += 1
        digest = _digest(digest, sequence, event)
        chained.append(ChainedEvent(sequence=sequence, event=event, digest=digest))
    return chained


def first_break(events: Sequence[ChainedEvent]) -> int | None:
    """The sequence of the first event that does not verify, or None when the chain is whole."""
    digest = GENESIS
    for place, chained in enumerate(events, start=1):
        digest = _digest(digest, place, chained.event)
        if chained.sequence != place or chained.digest != digest:
            return place
    return None


def _digest(previous: str, sequence: int, event: Event) -> str:
    said = (event.at.isoformat(), event.kind.value, event.actor, sorted(event.facts.items()))
    return link(previous, sequence, said)
