"""The executable schema: SDL files beside this module, bound to resolvers, scalars and enums."""

from functools import cache
from importlib.resources import files

from ariadne import make_executable_schema
from graphql import GraphQLSchema, print_schema

from adapters.graphql.book_queries import book_types
from adapters.graphql.cafe_fields import cafe_types
from adapters.graphql.document_fields import object_types
from adapters.graphql.draft_fields import draft_types
from adapters.graphql.enums import enums
from adapters.graphql.import_mutations import import_types
from adapters.graphql.mutations import mutation_type
from adapters.graphql.note_fields import note_types
from adapters.graphql.number_ledger_fields import ledger_types
from adapters.graphql.payment_fields import payment_types
from adapters.graphql.permissions import needed_roles
from adapters.graphql.preview_fields import preview_types
from adapters.graphql.queries import query_type
from adapters.graphql.reference_queries import reference_types
from adapters.graphql.scalars import scalars
from adapters.graphql.statement_queries import statement_types
from adapters.graphql.void_fields import void_types

_PREFACE = """# The GraphQL API of Istmo, at POST /graphql. Printed by `istmo schema`; nobody edits it by hand.
# What its names promise, and for how long: docs/api-conventions.md. Worked examples: docs/api-examples.md.
"""


def schema_text() -> str:
    """The whole SDL, in the order of the files' names."""
    folder = files("adapters.graphql") / "schema"
    sources = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".graphql")), key=lambda e: e.name)
    return "\n".join(source.read_text(encoding="utf-8") for source in sources)


def published_schema() -> str:
    """The whole API as one SDL text, as it is published in ``docs/schemas/istmo.graphql``."""
    return f"{_PREFACE}\n{print_schema(build_schema())}\n"


@cache
def build_schema() -> GraphQLSchema:
    """The schema with everything bound, built once: it holds no state of an installation, a tenant or a request.

    Raises ValueError when a resolver or enum names something that is not in the SDL, or an operation has no role.
    """
    schema = make_executable_schema(
        schema_text(),
        query_type(),
        mutation_type(),
        *object_types(),
        *cafe_types(),
        *draft_types(),
        *ledger_types(),
        *note_types(),
        *payment_types(),
        *preview_types(),
        *void_types(),
        *reference_types(),
        *book_types(),
        *statement_types(),
        *import_types(),
        *scalars(),
        *enums(),
        convert_names_case=True,
    )
    needed_roles(schema)  # refuses an operation without one
    return schema
