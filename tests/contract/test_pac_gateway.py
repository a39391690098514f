"""What every PAC gateway promises: in memory, the Alanube client in process, the Alanube client over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer, ErrorStyle, RejectionRoute
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from core.codes import DocumentType, OperationNature
from core.drafts import DraftReference
from core.ports.pac_gateway import (
    Accepted,
    Downloaded,
    Duplicate,
    NotFound,
    NotSent,
    Rejected,
    Unknown,
)
from tests.builders import RECEIVER_RUC
from tests.contract.pac_fixtures import GATEWAYS, PacWorld, is_duplicate_of, pac_world

A_WHILE = timedelta(seconds=3)


@pytest.fixture(params=GATEWAYS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[PacWorld]:
    async with pac_world(request.param) as made:
        yield made


def once(kind: FaultKind, seconds: float | None = None, match: RequestMatch | None = None) -> FaultPlan:
    return FaultPlan(rules=(FaultRule(kind=kind, times=1, seconds=seconds, match=match),))


async def test_a_document_is_accepted_and_followed_to_its_files(world: PacWorld) -> None:
    document = world.document()
    accepted = await world.accepted(document)
    assert accepted.document.legal_status == "PAC_AUTHORIZED"
    assert accepted.document.cufe == document.expected_cufe
    assert (accepted.raw.status, accepted.raw.body) == (200, world.engine.exchanges[-1].answer.body)
    first = await world.found(accepted.document.pac_document_id)
    assert first.document.legal_status == "PAC_AUTHORIZED"
    assert first.document.authorization_protocol is None
    world.clock.advance(A_WHILE)
    final = (await world.found(accepted.document.pac_document_id)).document
    assert final.legal_status == "DGI_AUTHORIZED"
    assert final.cufe == document.expected_cufe
    assert final.authorization_protocol is not None
    assert final.qr is not None
    assert final.codes == ("0260",)
    assert final.pdf_url is not None
    assert final.xml_url is not None
    pdf = await world.gateway.download_pdf(final.pdf_url)
    assert isinstance(pdf, Downloaded)
    assert pdf.content.startswith(b"%PDF-")
    xml = await world.gateway.download_xml(final.xml_url)
    assert isinstance(xml, Downloaded)
    assert document.expected_cufe.encode() in xml.content


async def test_the_bytes_that_arrive_are_the_bytes_that_were_encoded(world: PacWorld) -> None:
    document = world.document()
    await world.accepted(document)
    assert world.posts == [world.gateway.encode(document)]


async def test_notes_live_under_their_own_paths(world: PacWorld) -> None:
    invoice = world.document()
    await world.accepted(invoice)
    world.clock.advance(A_WHILE)
    reference = DraftReference(issued_at=invoice.issued_at, cufe=invoice.expected_cufe)
    notes = (
        (DocumentType.REFERRING_CREDIT_NOTE, OperationNature.RETURN, (reference,)),
        (DocumentType.REFERRING_DEBIT_NOTE, OperationNature.SALE, (reference,)),
        (DocumentType.GENERIC_CREDIT_NOTE, OperationNature.RETURN, ()),
        (DocumentType.GENERIC_DEBIT_NOTE, OperationNature.SALE, ()),
    )
    for document_type, nature, references in notes:
        note = world.document(document_type=document_type, nature=nature, references=references)
        accepted = await world.accepted(note)
        assert accepted.document.cufe == note.expected_cufe
        found = await world.found(accepted.document.pac_document_id, document_type)
        assert found.document.cufe == note.expected_cufe
        elsewhere = await world.look_up(accepted.document.pac_document_id, DocumentType.DOMESTIC_INVOICE)
        assert isinstance(elsewhere, NotFound)


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("wrapped", [True, False])
async def test_any_success_with_an_id_is_acceptance(world: PacWorld, status: int, *, wrapped: bool) -> None:
    world.engine.behave(accepted_status=status, wrapped_document=wrapped)
    accepted = await world.accepted(world.document())
    assert accepted.raw.status == status
    assert (await world.found(accepted.document.pac_document_id)).document.cufe == accepted.document.cufe


@pytest.mark.parametrize("route", RejectionRoute)
@pytest.mark.parametrize("style", ErrorStyle)
async def test_a_broken_rule_is_a_recognised_rejection_by_either_route(
    world: PacWorld, route: RejectionRoute, style: ErrorStyle
) -> None:
    world.engine.behave(rejection_route=route, error_style=style)
    world.engine.registry.forget(RECEIVER_RUC)
    answer = await world.submit(world.document())
    assert isinstance(answer, Rejected), answer
    assert "1602" in answer.codes
    assert answer.is_recognised
    assert answer.messages
    if route is RejectionRoute.STATUS_400:
        assert answer.document is None
    else:
        assert answer.document is not None
        assert (await world.found(answer.document.pac_document_id)).document.legal_status == "PAC_REJECTED"


@pytest.mark.parametrize("style", ErrorStyle)
async def test_a_body_of_the_wrong_shape_is_a_recognised_rejection(world: PacWorld, style: ErrorStyle) -> None:
    world.engine.behave(error_style=style)
    answer = await world.gateway.submit(world.account, DocumentType.DOMESTIC_INVOICE, b"{}")
    assert isinstance(answer, Rejected), answer
    assert answer.is_recognised


@pytest.mark.parametrize("style", ErrorStyle)
@pytest.mark.parametrize("form", DuplicateAnswer)
async def test_a_repeated_number_is_told_in_every_form(
    world: PacWorld, form: DuplicateAnswer, style: ErrorStyle
) -> None:
    world.engine.behave(duplicate_answer=form, error_style=style)
    document = world.document()
    first = (await world.accepted(document)).document.pac_document_id
    second = await world.submit(document)
    assert world.posts[0] == world.posts[1]
    match form:
        case DuplicateAnswer.BAD_REQUEST_KNOWN_CODE | DuplicateAnswer.CONFLICT_WITHOUT_ID:
            assert is_duplicate_of(second, None)
        case DuplicateAnswer.CONFLICT_WITH_ID:
            assert is_duplicate_of(second, first)
        case DuplicateAnswer.REJECTED_DOCUMENT:
            assert isinstance(second, Duplicate)
            refuted = (await world.found(second.pac_document_id)).document
            assert refuted.legal_status == "PAC_REJECTED"
            assert refuted.codes == ("1002",)
        case DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE | DuplicateAnswer.UNPROCESSABLE_UNKNOWN_CODE:
            assert isinstance(second, Rejected)
            assert not second.is_recognised
        case DuplicateAnswer.REJECTED_DOCUMENT_UNKNOWN_CODE:
            assert isinstance(second, Rejected)
            assert second.document is not None
            assert (second.is_recognised, second.document.pac_document_id != first) == (False, True)
        case DuplicateAnswer.REJECTED_BY_DGI:
            assert isinstance(second, Accepted)
            world.clock.advance(A_WHILE)
            shown = (await world.found(second.document.pac_document_id)).document
            assert shown.legal_status == "DGI_REJECTED"
            assert "1002" in shown.codes
        case DuplicateAnswer.ACCEPTED_TWICE:
            assert isinstance(second, Accepted)
            assert second.document.pac_document_id != first
            assert second.document.cufe == document.expected_cufe


async def test_a_proxy_that_repeats_the_post_shows_as_a_duplicate(world: PacWorld) -> None:
    world.engine.set_faults(once(FaultKind.PROXY_REPEATS_POST))
    assert isinstance(await world.submit(world.document()), Duplicate)
    assert len(world.engine.documents) == 1


ACCEPTED_BUT_LOST = [
    (FaultKind.DROP_AFTER_ACCEPT, None),
    (FaultKind.TIME_OUT_AFTER_ACCEPT, None),
    (FaultKind.ERROR_500_AFTER_ACCEPT, None),
    (FaultKind.ERROR_502_AFTER_ACCEPT, None),
    (FaultKind.HTML_200, None),
    (FaultKind.EMPTY_200, None),
    (FaultKind.NO_ID_200, None),
    (FaultKind.TRUNCATE_BODY, None),
    (FaultKind.CUT_MID_BODY, None),
    (FaultKind.SLOW_DRIP, 0.4),
]


@pytest.mark.parametrize(("kind", "seconds"), ACCEPTED_BUT_LOST)
async def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(
    world: PacWorld, kind: FaultKind, seconds: float | None
) -> None:
    world.engine.set_faults(once(kind, 60.0 if kind is FaultKind.SLOW_DRIP and world.kind != "http" else seconds))
    answer = await world.submit(world.document())
    assert isinstance(answer, Unknown), answer
    assert answer.reason
    assert len(world.posts) == 1
    assert len(world.engine.documents) == 1


@pytest.mark.parametrize("kind", [FaultKind.TRUNCATE_BODY, FaultKind.CUT_MID_BODY])
async def test_half_an_answer_still_hints_at_the_document(world: PacWorld, kind: FaultKind) -> None:
    world.engine.set_faults(once(kind))
    document = world.document()
    answer = await world.submit(document)
    assert isinstance(answer, Unknown)
    assert answer.hinted_id == world.engine.documents[0].id
    whole = world.engine.exchanges[-1].answer.body or b""
    assert answer.raw.status == 200
    assert answer.raw.body == whole[: len(answer.raw.body)]
    assert (await world.found(answer.hinted_id)).document.cufe == document.expected_cufe


async def test_a_document_accepted_after_the_time_out_can_be_found(world: PacWorld) -> None:
    world.engine.set_faults(once(FaultKind.TIME_OUT_THEN_ACCEPT_LATE, 45.0))
    assert isinstance(await world.submit(world.document()), Unknown)
    assert not world.engine.documents
    world.clock.advance(timedelta(seconds=46))
    world.engine.advance()
    assert (await world.found(world.engine.documents[0].id)).document.legal_status == "PAC_AUTHORIZED"  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [FaultKind.ERROR_503_BEFORE, FaultKind.REDIRECT_307])
async def test_an_answer_that_proves_nothing_is_unknown(world: PacWorld, kind: FaultKind) -> None:
    world.engine.set_faults(once(kind))
    assert isinstance(await world.submit(world.document()), Unknown)
    assert len(world.posts) == 1
    assert not world.engine.documents


async def test_a_refused_connection_is_not_sent(world: PacWorld) -> None:
    world.engine.set_faults(once(FaultKind.DROP_BEFORE))
    answer = await world.submit(world.document())
    if world.kind == "http":
        # the server had to accept and read before it could break off, so the client must not claim to know
        assert isinstance(answer, Unknown)
    else:
        assert isinstance(answer, NotSent)
    assert not world.engine.documents
