"""Commands about number series."""

from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from bootstrap.commands.session import Installation, operator, run_with_container
from bootstrap.commands.speaking import say, say_table
from core.codes import DocumentType
from core.documents import SeriesKey
from core.identifiers import TenantId
from core.ports.series_ledger import SeriesLedger, SeriesState
from core.ports.tenant_resolver import TenantResolver
from core.use_cases.administer import Administer


def _is_a_document_type(_type: Any, value: str) -> None:
    codes = [each.value for each in DocumentType]
    if value not in codes:
        raise ValueError(f"The DGI knows {', '.join(codes)}.")


TypeCode = Annotated[str, Parameter(name="--type", validator=_is_a_document_type)]


def set_series(
    tenant: str,
    *,
    billing_point: str,
    next_number: Annotated[int, Parameter(name="--next", validator=Number(gte=1, lte=9_999_999_999))],
    document_type: TypeCode = "01",
    reason: str,
) -> None:
    """Set the next number of a series, forward only. The move is kept as an event with who and why.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    billing_point
        001 to 999.
    next_number
        The number that the next document gets, such as 452 when another PAC stopped at 451.
    document_type
        The DGI's code: 01 domestic invoice, 04 credit note, 05 debit note, ...
    reason
        Why, for whoever asks about the gap.
    """

    async def act(container: Installation) -> SeriesState:
        return await (await container.get(Administer)).set_series(
            operator(),
            TenantId(tenant),
            billing_point=billing_point,
            document_type=DocumentType(document_type),
            next_number=next_number,
            reason=reason,
        )

    state = run_with_container(act)
    say(f"next {state.next_number:010d}")


def show(
    tenant: str,
    *,
    billing_point: str,
    document_type: TypeCode = "01",
) -> None:
    """Show where a series stands and every move by hand.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    billing_point
        001 to 999.
    document_type
        The DGI's code: 01 domestic invoice, 04 credit note, 05 debit note, ...
    """
    series = SeriesKey(billing_point=billing_point, document_type=DocumentType(document_type))

    async def act(container: Installation) -> tuple[SeriesState | None, list[tuple[str, ...]]]:
        owner = await (await container.get(TenantResolver)).get(TenantId(tenant))
        ledger = await container.get(SeriesLedger)
        moves = await ledger.moves(owner.tenant_id, series)
        rows: list[tuple[str, ...]] = [
            (
                move.at.isoformat(timespec="seconds"),
                move.actor,
                f"{move.from_number:010d}",
                f"{move.to_number:010d}",
                move.reason,
            )
            for move in moves
        ]
        return await ledger.find(owner.tenant_id, series), rows

    state, rows = run_with_container(act)
    say("never used" if state is None else f"first {state.first_number:010d} next {state.next_number:010d}")
    if rows:
        say_table(("at", "who", "from", "to", "why"), rows)
