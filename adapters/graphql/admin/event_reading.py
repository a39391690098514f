"""What was changed, by whom: the installation's journal, newest first."""

from typing import Any

from ariadne import ObjectType

from adapters.graphql.admin.context import AdminInfo
from adapters.graphql.connections import connection_of
from adapters.graphql.cursors import PAGE_MAX, read_cursor, read_first
from core.administration import AdminKind, ChainedAdminEvent
from core.failures import MalformedPageError
from core.identifiers import TenantId
from core.ports.administration_journal import AdminEventFilter

CURSOR = "adminEvent"
_DIGITS = 18


async def admin_events(
    _root: object,
    info: AdminInfo,
    *,
    first: int,
    after: str | None = None,
    tenant_id: str | None = None,
    kind: AdminKind | None = None,
) -> dict[str, Any]:
    """One page of the journal."""
    wanted = AdminEventFilter(tenant_id=TenantId(tenant_id) if tenant_id is not None else None, kind=kind)
    page = await info.context.operations.administration.page(wanted, before=_before(after), limit=read_first(first))
    return connection_of(CURSOR, page.events, lambda each: str(each.sequence), has_next=page.next_before is not None)


def _before(after: str | None) -> int | None:
    shown = read_cursor(CURSOR, after)
    if shown is None:
        return None
    if not (shown.isascii() and shown.isdigit() and len(shown) <= _DIGITS):
        raise MalformedPageError(path=("after",), limit=PAGE_MAX)
    return int(shown)


def _facts(shown: ChainedAdminEvent, _info: AdminInfo) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in sorted(shown.event.facts.items())]


def event_type() -> ObjectType:
    """The type of an event: fields of the event itself, beside its place in the chain."""
    shown = ObjectType("AdminEvent")
    for name in ("at", "actor", "kind", "outcome", "asked"):
        shown.set_field(name, lambda chained, _info, name=name: getattr(chained.event, name))
    shown.set_field("tenantId", lambda chained, _info: chained.event.tenant_id)
    shown.set_field("subject", lambda chained, _info: chained.event.subject or None)
    shown.set_field("facts", _facts)
    return shown
