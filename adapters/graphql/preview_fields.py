"""A dry run of issuing, notes included: verdict, figures, payload and CUFE, and no number taken."""

from typing import Any

from ariadne import ObjectType

from adapters.graphql.document_fields import ShownLine, shown_lines
from adapters.graphql.error_presentation import shown_finding
from adapters.graphql.inputs import Input, read_previewed
from adapters.graphql.request_context import Info
from core.errors import Path
from core.line_totals import TraceStep
from core.previews import DocumentPreview


async def preview_invoice(_root: object, info: Info, *, input: Input) -> DocumentPreview:  # noqa: A002
    """Raises what PreviewDocument raises."""
    context = info.context
    preview = await context.operations.preview_invoice(context.caller.tenant_id, read_previewed(input))
    context.rows.spend(len(preview.verdict.findings))
    return preview


def _findings(preview: DocumentPreview, info: Info) -> list[dict[str, Any]]:
    return [shown_finding(finding, info.context.language, _within_input) for finding in preview.verdict.findings]


def _within_input(path: Path) -> list[str]:
    return ["input", *map(str, path)] if path else []


def _lines(preview: DocumentPreview, info: Info) -> list[ShownLine]:
    return [] if preview.totals is None else shown_lines(preview.draft, preview.totals, info)


def _trace(preview: DocumentPreview, info: Info) -> tuple[TraceStep, ...]:
    steps = preview.totals.trace if preview.totals is not None else ()
    info.context.rows.spend(len(steps))
    return steps


def _payload(preview: DocumentPreview, _info: Info) -> str | None:
    return None if preview.payload.body is None else preview.payload.body.decode()


def _payload_reason(preview: DocumentPreview, info: Info) -> str | None:
    return None if preview.payload.reason is None else info.context.language.of(preview.payload.reason)


def preview_types() -> list[ObjectType]:
    """The preview with its parts."""
    preview = ObjectType("InvoicePreview")
    preview.set_alias("isRefused", "verdict.is_refused")
    preview.set_alias("receiver", "draft.receiver")
    preview.set_alias("placeholders", "payload.placeholders")
    preview.set_field("findings", _findings)
    preview.set_field("lines", _lines)
    preview.set_field("trace", _trace)
    preview.set_field("payload", _payload)
    preview.set_field("payloadReason", _payload_reason)
    step = ObjectType("TraceStep")
    step.set_alias("calculation", "spelled")
    return [preview, step]
