"""What every PAC gateway promises of look-ups and files: in memory, in process and over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.progression import dgi_rejection, silent
from core.ports.pac_gateway import (
    Downloaded,
    DownloadFailed,
    Found,
    NoAnswer,
    NotFound,
    PacAccount,
)
from tests.contract.pac_fixtures import GATEWAYS, TOKEN, PacWorld, pac_world

A_WHILE = timedelta(seconds=3)


@pytest.fixture(params=GATEWAYS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[PacWorld]:
    async with pac_world(request.param) as made:
        yield made


def once(kind: FaultKind, seconds: float | None = None, match: RequestMatch | None = None) -> FaultPlan:
    return FaultPlan(rules=(FaultRule(kind=kind, times=1, seconds=seconds, match=match),))


async def test_an_id_that_does_not_exist_is_not_found(world: PacWorld) -> None:
    assert isinstance(await world.look_up("01JA0B1C2D3E4F5G6H7J8K9M0N"), NotFound)


async def test_another_companys_document_is_not_found(world: PacWorld) -> None:
    sister = world.engine.register_company(ruc="155888888-2-2022", name="Hermana, S.A.", token=TOKEN)
    stranger = world.engine.register_company(ruc="155999999-2-2023", name="Ajena, S.A.", token="other")
    mine = (await world.accepted(world.document())).document.pac_document_id
    for company, token in ((sister, None), (stranger, "other")):
        theirs = PacAccount(company_id=company.id, token=token)
        assert isinstance(await world.look_up(mine, account=theirs), NotFound)


@pytest.mark.parametrize(
    ("kind", "status"), [(FaultKind.UNKNOWN_STATUS, "DGI_UNDER_REVIEW"), (FaultKind.REGRESSED_STATUS, "REGISTERED")]
)
async def test_a_strange_status_is_reported_raw(world: PacWorld, kind: FaultKind, status: str) -> None:
    accepted = await world.accepted(world.document())
    world.engine.set_faults(once(kind))
    assert (await world.found(accepted.document.pac_document_id)).document.legal_status == status


async def test_a_known_document_that_is_missing_for_once_is_not_found(world: PacWorld) -> None:
    accepted = await world.accepted(world.document())
    world.engine.set_faults(once(FaultKind.NOT_FOUND_404))
    assert isinstance(await world.look_up(accepted.document.pac_document_id), NotFound)
    assert isinstance(await world.look_up(accepted.document.pac_document_id), Found)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.DROP_BEFORE,
        FaultKind.DROP_AFTER_ACCEPT,
        FaultKind.TIME_OUT_AFTER_ACCEPT,
        FaultKind.HTML_200,
        FaultKind.EMPTY_200,
        FaultKind.CUT_MID_BODY,
        FaultKind.ERROR_500_AFTER_ACCEPT,
        FaultKind.UNAUTHORIZED_401,
    ],
)
async def test_a_look_up_that_fails_proves_nothing(world: PacWorld, kind: FaultKind) -> None:
    accepted = await world.accepted(world.document())
    world.engine.set_faults(once(kind, match=RequestMatch(method="GET")))
    answer = await world.look_up(accepted.document.pac_document_id)
    assert isinstance(answer, NoAnswer), answer
    assert answer.reason


async def test_a_rejection_by_the_dgi_tells_its_code(world: PacWorld) -> None:
    world.engine.set_progression(dgi_rejection("1534", "El destino no puede ser extranjero"))
    accepted = await world.accepted(world.document())
    world.clock.advance(A_WHILE)
    shown = (await world.found(accepted.document.pac_document_id)).document
    assert shown.legal_status == "DGI_REJECTED"
    assert shown.codes == ("1534",)
    assert shown.messages == ("El destino no puede ser extranjero",)


async def test_a_silent_dgi_leaves_the_document_where_it_is(world: PacWorld) -> None:
    world.engine.set_progression(silent())
    accepted = await world.accepted(world.document())
    world.clock.advance(timedelta(days=30))
    assert (await world.found(accepted.document.pac_document_id)).document.legal_status == "PAC_AUTHORIZED"


@pytest.mark.parametrize(
    ("kind", "is_refused"),
    [
        (FaultKind.PDF_EXPIRED, False),
        (FaultKind.PDF_HTML, True),
        (FaultKind.PDF_TRUNCATED, True),
        (FaultKind.PDF_REDIRECT, True),
    ],
)
async def test_a_download_that_goes_wrong_says_whether_a_rule_was_broken(
    world: PacWorld, kind: FaultKind, *, is_refused: bool
) -> None:
    accepted = await world.accepted(world.document())
    url = (await world.found(accepted.document.pac_document_id)).document.pdf_url
    assert url is not None
    world.engine.set_faults(once(kind))
    failed = await world.gateway.download_pdf(url)
    assert isinstance(failed, DownloadFailed), failed
    assert failed.is_refused is is_refused
    assert url not in failed.reason
    assert isinstance(await world.gateway.download_pdf(url), Downloaded)


async def test_an_address_that_expired_needs_a_fresh_one(world: PacWorld) -> None:
    accepted = await world.accepted(world.document())
    url = (await world.found(accepted.document.pac_document_id)).document.pdf_url
    assert url is not None
    world.clock.advance(timedelta(minutes=11))
    assert isinstance(await world.gateway.download_pdf(url), DownloadFailed)
    fresh = (await world.found(accepted.document.pac_document_id)).document.pdf_url
    assert fresh is not None
    assert isinstance(await world.gateway.download_pdf(fresh), Downloaded)


async def test_a_pdf_may_be_missing_for_a_while(world: PacWorld) -> None:
    world.engine.behave(pdf_ready_after=timedelta(seconds=60))
    accepted = await world.accepted(world.document())
    assert (await world.found(accepted.document.pac_document_id)).document.pdf_url is None
    world.clock.advance(timedelta(seconds=61))
    assert (await world.found(accepted.document.pac_document_id)).document.pdf_url is not None


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://169.254.169.254/", "https://evil.example/a.pdf", "", "x"]
)
async def test_a_file_elsewhere_is_never_fetched(world: PacWorld, url: str) -> None:
    for answer in (await world.gateway.download_pdf(url), await world.gateway.download_xml(url)):
        assert isinstance(answer, DownloadFailed)
        assert answer.is_refused
