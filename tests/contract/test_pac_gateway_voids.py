"""What a void says, at all three doors to one fake engine."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.alanube.fake.behaviour import ErrorStyle, RepeatedVoid
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.void_body import encode_void
from core.codes import DocumentType
from core.identifiers import PacDocumentId
from core.ports.pac_gateway import (
    AlreadyVoided,
    Misconfigured,
    NotSent,
    PacAccount,
    Throttled,
    Unknown,
    VoidAnswer,
    Voided,
    VoidNotFound,
    VoidRefused,
)
from tests.contract.pac_fixtures import GATEWAYS, PacWorld, pac_world

REASON = "El cliente desistió de la compra 🧾"


@pytest.fixture(params=GATEWAYS)
async def pac(request: pytest.FixtureRequest) -> AsyncIterator[PacWorld]:
    async with pac_world(request.param) as world:
        yield world


async def authorised(pac: PacWorld) -> PacDocumentId:
    accepted = await pac.accepted(pac.document())
    assert accepted.document.pac_document_id is not None
    pac.clock.advance(timedelta(seconds=60))
    await pac.found(accepted.document.pac_document_id)
    return accepted.document.pac_document_id


async def void(
    pac: PacWorld, pac_document_id: str, *, reason: str = REASON, account: PacAccount | None = None
) -> VoidAnswer:
    body = pac.gateway.encode_void(reason)
    return await pac.gateway.void(
        account or pac.account, DocumentType.DOMESTIC_INVOICE, PacDocumentId(pac_document_id), body
    )


def break_deletes(pac: PacWorld, kind: FaultKind, *, seconds: float | None = None) -> None:
    rule = FaultRule(kind=kind, match=RequestMatch(method="DELETE"), times=1, seconds=seconds)
    pac.engine.set_faults(FaultPlan(rules=(rule,)))


async def test_a_void_goes_out_with_its_reason_and_leaves_the_legal_status(pac: PacWorld) -> None:
    pac_document_id = await authorised(pac)
    answer = await void(pac, pac_document_id)
    assert isinstance(answer, Voided), answer
    assert answer.raw.status == 200
    held = pac.engine.document(pac_document_id)
    assert held.void_reason == REASON
    assert (await pac.found(pac_document_id)).document.legal_status == "DGI_AUTHORIZED"
    (sent,) = [one.request for one in pac.engine.exchanges if one.request.method == "DELETE"]
    assert sent.body == pac.gateway.encode_void(REASON)
    assert sent.query == {"idCompany": pac.company.id}


@pytest.mark.parametrize("style", ErrorStyle)
async def test_a_second_void_hears_that_there_is_one(pac: PacWorld, style: ErrorStyle) -> None:
    pac.engine.behave(error_style=style)
    pac_document_id = await authorised(pac)
    await void(pac, pac_document_id)
    again = await void(pac, pac_document_id)
    assert isinstance(again, AlreadyVoided), again
    assert "0622" in again.codes


async def test_a_second_void_may_hear_a_code_that_nobody_knows_or_success_again(pac: PacWorld) -> None:
    pac_document_id = await authorised(pac)
    await void(pac, pac_document_id)
    event = pac.engine.document(pac_document_id).void_event_id
    pac.engine.behave(repeated_void=RepeatedVoid.REFUSED_UNKNOWN_CODE)
    strange = await void(pac, pac_document_id)
    assert isinstance(strange, VoidRefused)
    assert not strange.is_recognised
    pac.engine.behave(repeated_void=RepeatedVoid.SUCCESS_AGAIN)
    assert isinstance(await void(pac, pac_document_id), Voided)
    assert pac.engine.document(pac_document_id).void_event_id == event


async def test_what_is_void_already_may_be_told_to_be_outside_the_window(pac: PacWorld) -> None:
    pac_document_id = await authorised(pac)
    await void(pac, pac_document_id)
    pac.engine.behave(void_window_first=True)
    pac.clock.advance(timedelta(hours=183))
    late = await void(pac, pac_document_id)
    assert isinstance(late, VoidRefused)
    assert late.is_recognised
    assert pac.engine.document(pac_document_id).voided_at is not None


async def test_outside_the_window_and_a_short_reason_are_refusals_that_are_understood(pac: PacWorld) -> None:
    pac_document_id = await authorised(pac)
    short = await void(pac, pac_document_id, reason="corta")
    pac.clock.advance(timedelta(hours=183))
    late = await void(pac, pac_document_id)
    for refused in (short, late):
        assert isinstance(refused, VoidRefused), refused
        assert refused.is_recognised
        assert refused.messages


async def test_an_unknown_id_and_another_companys_are_not_found(pac: PacWorld) -> None:
    pac_document_id = await authorised(pac)
    assert isinstance(await void(pac, "01JQZ0000000000000000000AA"), VoidNotFound)
    other = pac.engine.register_company(ruc="155888888-2-2021", name="Otra, S.A.", token="token-of-the-installation")
    assert isinstance(await void(pac, pac_document_id, account=PacAccount(company_id=other.id)), VoidNotFound)
    assert pac.engine.document(pac_document_id).voided_at is None


@pytest.mark.parametrize(
    ("kind", "expected", "is_executed"),
    [
        (FaultKind.UNAUTHORIZED_401, Misconfigured, False),
        (FaultKind.MISCONFIGURED_AP1010, Misconfigured, False),
        (FaultKind.THROTTLED_429, Throttled, False),
        (FaultKind.ERROR_503_BEFORE, Unknown, False),
        (FaultKind.NOT_FOUND_404, VoidNotFound, False),
        (FaultKind.DROP_AFTER_ACCEPT, Unknown, True),
        (FaultKind.ERROR_502_AFTER_ACCEPT, Unknown, True),
        (FaultKind.TRUNCATE_BODY, Unknown, True),
        (FaultKind.CUT_MID_BODY, Unknown, True),
        (FaultKind.HTML_200, Unknown, True),
        (FaultKind.EMPTY_200, Unknown, True),
        (FaultKind.INNER_ERROR_200, Unknown, True),
        (FaultKind.PROXY_REPEATS_POST, AlreadyVoided, True),
    ],
)
async def test_what_goes_wrong_says_no_more_than_it_proves(
    pac: PacWorld, kind: FaultKind, expected: type, is_executed: bool
) -> None:
    pac_document_id = await authorised(pac)
    break_deletes(pac, kind)
    answer = await void(pac, pac_document_id)
    assert isinstance(answer, expected), answer
    assert (pac.engine.document(pac_document_id).voided_at is not None) is is_executed


@pytest.mark.parametrize("door", ["in_memory", "in_process"])  # a listening server cannot refuse one connection
async def test_a_refused_connection_sent_nothing(door: str) -> None:
    async with pac_world(door) as pac:
        pac_document_id = await authorised(pac)
        break_deletes(pac, FaultKind.DROP_BEFORE)
        assert isinstance(await void(pac, pac_document_id), NotSent)


async def test_a_read_shows_the_void_only_where_the_pac_does(pac: PacWorld) -> None:
    pac_document_id = await authorised(pac)
    await void(pac, pac_document_id)
    assert not (await pac.found(pac_document_id)).document.is_void
    pac.engine.behave(void_in_view=True)
    assert (await pac.found(pac_document_id)).document.is_void


def test_the_body_is_the_same_for_the_same_reason() -> None:
    assert encode_void(REASON) == encode_void(REASON)
    assert encode_void("á") == '{"reason":"á"}'.encode()
