"""What a void adds to a document."""

from datetime import datetime

from ariadne import EnumType, ObjectType

from adapters.graphql.request_context import Info
from core.documents import FiscalDocument
from core.voids import VoidState


def _voidable_until(document: FiscalDocument, info: Info) -> datetime | None:
    return info.context.operations.watch_void_window.closes_at(document)


async def _warning(document: FiscalDocument, info: Info) -> str | None:
    warning = await info.context.operations.watch_void_window.warning(document, info.context.notes.of)
    return None if warning is None else info.context.language.of(warning)


def void_types() -> list[ObjectType | EnumType]:
    """The types of voids, and their fields of a document."""
    document = ObjectType("Document")
    document.set_field("voidableUntil", _voidable_until)
    document.set_field("voidWindowWarning", _warning)
    void = ObjectType("Void")
    void.set_field("doubtReason", lambda shown, _info: shown.doubt_reason or None)
    return [document, void, EnumType("VoidState", VoidState)]
