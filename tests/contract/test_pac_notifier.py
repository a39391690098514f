"""What the notifier promises of e-mails and webhooks on demand: in process and over HTTP."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.gateway import AlanubePacGateway
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.notifier import AlanubePacNotifier, classify_notice
from adapters.alanube.replies import Reply, Silence
from core.codes import DocumentType
from core.drafts import DraftReference
from core.identifiers import PacDocumentId
from core.ports.pac_gateway import Misconfigured, NotSent, PacAccount, Throttled, Unknown
from core.ports.pac_notifier import HandedOver, NoticeAnswer, NoticeRefused, PacNotifier, WebhookCall
from tests.contract.pac_fixtures import PacWorld, pac_world

DOORS = ("in_process", "http")
INVOICE, CREDIT = DocumentType.DOMESTIC_INVOICE, DocumentType.REFERRING_CREDIT_NOTE
CALL = WebhookCall(url="https://istmo.example/webhooks/pac/x", secret="the secret of the shop", user_id="01ATTEMPT")
UNKNOWN_ID = PacDocumentId("01JA0B1C2D3E4F5G6H7J8K9M0N")


@pytest.fixture(params=DOORS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[PacWorld]:
    async with pac_world(request.param) as made:
        yield made


@pytest.fixture
def notifier(world: PacWorld) -> PacNotifier:
    assert isinstance(world.gateway, AlanubePacGateway)
    return AlanubePacNotifier(world.gateway._settings, world.gateway._client)


async def an_invoice(world: PacWorld) -> PacDocumentId:
    """The id of an invoice that the DGI authorised."""
    accepted = await world.accepted(world.document())
    world.clock.advance(timedelta(minutes=5))
    world.engine.advance()
    assert accepted.document.pac_document_id
    return accepted.document.pac_document_id


async def mail(
    world: PacWorld, notifier: PacNotifier, pac_document_id: PacDocumentId, kind: DocumentType = INVOICE
) -> NoticeAnswer:
    return await notifier.send_email(
        world.account, kind, pac_document_id, address="ana@example.com", message="Señora:\n«gracias»"
    )


def fault(kind: FaultKind, seconds: float | None = None) -> FaultPlan:
    match = RequestMatch(path_contains="/documents/notify")
    return FaultPlan(rules=(FaultRule(kind=kind, match=match, seconds=seconds),))


async def test_an_email_is_handed_over_as_it_was_asked_for(world: PacWorld, notifier: PacNotifier) -> None:
    invoice = await an_invoice(world)
    assert isinstance(await mail(world, notifier, invoice), HandedOver)
    (sent,) = world.engine.emails
    assert (sent.company_id, sent.document_id, sent.document_type) == (world.company.id, invoice, "invoice")
    assert (sent.mail, sent.message) == ("ana@example.com", "Señora:\n«gracias»")


async def test_a_credit_note_is_mailed_as_one(world: PacWorld, notifier: PacNotifier) -> None:
    original = await world.found(await an_invoice(world))
    reference = DraftReference(issued_at=datetime(2026, 3, 4, 15, 15, tzinfo=UTC), cufe=original.document.cufe)
    changes = {"document_type": CREDIT, "references": (reference,), "sale_type": None}
    accepted = await world.accepted(world.document(number=2, **changes))
    assert accepted.document.pac_document_id
    answer = await mail(world, notifier, accepted.document.pac_document_id, CREDIT)
    assert isinstance(answer, HandedOver), answer
    assert [each.document_type for each in world.engine.emails] == ["credit-note"]


async def test_a_debit_note_is_never_asked_for(world: PacWorld, notifier: PacNotifier) -> None:
    with pytest.raises(ValueError, match="ASSUME-030"):
        await mail(world, notifier, UNKNOWN_ID, DocumentType.REFERRING_DEBIT_NOTE)
    assert world.posts == []


async def test_a_webhook_is_asked_for_with_address_secret_and_user(world: PacWorld, notifier: PacNotifier) -> None:
    invoice = await an_invoice(world)
    assert isinstance(await notifier.send_webhook(world.account, invoice, CALL), HandedOver)
    assert json.loads(world.posts[-1]) == {
        "documentId": invoice,
        "webhookUrl": CALL.url,
        "webhookSecret": CALL.secret,
        "userId": CALL.user_id,
    }


async def test_the_webhook_that_comes_proves_itself_and_names_the_request(
    world: PacWorld, notifier: PacNotifier
) -> None:
    if world.kind == "http":
        pytest.skip("over HTTP the fake delivers its webhooks itself; the delivery is seen in process")
    invoice = await an_invoice(world)
    world.engine.take_due_webhooks()
    await notifier.send_webhook(world.account, invoice, CALL)
    (webhook,) = world.engine.take_due_webhooks()
    assert webhook.url == CALL.url
    assert (webhook.headers["X-Pac-Signature"], webhook.headers["X-User-Id"]) == (CALL.secret, CALL.user_id)


async def test_what_the_pac_does_not_have_is_refused(world: PacWorld, notifier: PacNotifier) -> None:
    stranger = world.engine.register_company(ruc="155999999-2-2023", name="Ajena, S.A.", token="other")
    theirs = PacAccount(company_id=stranger.id, token="other")
    invoice = await an_invoice(world)
    answers = [
        await mail(world, notifier, UNKNOWN_ID),
        await mail(world, notifier, invoice, CREDIT),
        await notifier.send_webhook(world.account, UNKNOWN_ID, CALL),
        await notifier.send_webhook(theirs, invoice, CALL),
        await notifier.send_email(theirs, INVOICE, invoice, address="a@example.com", message=""),
    ]
    assert [type(answer) for answer in answers] == [NoticeRefused] * 5
    assert all(isinstance(answer, NoticeRefused) and answer.messages for answer in answers)
    assert not world.engine.emails


async def test_a_wrong_key_is_no_refusal_of_the_document(world: PacWorld, notifier: PacNotifier) -> None:
    wrong = replace(world.account, token="not-a-token")
    answer = await notifier.send_webhook(wrong, UNKNOWN_ID, CALL)
    assert isinstance(answer, Misconfigured)


@pytest.mark.parametrize(
    ("kind", "expected", "mails"),
    [
        (FaultKind.DROP_BEFORE, {"in_process": NotSent, "http": Unknown}, 0),
        (FaultKind.THROTTLED_429, Throttled, 0),
        (FaultKind.UNAUTHORIZED_401, Misconfigured, 0),
        (FaultKind.ERROR_503_BEFORE, Unknown, 0),
        (FaultKind.DROP_AFTER_ACCEPT, Unknown, 1),
        (FaultKind.ERROR_500_AFTER_ACCEPT, Unknown, 1),
        (FaultKind.ERROR_502_AFTER_ACCEPT, Unknown, 1),
        (FaultKind.TIME_OUT_AFTER_ACCEPT, Unknown, 1),
        (FaultKind.CUT_MID_BODY, Unknown, 1),
        (FaultKind.TRUNCATE_BODY, Unknown, 1),
        (FaultKind.HTML_200, Unknown, 1),
        (FaultKind.EMPTY_200, Unknown, 1),
        (FaultKind.INNER_ERROR_200, Unknown, 1),
    ],
)
async def test_an_answer_that_proves_nothing_is_unknown_and_never_asked_again(
    world: PacWorld, notifier: PacNotifier, kind: FaultKind, expected: object, mails: int
) -> None:
    invoice = await an_invoice(world)
    before = len(world.posts)
    world.engine.set_faults(fault(kind, 60 if kind is FaultKind.TIME_OUT_AFTER_ACCEPT else None))
    answer = await mail(world, notifier, invoice)
    wanted = expected[world.kind] if isinstance(expected, dict) else expected
    assert type(answer) is wanted, answer
    assert world.engine.faults_fired[kind] == 1
    assert len(world.engine.emails) == mails
    assert len(world.posts) - before <= 1


def reply(status: int, body: bytes = b"", cut: str | None = None) -> Reply:
    return Reply(status=status, body=body, received_at=datetime(2026, 3, 4, tzinfo=UTC), cut=cut)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (reply(200, b'{"message": "Email event emitted"}'), HandedOver),
        (reply(201, b"{}"), HandedOver),
        (reply(202), HandedOver),
        (reply(204), HandedOver),
        (reply(200), Unknown),
        (reply(200, b"[]"), Unknown),
        (reply(200, b'{"message": "ok"}', cut="the connection broke off"), Unknown),
        (reply(200, b'{"errors": [{"code": "X", "message": "no"}]}'), Unknown),
        (reply(200, b'{"httpStatusCode": 404, "message": "no"}'), NoticeRefused),
        (reply(200, b'{"httpStatusCode": 500}'), Unknown),
        (reply(302, b"{}"), Unknown),
        (reply(400, b'{"errors": [{"code": "AP10078", "message": "no"}]}'), NoticeRefused),
        (reply(400, b"<html>"), Unknown),
        (reply(404, b"<html>"), NoticeRefused),
        (reply(404, b'{"message": "gone"}', cut="cut"), Unknown),
        (reply(401), Misconfigured),
        (reply(403, b'{"message": "no"}'), Misconfigured),
        (reply(408, b"{}"), Unknown),
        (reply(429), Throttled),
        (reply(500, b'{"message": "no"}'), Unknown),
        (Silence(reason="refused", left=False), NotSent),
        (Silence(reason="no answer", left=True), Unknown),
    ],
)
def test_the_table_of_answers(outcome: Reply | Silence, expected: type) -> None:
    assert type(classify_notice(outcome, KnownCodes())) is expected


def test_a_secret_is_in_no_repr() -> None:
    assert CALL.secret not in repr(CALL)
