"""Reading a small JSON body against its shape."""

from adapters.alanube.fake.records import Finding
from adapters.alanube.fake.shape import Shape, check
from adapters.alanube.fake.wire import JsonObject, WireRequest, read_json
from adapters.alanube.fake.world import World

NOT_JSON = Finding(code="AP10000", message="instance is not valid JSON")


def checked_body(world: World, request: WireRequest, shape: Shape) -> tuple[JsonObject, list[Finding]]:
    """The body, or what is wrong with it. An absent body is an empty object."""
    try:
        body = read_json(request.body or b"{}")
    except ValueError:
        return {}, [NOT_JSON]
    findings = list(check(body, shape, closed=world.behaviour.closed_fields))
    return ({}, findings) if findings else (body, [])
