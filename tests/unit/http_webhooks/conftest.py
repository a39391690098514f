import pytest

from tests.unit.http_webhooks.door import Door, open_door


@pytest.fixture
async def door() -> Door:
    return await open_door()
