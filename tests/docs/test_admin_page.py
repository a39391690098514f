"""Every example of docs/admin.md is run, in its order, and refused by nothing."""

import re

import pytest

from tests.docs.marked_places import DOCS
from tests.unit.graphql.admin_api import start_admin_api
from tests.world import tenant_of

EXAMPLES = re.findall(r"```graphql\n(.*?)```", (DOCS / "admin.md").read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: re.findall(r"\w+", example)[1])
async def test_an_example_does_what_the_page_says(example: str) -> None:
    api = await start_admin_api()
    await api.world.invoice(api.shop, await api.world.an_order(api.shop), "key-1")
    variables = {"tenantId": tenant_of(api.shop)} if "$tenantId" in example else {}
    data = await api.run(example, variables)
    for answer in data.values():
        assert answer, data
        if isinstance(answer, dict):
            assert answer.get("errors", []) == []
