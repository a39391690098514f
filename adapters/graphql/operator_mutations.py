"""What an operator decides. Who decided is the caller's key; a decision that the state does not allow is refused."""

import re
from typing import Any

from adapters.graphql.request_context import Info
from core.errors import Wording
from core.failures import MalformedInputError
from core.identifiers import DocumentId, PacDocumentId
from core.tenants import DoubtPolicy

Payload = dict[str, Any]

_PAC_ID = re.compile(r"[0-9A-Za-z_-]{1,100}", re.ASCII)
_BAD_ID = Wording(
    "an id of the PAC has 1 to 100 letters, digits, hyphens and underscores",
    "un identificador del PAC tiene de 1 a 100 letras, dígitos, guiones y guiones bajos",
)


async def adopt_pac_document(_root: object, info: Info, *, document_id: str, pac_document_id: str) -> Payload:
    """Raises MalformedInputError and what AdoptPacDocument raises."""
    if not _PAC_ID.fullmatch(pac_document_id):
        raise MalformedInputError(path=("pacDocumentId",), problem=_BAD_ID)
    caller = info.context.caller
    document = await info.context.operations.adopt_pac_document(
        caller.tenant_id, DocumentId(document_id), PacDocumentId(pac_document_id), caller.key_id
    )
    return {"invoice": document}


async def confirm_at_dgi(_root: object, info: Info, *, document_id: str, note: str) -> Payload:
    """Raises what ConfirmAtDgi raises."""
    caller = info.context.caller
    document = await info.context.operations.confirm_at_dgi(
        caller.tenant_id, DocumentId(document_id), note, caller.key_id
    )
    return {"invoice": document}


async def give_up_document(_root: object, info: Info, *, document_id: str, reason: str) -> Payload:
    """Raises what GiveUpDocument raises."""
    caller = info.context.caller
    document = await info.context.operations.give_up_document(
        caller.tenant_id, DocumentId(document_id), reason, caller.key_id
    )
    return {"invoice": document}


async def set_doubt_policy(_root: object, info: Info, *, policy: DoubtPolicy) -> Payload:
    """Raises what SetDoubtPolicy raises."""
    caller = info.context.caller
    return {"tenant": await info.context.operations.set_doubt_policy(caller.tenant_id, policy, caller.key_id)}
