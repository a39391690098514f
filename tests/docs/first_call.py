"""Makes the first call of the README against the whole service in memory: ``python -m tests.docs.first_call``.

The query and the variables are read from the README; the answer is put into it.
"""

import asyncio
import json
import re
from typing import Any

from tests.docs.marked_places import README, write_marked
from tests.unit.graphql.api import start_api

NAME = "first_call"
_SECTION = re.compile(r"^## A first call\n(.*?)^## ", re.MULTILINE | re.DOTALL)


def call_in(page: str) -> tuple[str, Any]:
    """The query and the variables that the page shows. Raises ValueError when it shows none."""
    section = _SECTION.search(page)
    query = re.search(r"```graphql\n(.*?)```", section[1], re.DOTALL) if section else None
    variables = re.search(r"```json\n(.*?)```", section[1], re.DOTALL) if section else None
    if query is None or variables is None:
        raise ValueError("the page has no first call")
    return query[1], json.loads(variables[1])


async def real_answer(query: str, variables: Any) -> Any:
    """What the service answers to it."""
    return (await (await start_api()).post(query, variables)).json()


def block(answer: Any) -> str:
    """The answer as the page shows it."""
    return f"```json\n{json.dumps(answer, indent=2, ensure_ascii=False)}\n```"


def main() -> None:
    """Put the answer into the README."""
    query, variables = call_in(README.read_text(encoding="utf-8"))
    write_marked(README, NAME, block(asyncio.run(real_answer(query, variables))))


if __name__ == "__main__":
    main()
