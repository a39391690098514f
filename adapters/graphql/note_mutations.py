"""Making credit and debit notes, and issuing drafted ones."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from adapters.graphql.argument_paths import Mutations, locating
from adapters.graphql.inputs import Input, read_wait
from adapters.graphql.note_inputs import (
    locate_in_naming_note,
    locate_in_note,
    read_credit,
    read_debit,
    read_generic_note,
)
from adapters.graphql.operations import GraphqlOperations
from adapters.graphql.request_context import Info
from core.codes import DocumentType
from core.documents import DocumentKind, DocumentMode, FiscalDocument
from core.identifiers import DocumentId
from core.tenants import Role

Payload = dict[str, Any]


Making = Callable[..., Awaitable[FiscalDocument]]


def _making(
    shown_as: str, use_case: Callable[[GraphqlOperations], Making], read: Callable[[Input], object]
) -> Callable[..., Awaitable[Payload]]:
    """The resolver of a new note: what its input reads as goes to the use case, the note into ``shown_as``."""

    async def resolve(
        _root: object,
        info: Info,
        *,
        input: Input,  # noqa: A002
        mode: DocumentMode,
        idempotency_key: str,
        wait_seconds: int,
    ) -> Payload:
        context = info.context
        note = await use_case(context.operations)(
            context.caller.tenant_id,
            read(input),
            mode=mode,
            idempotency_key=idempotency_key,
            wait_seconds=read_wait(wait_seconds),
            actor=context.actor,
        )
        return {shown_as: note}

    return resolve


def _converting(shown_as: str, kind: DocumentKind) -> Callable[..., Awaitable[Payload]]:
    """The resolver that issues a drafted note of a kind."""

    async def resolve(_root: object, info: Info, *, id: str, wait_seconds: int) -> Payload:  # noqa: A002
        context = info.context
        note = await context.operations.convert_note(
            context.caller.tenant_id,
            DocumentId(id),
            kind=kind,
            wait_seconds=read_wait(wait_seconds),
            actor=context.actor,
        )
        return {shown_as: note}

    return resolve


create_credit = _making("credit", lambda operations: operations.create_credit, read_credit)
create_debit = _making("debit", lambda operations: operations.create_debit, read_debit)
create_generic_credit = _making(
    "credit",
    lambda operations: operations.create_generic_note,
    partial(read_generic_note, document_type=DocumentType.GENERIC_CREDIT_NOTE),
)
create_generic_debit = _making(
    "debit",
    lambda operations: operations.create_generic_note,
    partial(read_generic_note, document_type=DocumentType.GENERIC_DEBIT_NOTE),
)

_CONVERTING = locating(("id", "waitSeconds"), "id")
NOTE_MUTATIONS: Mutations = (
    ("createCredit", Role.ISSUER, create_credit, locate_in_naming_note),
    ("createGenericCredit", Role.ISSUER, create_generic_credit, locate_in_note),
    ("createDebit", Role.ISSUER, create_debit, locate_in_naming_note),
    ("createGenericDebit", Role.ISSUER, create_generic_debit, locate_in_note),
    ("convertCreditToDgi", Role.ISSUER, _converting("credit", DocumentKind.CREDIT), _CONVERTING),
    ("convertDebitToDgi", Role.ISSUER, _converting("debit", DocumentKind.DEBIT), _CONVERTING),
)
