"""Fields of drafts, and of documents that took another one's place."""

from typing import Any

from ariadne import ObjectType

from adapters.graphql.error_presentation import shown_finding
from adapters.graphql.request_context import Info
from core.documents import FiscalDocument, Submission
from core.errors import Path
from core.identifiers import DocumentId


def draft_types() -> list[ObjectType]:
    """What is bound to the schema."""
    document = ObjectType("Document")
    document.set_field("expectedCufe", lambda shown, _info: shown.expected_cufe or None)
    document.set_field("draftFindings", _draft_findings)
    document.set_field("replaces", lambda shown, info: _other(shown.replaces, info))
    document.set_field("replacedBy", lambda shown, info: _other(shown.replaced_by, info))
    return [document]


async def _other(document_id: DocumentId | None, info: Info) -> FiscalDocument | None:
    if document_id is None:
        return None
    context = info.context
    async with context.reading:
        return await context.operations.documents.get(context.caller.tenant_id, document_id)


def _draft_findings(document: FiscalDocument, info: Info) -> list[dict[str, Any]]:
    if document.submission is not Submission.DRAFT:
        return []
    found = info.context.operations.judge_draft(document.draft).findings
    info.context.rows.spend(len(found))
    return [shown_finding(finding, info.context.language, _in_input) for finding in found]


def _in_input(path: Path) -> list[str]:
    """Where the field stands in the arguments of updateInvoice."""
    return ["input", *(str(step) for step in path)] if path else []
