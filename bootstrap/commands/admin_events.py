"""What administrators and operators changed."""

import json
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import complain, say, say_table
from core.administration import AdminKind, ChainedAdminEvent
from core.identifiers import TenantId
from core.ports.administration_journal import AdminEventFilter, AdminEventPage, AdministrationJournal

HEADINGS = ("event", "at", "who", "what", "outcome", "answers", "tenant", "subject", "facts")


def events(
    *,
    tenant: str | None = None,
    kind: AdminKind | None = None,
    before: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    limit: Annotated[int, Parameter(validator=Number(gte=1, lte=1000))] = 100,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """List what was changed through commands and the administrators' API, newest first. See docs/admin.md.

    Parameters
    ----------
    tenant
        Of this taxpayer alone.
    kind
        Of this kind alone, such as API_KEY_CREATED.
    before
        Go on below this event, where a list ended.
    limit
        How many at most.
    as_json
        One JSON object a line for machines.
    """
    wanted = AdminEventFilter(tenant_id=TenantId(tenant) if tenant is not None else None, kind=kind)

    async def act(container: Installation) -> AdminEventPage:
        journal: AdministrationJournal = await container.get(AdministrationJournal)
        return await journal.page(wanted, before=before, limit=limit)

    page = run_with_container(act)
    if as_json:
        for each in page.events:
            say(json.dumps(as_object(each), ensure_ascii=False))
    else:
        say_table(HEADINGS, [_row(each) for each in page.events])
    if page.next_before is not None:
        complain(f"there are more: --before {page.next_before}")


def as_object(chained: ChainedAdminEvent) -> dict[str, Any]:
    """What ``--json`` prints of one event; names are stable."""
    event = chained.event
    return {
        "event": chained.sequence,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "kind": event.kind.value,
        "outcome": event.outcome.value,
        "answers": event.asked,
        "tenant": event.tenant_id,
        "subject": event.subject or None,
        "facts": dict(event.facts),
        "digest": chained.digest,
    }


def _row(chained: ChainedAdminEvent) -> tuple[str, ...]:
    event = chained.event
    return (
        str(chained.sequence),
        event.at.isoformat(timespec="seconds"),
        event.actor,
        event.kind.value,
        event.outcome.value,
        "-" if event.asked is None else str(event.asked),
        event.tenant_id or "-",
        event.subject or "-",
        " ".join(f"{name}={value}" for name, value in sorted(event.facts.items())) or "-",
    )
