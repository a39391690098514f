"""Commands about documents that left before a restore and that the restored database does not know."""

import getpass
from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import say, say_table
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.lost_documents import LostDocument
from core.ports.tenant_resolver import TenantResolver
from core.use_cases.settle_lost import SettleLost, ShowLost, ShownLost

Everything = Annotated[bool, Parameter(name="--all", negative=())]
HEADINGS = ("document", "point", "type", "number", "CUFE", "left at", "state", "webhooks named", "note")


def show(tenant: str, *, everything: Everything = False) -> None:
    """Show what is still unknown of a taxpayer: number, CUFE, and the ids under which webhooks named it since.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    everything
        Also what was settled.
    """

    async def act(container: Installation) -> list[ShownLost]:
        owner = await (await container.get(TenantResolver)).get(TenantId(tenant))
        show_lost: ShowLost = await container.get(ShowLost)
        found: list[ShownLost] = []
        after: DocumentId | None = None
        while True:
            page, after = await show_lost(owner.tenant_id, only_open=not everything, after=after)
            found.extend(page)
            if after is None:
                return found

    _tell(run_with_container(act))


def issued(tenant: str, document: str, *, note: str, pac_id: str | None = None) -> None:
    """Say that a lost document was issued: its key stays used for good.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    document
        The document's id, as `istmo lost show` names it.
    note
        Where it was seen, for whoever asks in a year; 5 to 1000 characters.
    pac_id
        Its id at the PAC, if it is known: it is read there, and taken only with the same CUFE.
    """

    async def act(container: Installation) -> LostDocument:
        settle: SettleLost = await container.get(SettleLost)
        return await settle.issued(
            TenantId(tenant),
            DocumentId(document),
            pac_document_id=None if pac_id is None else PacDocumentId(pac_id),
            note=note,
            operator=_operator(),
        )

    _say_state(run_with_container(act))


def never_issued(tenant: str, document: str, *, note: str) -> None:
    """Say that a lost document is not at the PAC: its number stays burnt, its key and its order are free again.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    document
        The document's id, as `istmo lost show` names it.
    note
        How that was found out; 5 to 1000 characters.
    """

    async def act(container: Installation) -> LostDocument:
        settle: SettleLost = await container.get(SettleLost)
        return await settle.never_issued(TenantId(tenant), DocumentId(document), note=note, operator=_operator())

    _say_state(run_with_container(act))


def _operator() -> str:
    return f"cli:{getpass.getuser()}"


def _say_state(lost: LostDocument) -> None:
    say(f"{lost.document_id} {lost.departure.number:010d} {lost.submission.value}")


def _tell(found: Sequence[ShownLost]) -> None:
    if not found:
        say("nothing is lost")
        return
    say_table(HEADINGS, [_row(shown) for shown in found])


def _row(shown: ShownLost) -> tuple[str, ...]:
    lost, departure = shown.lost, shown.lost.departure
    return (
        lost.document_id,
        departure.series.billing_point,
        departure.series.document_type.value,
        f"{departure.number:010d}",
        departure.cufe,
        departure.at.isoformat(timespec="seconds"),
        lost.submission.value,
        " ".join(shown.told) or "-",
        lost.note or "-",
    )
