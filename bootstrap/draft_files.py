"""Files in the shape of the API's inputs, read by the schema's own types: they may hold what GraphQL takes."""

from collections.abc import Callable, Mapping, Sequence

from graphql import GraphQLError, GraphQLInputObjectType
from graphql.utilities import coerce_input_value, validate_input_value

from adapters.graphql.inputs import Input, read_invoice, read_previewed
from adapters.graphql.schema_building import build_schema
from bootstrap.json_files import BadFileError, dotted, faulty_place, one_line
from core.errors import IstmoError
from core.use_cases.create_invoice import NewInvoice

PREVIEW_INPUT = "PreviewInvoiceInput"
INVOICE_INPUT = "CreateInvoiceInput"


def preview_input_type() -> GraphQLInputObjectType:
    """The type of ``previewInvoice``'s input."""
    return _input_type(PREVIEW_INPUT)


def read_previewed_object(data: Mapping[str, object]) -> NewInvoice:
    """The document that a JSON object describes. Raises BadFileError with the path of the first bad field."""
    return _read(data, preview_input_type(), read_previewed)


def read_invoice_object(data: Mapping[str, object]) -> NewInvoice:
    """The invoice that a JSON object describes, as createInvoice takes it. Raises as ``read_previewed_object``."""
    return _read(data, _input_type(INVOICE_INPUT), read_invoice)


def _input_type(name: str) -> GraphQLInputObjectType:
    found = build_schema().type_map[name]
    if not isinstance(found, GraphQLInputObjectType):
        raise TypeError(f"{name} is no input type")
    return found


def _read(
    data: Mapping[str, object], shape: GraphQLInputObjectType, reader: Callable[[Input], NewInvoice]
) -> NewInvoice:
    faults: list[str] = []

    def note(error: GraphQLError, path: Sequence[str | int]) -> None:
        faults.append(_told(error, path))

    validate_input_value(dict(data), shape, note)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise BadFileError(faults[0] + more)
    try:
        return reader(coerce_input_value(dict(data), shape))
    except IstmoError as error:
        raise BadFileError(faulty_place(error)) from error


def _told(error: GraphQLError, path: Sequence[str | int]) -> str:
    cause = error.original_error
    reason = cause.message.english if isinstance(cause, IstmoError) else error.message
    reason = one_line(reason.split(", found: ", maxsplit=1)[0])  # what was found is the caller's whole object
    return f"{dotted(path)}: {reason}" if path else reason
