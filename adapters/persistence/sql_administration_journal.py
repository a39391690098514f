"""The installation's journal in SQL: one row remembers where the chain ends, and whoever appends holds it."""

from dataclasses import replace
from types import MappingProxyType

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.content_codec import from_json, to_json_whatever_it_says
from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.statements import Row, Statement, insert_into
from adapters.persistence.storable_text import storable, storable_text
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables.administration_tables import administration_events, administration_head
from core.administration import (
    AdminEvent,
    AdminKind,
    AdminOutcome,
    ChainedAdminEvent,
    ChainHead,
    chain_event,
    may_repeat,
    settled,
)
from core.ports.administration_journal import AdminEventFilter, AdminEventPage, AdministrationJournal

HEAD = 1
_e, _h = administration_events.c, administration_head.c

_begin = Statement(
    lambda dialect: insert_into(dialect, administration_head).on_conflict_do_nothing(index_elements=[_h.head_id])
)
_lock = Statement(sa.select(administration_head).where(_h.head_id == sa.bindparam("head")).with_for_update())
_move = Statement(
    sa.update(administration_head)
    .where(_h.head_id == sa.bindparam("head"))
    .values(sequence=sa.bindparam("next_sequence"), digest=sa.bindparam("next_digest"))
)
_add = Statement(
    sa.insert(administration_events).values(
        {column.name: sa.bindparam(column.name) for column in administration_events.columns}
    )
)
_done_before = Statement(
    sa.select(_e.sequence)
    .where(
        _e.subject == sa.bindparam("same_subject"),
        _e.kind == sa.bindparam("same_kind"),
        _e.outcome == AdminOutcome.DONE.value,
        sa.func.coalesce(_e.tenant_id, "") == sa.bindparam("same_tenant"),
    )
    .limit(1)
)


def _page(*conditions: sa.ColumnElement[bool]) -> Statement:
    return Statement(
        sa.select(administration_events)
        .where(_e.sequence < sa.bindparam("before"), *conditions)
        .order_by(_e.sequence.desc())
        .limit(sa.bindparam("limit"))
    )


_of_tenant = _e.tenant_id == sa.bindparam("of_tenant")
_of_kind = _e.kind == sa.bindparam("of_kind")
_pages = {
    (False, False): _page(),
    (True, False): _page(_of_tenant),
    (False, True): _page(_of_kind),
    (True, True): _page(_of_tenant, _of_kind),
}
_BEYOND = 2**62


class SqlAdministrationJournal(AdministrationJournal):
    """See the port. The application's role may not even read these tables."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def append(self, event: AdminEvent) -> ChainedAdminEvent:
        """See the port."""
        return await self._units.write(lambda connection: _append(connection, _storable(event)), tenant_id=None)

    async def page(self, wanted: AdminEventFilter, *, before: int | None, limit: int) -> AdminEventPage:
        """See the port."""
        said = {
            name: value
            for name, value in (
                ("of_tenant", wanted.tenant_id),
                ("of_kind", wanted.kind.value if wanted.kind is not None else None),
            )
            if value is not None
        }
        statement = _pages["of_tenant" in said, "of_kind" in said]
        rows = await self._units.read(
            statement, tenant_id=None, before=_BEYOND if before is None else before, limit=limit + 1, **said
        )
        events = tuple(map(admin_event_of, rows[:limit]))
        return AdminEventPage(events=events, next_before=events[-1].sequence if len(rows) > limit else None)


def admin_event_of(row: Row) -> ChainedAdminEvent:
    """The event of a row of ``administration_events``."""
    return ChainedAdminEvent(
        sequence=row["sequence"],
        event=AdminEvent(
            at=from_micros(row["at"]),
            actor=row["actor"],
            kind=AdminKind(row["kind"]),
            outcome=AdminOutcome(row["outcome"]),
            tenant_id=row["tenant_id"],
            asked=row["asked"],
            subject=row["subject"],
            facts=MappingProxyType(from_json(dict[str, str], row["facts"])),
        ),
        digest=row["digest"],
    )


def _append(connection: Connection, event: AdminEvent) -> ChainedAdminEvent:
    start = ChainHead()
    connection.run(_begin, head_id=HEAD, sequence=start.sequence, digest=start.digest)
    head = connection.one(_lock, head=HEAD)
    if may_repeat(event):
        same = {
            "same_subject": event.subject,
            "same_kind": event.kind.value,
            "same_tenant": event.tenant_id or "",
        }
        event = settled(event, was_done_before=connection.one_or_none(_done_before, **same) is not None)
    chained = chain_event(event, ChainHead(sequence=head["sequence"], digest=head["digest"]))
    connection.run(_add, **admin_event_columns(chained))
    connection.run(_move, head=HEAD, next_sequence=chained.sequence, next_digest=chained.digest)
    return chained


def admin_event_columns(chained: ChainedAdminEvent) -> Row:
    """The row of one link."""
    event = chained.event
    return {
        "sequence": chained.sequence,
        "at": to_micros(event.at),
        "kind": event.kind.value,
        "outcome": event.outcome.value,
        "actor": event.actor,
        "tenant_id": event.tenant_id,
        "asked": event.asked,
        "subject": event.subject,
        "facts": to_json_whatever_it_says(event.facts),
        "digest": chained.digest,
    }


def _storable(event: AdminEvent) -> AdminEvent:
    """What is kept is what the digest is over: texts that an engine cannot keep are mended before it is made."""
    return replace(
        event,
        **storable({"actor": event.actor, "tenant_id": event.tenant_id, "subject": event.subject}),
        facts={storable_text(name): storable_text(value) for name, value in event.facts.items()},
    )
