"""Issuing many invoices in one call."""

from typing import Any

from adapters.graphql.error_presentation import user_errors
from adapters.graphql.inputs import Input, read_invoice, read_wait
from adapters.graphql.request_context import Info
from core.documents import DocumentMode
from core.errors import Path, Wording
from core.failures import MalformedInputError
from core.use_cases.issue_invoices import BulkLine, BulkResult

INVOICES_MAX = 100
PATIENCE_SECONDS = 60.0  # of one call, whatever the number of its invoices; proxies give up not much later


async def issue_invoices(
    _root: object, info: Info, *, invoices: list[Input], mode: DocumentMode, wait_seconds: int
) -> dict[str, Any]:
    """See the schema. Raises MalformedInputError for none, for too many, and for one key given twice."""
    keys = [each["idempotency_key"] for each in invoices]
    if not 1 <= len(keys) <= INVOICES_MAX:
        problem = Wording(f"give 1 to {INVOICES_MAX} invoices", f"indique de 1 a {INVOICES_MAX} facturas")
        raise MalformedInputError(path=("invoices",), problem=problem)
    twice = next((place for place, key in enumerate(keys) if key in keys[:place]), None)
    if twice is not None:
        problem = Wording("an invoice before it has the same key", "otra factura anterior tiene la misma clave")
        raise MalformedInputError(path=("invoices", twice, "idempotencyKey"), problem=problem)
    context = info.context
    lines = [
        BulkLine(place=place, key=key, invoice=read_invoice(each["invoice"]))
        for place, (key, each) in enumerate(zip(keys, invoices, strict=True))
    ]
    results = [
        result
        async for result in context.operations.issue_invoices(
            context.caller.tenant_id,
            lines,
            mode=mode,
            wait_seconds=read_wait(wait_seconds),
            actor=context.actor,
            patience_seconds=PATIENCE_SECONDS,
        )
    ]
    context.rows.spend(len(results))
    results.sort(key=lambda result: result.line.place)
    return {"results": [_shown(result, info) for result in results]}


def _shown(result: BulkResult, info: Info) -> dict[str, Any]:
    def locate(path: Path) -> list[str]:
        steps = [str(step) for step in path]
        holder = [] if steps[:1] in (["idempotencyKey"], ["mode"], ["waitSeconds"]) else ["invoice"]
        return ["invoices", str(result.line.place), *holder, *steps]

    errors = [] if result.failure is None else user_errors(result.failure, info.context.language, locate)
    return {"idempotency_key": result.line.key, "invoice": result.document, "errors": errors}
