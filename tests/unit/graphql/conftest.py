import pytest

from tests.unit.graphql.api import Api, start_api


@pytest.fixture
async def api() -> Api:
    return await start_api()
