"""Making credit and debit notes, and issuing drafted ones."""

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
from adapters.graphql.request_context import Info
from core.codes import DocumentType
from core.documents import DocumentKind, DocumentMode
from core.identifiers import DocumentId
from core.tenants import Role

Payload = dict[str, Any]


async def create_credit(
    _root: object,
    info: Info,
    *,
    input: Input,  # noqa: A002
    mode: DocumentMode,
    idempotency_key: str,
    wait_seconds: int,
) -> Payload:
    """Raises what CreateCredit raises."""
    context = info.context
    note = await context.operations.create_credit(
        context.caller.tenant_id,
        read_credit(input),
        mode=mode,
        idempotency_key=idempotency_key,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"credit": note}


async def create_generic_credit(
    _root: object,
    info: Info,
    *,
    input: Input,  # noqa: A002
    mode: DocumentMode,
    idempotency_key: str,
    wait_seconds: int,
) -> Payload:
    """Raises what CreateGenericNote raises."""
    context = info.context
    note = await context.operations.create_generic_note(
        context.caller.tenant_id,
        read_generic_note(input, DocumentType.GENERIC_CREDIT_NOTE),
        mode=mode,
        idempotency_key=idempotency_key,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"credit": note}


async def create_debit(
    _root: object,
    info: Info,
    *,
    input: Input,  # noqa: A002
    mode: DocumentMode,
    idempotency_key: str,
    wait_seconds: int,
) -> Payload:
    """Raises what CreateDebit raises."""
    context = info.context
    note = await context.operations.create_debit(
        context.caller.tenant_id,
        read_debit(input),
        mode=mode,
        idempotency_key=idempotency_key,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"debit": note}


async def create_generic_debit(
    _root: object,
    info: Info,
    *,
    input: Input,  # noqa: A002
    mode: DocumentMode,
    idempotency_key: str,
    wait_seconds: int,
) -> Payload:
    """Raises what CreateGenericNote raises."""
    context = info.context
    note = await context.operations.create_generic_note(
        context.caller.tenant_id,
        read_generic_note(input, DocumentType.GENERIC_DEBIT_NOTE),
        mode=mode,
        idempotency_key=idempotency_key,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"debit": note}


async def convert_credit_to_dgi(_root: object, info: Info, *, id: str, wait_seconds: int) -> Payload:  # noqa: A002
    """Raises what ConvertNote raises."""
    context = info.context
    note = await context.operations.convert_note(
        context.caller.tenant_id,
        DocumentId(id),
        kind=DocumentKind.CREDIT,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"credit": note}


async def convert_debit_to_dgi(_root: object, info: Info, *, id: str, wait_seconds: int) -> Payload:  # noqa: A002
    """Raises what ConvertNote raises."""
    context = info.context
    note = await context.operations.convert_note(
        context.caller.tenant_id,
        DocumentId(id),
        kind=DocumentKind.DEBIT,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"debit": note}


_CONVERTING = locating(("id", "waitSeconds"), "id")
NOTE_MUTATIONS: Mutations = (
    ("createCredit", Role.ISSUER, create_credit, locate_in_naming_note),
    ("createGenericCredit", Role.ISSUER, create_generic_credit, locate_in_note),
    ("createDebit", Role.ISSUER, create_debit, locate_in_naming_note),
    ("createGenericDebit", Role.ISSUER, create_generic_debit, locate_in_note),
    ("convertCreditToDgi", Role.ISSUER, convert_credit_to_dgi, _CONVERTING),
    ("convertDebitToDgi", Role.ISSUER, convert_debit_to_dgi, _CONVERTING),
)
