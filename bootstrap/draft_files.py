"""A file in the shape of previewInvoice's input, read by the schema's own types: it may hold what GraphQL takes."""

from collections.abc import Mapping, Sequence

from graphql import GraphQLError, GraphQLInputObjectType
from graphql.utilities import coerce_input_value, validate_input_value

from adapters.graphql.inputs import read_previewed
from adapters.graphql.schema_building import build_schema
from bootstrap.json_files import BadFileError, dotted, faulty_place, one_line
from core.errors import IstmoError
from core.use_cases.create_invoice import NewInvoice

PREVIEW_INPUT = "PreviewInvoiceInput"


def preview_input_type() -> GraphQLInputObjectType:
    """The type of ``previewInvoice``'s input."""
    found = build_schema().type_map[PREVIEW_INPUT]
    if not isinstance(found, GraphQLInputObjectType):
        raise TypeError(f"{PREVIEW_INPUT} is no input type")
    return found


def read_previewed_object(data: Mapping[str, object]) -> NewInvoice:
    """The document that a JSON object describes. Raises BadFileError with the path of the first bad field."""
    faults: list[str] = []

    def note(error: GraphQLError, path: Sequence[str | int]) -> None:
        faults.append(_told(error, path))

    shape = preview_input_type()
    validate_input_value(dict(data), shape, note)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise BadFileError(faults[0] + more)
    try:
        return read_previewed(coerce_input_value(dict(data), shape))
    except IstmoError as error:
        raise BadFileError(faulty_place(error)) from error


def _told(error: GraphQLError, path: Sequence[str | int]) -> str:
    cause = error.original_error
    reason = cause.message.english if isinstance(cause, IstmoError) else error.message
    reason = one_line(reason.split(", found: ", maxsplit=1)[0])  # what was found is the caller's whole object
    return f"{dotted(path)}: {reason}" if path else reason
