"""Every example of docs/admin.md is run, in its order, and refused by nothing."""

import base64
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.docs.marked_places import DOCS
from tests.unit.graphql.admin_api import start_admin_api
from tests.unit.onboarding.certificates import PASSWORD, a_p12
from tests.world import tenant_of

EXAMPLES = re.findall(r"```graphql\n(.*?)```", (DOCS / "admin.md").read_text(encoding="utf-8"), re.DOTALL)
ONBOARDING = next(example for example in EXAMPLES if "onboardTaxpayer" in example)
ONBOARDED = "155000002-2-2021"
BEFORE = datetime(2025, 1, 1, tzinfo=UTC)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: re.findall(r"\w+", example)[1])
async def test_an_example_does_what_the_page_says(example: str) -> None:
    api = await start_admin_api()
    await api.world.invoice(api.shop, await api.world.an_order(api.shop), "key-1")
    signature = {"file": base64.b64encode(a_p12(ruc=ONBOARDED, not_before=BEFORE)).decode(), "password": PASSWORD}
    known: dict[str, Any] = {"tenantId": tenant_of(api.shop), "signature": signature}
    if "$onboardedTenantId" in example:
        (begun,) = (await api.run(ONBOARDING, {"signature": signature})).values()
        known["onboardedTenantId"] = begun["onboarding"]["tenantId"]
    variables = {name: value for name, value in known.items() if f"${name}" in example}
    data = await api.run(example, variables)
    for answer in data.values():
        assert answer, data
        if isinstance(answer, dict):
            assert answer.get("errors", []) == []
