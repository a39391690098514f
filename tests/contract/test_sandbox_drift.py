"""The drift report: what it finds at a fake that drifted on purpose, and what it says when there is no sandbox."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.clocks import ManualClock, OffsetClock
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.http_server import running_fake_pac
from adapters.alanube.fake.wire import WireAnswer, WireRequest, write_json
from tests.contract.sandbox_conversation import Conversation, Transcript
from tests.contract.sandbox_doors import ABSENT, COMPANY, TOKEN, URL, fake_door, has_sandbox, sandbox_door
from tests.contract.sandbox_drift import Drift, drifts, report

START = datetime(2026, 3, 4, 15, 15, tzinfo=UTC)
Change = Callable[[WireRequest, WireAnswer, Any], Any]


class DriftedEngine(FakePacEngine):
    """A fake whose answers are changed on their way out."""

    def __init__(self, change: Change) -> None:
        """``change`` gets the request, the answer and its JSON, and gives the JSON that leaves."""
        super().__init__(clock=ManualClock(START), seed=7)
        self._change = change
        self.status: dict[int, int] = {}

    def handle(self, request: WireRequest) -> WireAnswer:
        """Answer, drifted."""
        answer = super().handle(request)
        body = write_json(self._change(request, answer, json.loads(answer.body or b"null")))
        status = self.status.get(answer.status, answer.status)
        return WireAnswer(status=status, headers=answer.headers, body=body, transport=answer.transport)


def unchanged(_request: WireRequest, _answer: WireAnswer, body: Any) -> Any:
    return body


async def transcript(engine: FakePacEngine | None = None) -> Transcript:
    async with fake_door(engine) as door:
        return await Conversation(door).hold()


async def drifted(change: Change) -> list[Drift]:
    return drifts(await transcript(), await transcript(DriftedEngine(change)))


def documents(body: Any) -> list[dict[str, Any]]:
    return [body["document"]] if isinstance(body, dict) and isinstance(body.get("document"), dict) else []


async def test_a_pac_that_is_the_fake_does_not_drift() -> None:
    assert await drifted(unchanged) == []


async def test_a_field_that_was_added_is_told() -> None:
    def change(_request: WireRequest, _answer: WireAnswer, body: Any) -> Any:
        for document in documents(body):
            document["trackId"] = {"number": 1}
        return body

    found = await drifted(change)
    assert Drift(kind="field added", step="invoice", path="$.document.trackId.number", detail="number") in found
    assert {drift.kind for drift in found} == {"field added"}


async def test_a_field_that_was_removed_is_told() -> None:
    def change(_request: WireRequest, _answer: WireAnswer, body: Any) -> Any:
        for document in documents(body):
            document.pop("publicUrl", None)
        return body

    found = await drifted(change)
    assert Drift(kind="field removed", step="invoice", path="$.document.publicUrl", detail="text") in found
    assert {drift.kind for drift in found} == {"field removed"}


async def test_a_field_of_another_type_is_told() -> None:
    def change(_request: WireRequest, _answer: WireAnswer, body: Any) -> Any:
        if isinstance(body, dict) and "checkDigit" in body and "receiver" in body:
            body["checkDigit"] = int(body["checkDigit"])
        return body

    found = await drifted(change)
    assert [(drift.kind, drift.step, drift.path) for drift in found] == [
        ("field retyped", "check-digit in numbers", "$.checkDigit"),
        ("field retyped", "check-digit in words", "$.checkDigit"),
    ]
    assert found[0].detail == "number, the fake has text"


async def test_a_new_word_is_told() -> None:
    def change(_request: WireRequest, _answer: WireAnswer, body: Any) -> Any:
        for document in documents(body):
            if document["legalStatus"] == "PAC_AUTHORIZED":
                document["legalStatus"] = "PAC_REVIEWING"
        return body

    found = await drifted(change)
    assert Drift(kind="new word", step="invoice", path="$.document.legalStatus", detail="PAC_REVIEWING") in found


async def test_a_new_code_is_told() -> None:
    def change(_request: WireRequest, answer: WireAnswer, body: Any) -> Any:
        if answer.status == 400 and "errors" in body:
            for entry in body["errors"]:
                entry["code"] = "AP77777" if entry["code"] == "1534" else entry["code"]
        return body

    assert await drifted(change) == [Drift(kind="new code", step="broken rule", path="", detail="AP77777")]


async def test_another_status_is_told() -> None:
    engine = DriftedEngine(unchanged)
    engine.status = {405: 404}
    found = drifts(await transcript(), await transcript(engine))
    assert found == [Drift(kind="status", step="void of a debit note", path="", detail="404, the fake has 405")]


async def test_a_body_that_is_no_json_at_all_is_told() -> None:
    def change(request: WireRequest, _answer: WireAnswer, body: Any) -> Any:
        return "gone" if request.path.endswith("/dgi/countries") else body

    found = await drifted(change)
    assert {drift.step for drift in found} == {"catalogue countries"}
    assert Drift(kind="field retyped", step="catalogue countries", path="$", detail="text, the fake has array") in found


async def test_a_sandbox_is_spoken_to_over_http_and_compared() -> None:
    """A fake with other answers stands in for the sandbox, behind a real socket and the real variables."""
    clock = OffsetClock()
    engine = FakePacEngine(clock=clock, seed=3)
    company = engine.register_company(ruc="155888888-2-2022", name="Otra, S.A.", token="sandbox-token")
    engine.behave(accepted_status=201, duplicate_answer=DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE)

    async def wait(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    async with running_fake_pac(engine) as base_url:
        named = {URL: base_url, TOKEN: "sandbox-token", COMPANY: company.id}
        async with sandbox_door(named, wait) as door:
            seen = await Conversation(door).hold()
            assert "sandbox-token" not in repr(door)
    found = drifts(await transcript(), seen)
    assert Drift(kind="status", step="invoice", path="", detail="201, the fake has 200") in found
    assert Drift(kind="new code", step="invoice again", path="", detail="AP20417") in found
    assert {drift.kind for drift in found} <= {"status", "new code", "field removed"}
    assert not {"throttled", "invoice while PENDING"} & seen.keys()


def test_the_report_is_for_people() -> None:
    told = report([Drift(kind="new code", step="invoice", path="", detail="AP7")], 40)
    assert told.splitlines() == [
        "DRIFT REPORT: 40 steps compared with the fake, 1 differences",
        "new code:",
        "  invoice:  AP7",
    ]


@pytest.mark.parametrize("missing", [URL, TOKEN, COMPANY])
def test_half_of_a_sandbox_is_refused_in_words(missing: str) -> None:
    named = dict.fromkeys((URL, TOKEN, COMPANY), "x")
    del named[missing]
    with pytest.raises(ValueError, match=missing):
        has_sandbox(named)
    assert not has_sandbox({})
    assert has_sandbox(named | {missing: "x"})


async def test_the_sandbox_is_compared_or_its_absence_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    if not has_sandbox():
        with capsys.disabled():
            print(f"\n{'!' * len(ABSENT)}\n{ABSENT}\n{'!' * len(ABSENT)}")  # noqa: T201 - said aloud on purpose
        return
    async with sandbox_door() as door:
        seen = await Conversation(door).hold()
    ours = await transcript()
    with capsys.disabled():
        print(f"\n{report(drifts(ours, seen), len(ours.keys() & seen.keys()))}")  # noqa: T201
