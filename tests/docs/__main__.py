"""Writes every page that is made from the program alone: ``python -m tests.docs``."""

import sys
from collections.abc import Callable

from tests.architecture import error_catalogue
from tests.docs import api_examples, configuration_table, first_call, flow_picture, published_schema, role_table

PAGES: dict[str, Callable[[], object]] = {
    "docs/errors.md": error_catalogue.main,
    "docs/configuration.md, README.md": configuration_table.main,
    "docs/flow.md, README.md": flow_picture.main,
    "docs/schemas/istmo.graphql": published_schema.main,
    "docs/api-conventions.md": role_table.main,
    "README.md": first_call.main,
    "docs/api-examples.md and the explorer's": api_examples.main,
}

if __name__ == "__main__":
    for page, write in PAGES.items():
        write()
        sys.stdout.write(f"{page}\n")
