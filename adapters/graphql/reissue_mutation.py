"""A corrected successor. Here, and here alone, null and left out mean different things."""

from collections.abc import Callable, Mapping
from typing import Any

from adapters.graphql.inputs import Input, read_ad_hoc_receiver, read_line, read_wait
from adapters.graphql.request_context import Info
from core.drafts import DraftContingency, DraftDiscount, DraftExport, DraftInstalment, DraftPayment
from core.errors import Wording
from core.failures import MalformedInputError
from core.identifiers import ClientId, DocumentId, OfficeId
from core.successors import Changes

Payload = dict[str, Any]

_BESIDE: Mapping[str, Callable[[Any], Any]] = {
    "client_id": ClientId,
    "receiver": read_ad_hoc_receiver,
    "office_id": OfficeId,
    "billing_point": str,
    "external_id": str,
}
_NAMES_OF_THINGS = {"client_id": "clientId", "office_id": "officeId", "billing_point": "billingPoint"}
_EMPTY = Wording("an empty text names nothing; leave it out", "un texto vacío no nombra nada; omítalo")


async def reissue_document(
    _root: object, info: Info, *, document_id: str, changes: Input, idempotency_key: str, wait_seconds: int
) -> Payload:
    """Raises what ReissueDocument raises."""
    context = info.context
    successor = await context.operations.reissue_document(
        context.caller.tenant_id,
        DocumentId(document_id),
        read_changes(changes),
        idempotency_key=idempotency_key,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"document": successor}


def read_changes(data: Input) -> Changes:
    """Only what the caller named; null stays None. Raises MalformedInputError for an empty name of a thing."""
    for name, argument in _NAMES_OF_THINGS.items():
        if data.get(name) == "":
            raise MalformedInputError(path=(argument,), problem=_EMPTY)
    beside = {name: _or_none(read, data[name]) for name, read in _BESIDE.items() if name in data}
    terms = {name: _or_none(_READERS.get(name), value) for name, value in data.items() if name not in _BESIDE}
    return Changes(terms=terms, **beside)


def _or_none(read: Callable[[Any], Any] | None, value: Any) -> Any:
    return value if value is None or read is None else read(value)


def _each(kind: Callable[..., Any]) -> Callable[[list[Input]], tuple[Any, ...]]:
    return lambda entries: tuple(kind(**_given(entry)) for entry in entries)


def _given(data: Input) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "lines": lambda lines: tuple(read_line(line) for line in lines),
    "payments": _each(DraftPayment),
    "instalments": _each(DraftInstalment),
    "discounts": _each(DraftDiscount),
    "export": lambda export: DraftExport(**_given(export)),
    "contingency": lambda contingency: DraftContingency(**contingency),
}
