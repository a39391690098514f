"""``istmo schema``: the GraphQL API as one file."""

import sys


def schema(*, admin: bool = False) -> None:
    """Print the GraphQL schema (SDL) of this version, for code generators and editors. No settings are needed.

    The same text is docs/schemas/istmo.graphql of the source (istmo-admin.graphql for the other).

    Parameters
    ----------
    admin
        The administrators' schema instead.
    """
    from adapters.graphql.admin.schema_building import published_admin_schema
    from adapters.graphql.schema_building import published_schema

    sys.stdout.flush()
    sys.stdout.buffer.write((published_admin_schema() if admin else published_schema()).encode())
