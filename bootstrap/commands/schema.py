"""``istmo schema``: the GraphQL API as one file."""

import sys


def schema() -> None:
    """Print the GraphQL schema (SDL) of this version, for code generators and editors. No settings are needed.

    The same text is docs/schemas/istmo.graphql of the source.
    """
    from adapters.graphql.schema_building import published_schema

    sys.stdout.flush()
    sys.stdout.buffer.write(published_schema().encode())
