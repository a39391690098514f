"""The administrators' schema: its own SDL, with the words that it shares with the API taken from there."""

from functools import cache
from importlib.resources import files

from ariadne import EnumType, make_executable_schema
from graphql import GraphQLSchema, TypeDefinitionNode, parse, print_ast, print_schema

from adapters.graphql.admin.context import AdminResolver
from adapters.graphql.admin.doing import mutation_type
from adapters.graphql.admin.reading import object_types, query_type
from adapters.graphql.admin.secret_scalars import secret_scalars
from adapters.graphql.enums import enums
from adapters.graphql.scalars import scalars
from adapters.graphql.schema_building import schema_text
from core.administration import AdminKind, AdminOutcome
from core.certificates import CertificateKind
from core.document_report import ReportGroup
from core.onboarding import Step
from core.tenants import SecretKind

SHARED_ENUMS = frozenset(
    {"CircuitState", "ContributorType", "DocumentType", "DoubtPolicy", "Environment", "LegalStatus", "Role", "Severity"}
)
_SHARED = SHARED_ENUMS | {"PageInfo", "Date", "DateTime", "Decimal", "UserError"}
_PREFACE = """# The administrators' API of Istmo, at POST /admin/graphql. Printed by `istmo schema --admin`.
# Nobody edits it by hand. What it is for: docs/admin.md.
"""


def admin_schema_text() -> str:
    """The whole SDL."""
    folder = files("adapters.graphql") / "admin" / "schema"
    own = [(folder / f"{name}.graphql").read_text(encoding="utf-8") for name in ("admin", "onboarding")]
    shared = [
        print_ast(node)
        for node in parse(schema_text()).definitions
        if isinstance(node, TypeDefinitionNode) and node.name.value in _SHARED
    ]
    return "\n\n".join([*own, *shared])


def published_admin_schema() -> str:
    """As it is published in ``docs/schemas/istmo-admin.graphql``."""
    return f"{_PREFACE}\n{print_schema(build_admin_schema())}\n"


@cache
def build_admin_schema() -> GraphQLSchema:
    """Built once: it holds no state. Raises ValueError for an operation that does not serve administrators alone."""
    schema = make_executable_schema(
        admin_schema_text(),
        query_type(),
        mutation_type(),
        *object_types(),
        *scalars(),
        *secret_scalars(),
        *(each for each in enums() if each.name in SHARED_ENUMS),
        EnumType("AdminEventKind", AdminKind),
        EnumType("AdminEventOutcome", AdminOutcome),
        EnumType("SecretKind", SecretKind),
        EnumType("OnboardingStep", Step),
        EnumType("CertificateKind", CertificateKind),
        EnumType("ReportGroup", ReportGroup),
        convert_names_case=True,
    )
    for root in (schema.query_type, schema.mutation_type):
        for name, field in root.fields.items() if root else ():
            if not isinstance(field.resolve, AdminResolver):
                raise ValueError(f"{name} is not for administrators alone: bind it with AdminResolver")  # noqa: TRY004
    return schema
