from tests.unit.http_webhooks.door import open_door


async def works() -> None:
    """A part that is well."""


async def fails() -> None:
    raise ConnectionError("postgresql://istmo:password@db.internal/istmo refused")


async def test_live_answers_whatever_the_parts_do() -> None:
    door = await open_door(checks={"database": fails})
    answer = await door.http.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


async def test_ready_when_every_part_is() -> None:
    door = await open_door(checks={"database": works, "files": works})
    answer = await door.http.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "checks": {"database": "ok", "files": "ok"}}


async def test_not_ready_names_the_part_and_nothing_of_its_insides() -> None:
    door = await open_door(checks={"database": fails, "files": works})
    answer = await door.http.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "checks": {"database": "failed", "files": "ok"}}
    assert "password" not in answer.text
