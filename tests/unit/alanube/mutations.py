"""The fake's real answers, and ways to spoil them: fields dropped, added, retyped, unknown values, huge, deep."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from adapters.alanube.fake.behaviour import DuplicateAnswer, ErrorStyle, RejectionRoute
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.progression import dgi_rejection
from adapters.alanube.fake.wire import WireAnswer
from tests.unit.fake_pac.pac_at_hand import PacAtHand, consumer_invoice, invoice

OTHER_ID = "01JZZZZZZZZZZZZZZZZZZZZZZZ"
DEEP, NOT_A_NUMBER = "here it goes deep", "here is no number"
STATUSES = (200, 201, 202, 204, 302, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 200, 400, 404, 500, 1002, 10**40, 1.5),
    *("", "x", OTHER_ID, "a/b", "\x00", "200", "500", DEEP, NOT_A_NUMBER, "x" * 100_000),
    *("REGISTERED", "PAC_AUTHORIZED", "DGI_AUTHORIZED", "PAC_REJECTED", "DGI_REJECTED", "PAC_UNDER_REVIEW", "NONE"),
    *("1002", "1602", "AP1010", "AP1011", "AP20417", "instance requires property"),
    *([], {}, [None], ["x"] * 2000, {"code": "1002"}, {"id": OTHER_ID}, {"code": "0260", "value": ["1002: Duplicado"]}),
    *([{"code": "1002", "message": "Duplicado"}], [{"code": "1602", "message": "RUC"}], [[[[[[]]]]]]),
)
NAMES = (
    *("id", "documentId", "document", "legalStatus", "status", "cufe", "errors", "code", "message", "error"),
    *("governmentResponse", "response", "httpStatusCode", "authorizationProtocol", "pdf", "data", "unknown"),
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of the fake, read."""

    name: str
    status: int
    value: Any


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One change: ``place`` picks where, ``kind`` what."""

    kind: str
    place: int
    name: str
    value: Any


MUTATIONS = st.builds(
    Mutation,
    kind=st.sampled_from(["drop", "retype", "add", "wrap", "unwrap", "double", "fill"]),
    place=st.integers(0, 200),
    name=st.sampled_from(NAMES),
    value=st.sampled_from(VALUES),
)


def mutated(value: Any, mutation: Mutation) -> Any:
    """A changed copy."""
    root = {"": copy.deepcopy(value)}
    places = list(_places(root))
    holder, key = places[mutation.place % len(places)]
    here = holder[key]
    match mutation.kind:
        case "drop" if holder is not root:
            del holder[key]
        case "add" if isinstance(here, dict):
            here[mutation.name] = copy.deepcopy(mutation.value)
        case "add" if isinstance(here, list):
            here.insert(0, copy.deepcopy(mutation.value))
        case "wrap":
            holder[key] = [here] if mutation.place % 2 else {mutation.name: here}
        case "unwrap" if isinstance(here, dict) and here:
            holder[key] = next(iter(here.values()))
        case "double" if isinstance(here, list):
            here.extend(copy.deepcopy(here))
        case "fill" if isinstance(here, list):
            here[:0] = [{"code": f"X{number}", "message": f"filler {number}"} for number in range(40)]
        case _:
            holder[key] = copy.deepcopy(mutation.value)
    return root[""]


def written(value: Any) -> bytes:
    """The body: JSON, with what JSON cannot hold put in afterwards."""
    body = json.dumps(value, ensure_ascii=False).encode()
    body = body.replace(json.dumps(DEEP).encode(), b"[" * 50_000 + b"]" * 50_000)
    return body.replace(json.dumps(NOT_A_NUMBER).encode(), b"NaN")


FINISHES: tuple[Callable[[bytes], bytes], ...] = (
    *[bytes] * 8,
    lambda body: body[: len(body) * 2 // 3],
    lambda body: b"\xef\xbb\xbf" + body,
    lambda body: body.decode().encode("utf-16"),
    lambda body: body.replace(b"{", b'{"id": "' + OTHER_ID.encode() + b'", ', 1),
    lambda body: body + body,
)


def answers_to_posts() -> list[Answer]:
    """Every way in which the fake answers a POST of a document."""
    found = [_posted("accepted", PacAtHand()), _posted("bare", PacAtHand(wrapped_document=False, accepted_status=201))]
    for style in ErrorStyle:
        found.append(_posted(f"shape {style}", PacAtHand(error_style=style), {"information": {}}))
        for route in RejectionRoute:
            pac = PacAtHand(error_style=style, rejection_route=route)
            pac.engine.registry.forget("155000001-2-2020")
            found.append(_posted(f"rule {style} {route}", pac))
        for form in DuplicateAnswer:
            pac = PacAtHand(error_style=style, duplicate_answer=form)
            pac.issue()
            found.append(_posted(f"duplicate {style} {form}", pac))
    kinds = ("error_503_before", "unauthorized_401", "forbidden_403", "throttled_429", "misconfigured_ap1010")
    for kind in (*kinds, "error_500_after_accept", "no_id_200", "inner_error_200"):
        pac = PacAtHand()
        pac.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind(kind)),)))
        found.append(_posted(kind, pac))
    waiting = PacAtHand()
    waiting.company.affiliated = "REQUESTED"
    return [*found, _posted("not affiliated", waiting)]


def answers_to_gets() -> list[Answer]:
    """Every way in which the fake answers a GET of a document, with the id ``DOCUMENT``'s own."""
    found = []
    for name, as_object in (("authorised", False), ("rejected", False), ("rejected, DOM shape", True)):
        pac = PacAtHand(government_as_object=as_object)
        if name != "authorised":
            pac.engine.set_progression(dgi_rejection("1534", "El destino no puede ser extranjero", timedelta(hours=1)))
        document = pac.issue(consumer_invoice())
        path = f"/invoices/{document.id}"
        found.append(_read(f"{name}, before", pac.call("GET", path, documents="pdf")))
        pac.wait(hours=2)
        found.append(_read(name, pac.call("GET", path, documents="pdf")))
        for kind in (FaultKind.UNKNOWN_STATUS, FaultKind.REGRESSED_STATUS, FaultKind.NOT_FOUND_404):
            pac.engine.set_faults(FaultPlan(rules=(FaultRule(kind=kind, match=RequestMatch(method="GET")),)))
            found.append(_read(f"{name} {kind}", pac.call("GET", path)))
    return found


def _posted(name: str, pac: PacAtHand, body: object = None) -> Answer:
    return _read(name, pac.call("POST", "/invoices", invoice() if body is None else body))


def _read(name: str, answer: WireAnswer) -> Answer:
    return Answer(name=name, status=answer.status, value=json.loads(answer.body or b""))


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(holder) if isinstance(holder, dict) else range(len(holder))
    for key in keys:
        yield holder, key
        if isinstance(holder[key], dict | list):
            yield from _places(holder[key])
