"""E-mails on demand: who is written to, how often, and what the timeline says of it."""

import asyncio
from dataclasses import replace

import pytest

from adapters.alanube.fake.faults import FaultKind
from core.codes import DocumentType
from core.documents import FiscalDocument, LegalStatus, Submission
from core.errors import IstmoError
from core.events import EventKind
from core.failures import (
    DocumentNotFoundError,
    EmailAddressMissingError,
    EmailOfDebitError,
    IdempotencyConflictError,
    MalformedEmailAddressError,
    MalformedEmailMessageError,
    NoticeLimitError,
    NoticeNotPossibleError,
    TooManyEmailAddressesError,
)
from core.identifiers import DocumentId, PacDocumentId
from core.notices import NoticeOutcome, addresses_for, require_mailable
from core.ports.pac_gateway import RawAnswer
from core.ports.pac_notifier import NoticeAnswer, NoticeRefused, PacNotifier
from core.use_cases.resend_invoice_email import ResentEmail
from tests.builders import a_document, a_draft
from tests.unit.cafe.printed import accepted
from tests.unit.use_cases.notices import Sale, a_sale, notices_of, notices_over


@pytest.fixture
async def sale() -> Sale:
    return await a_sale()


async def test_the_receiver_is_mailed_when_nobody_is_named(sale: Sale) -> None:
    resent = await sale.mail(message="Su factura\r\nGracias")
    assert [(each.address, each.outcome) for each in resent.results] == [
        ("compras@example.com", NoticeOutcome.HANDED_OVER)
    ]
    (sent,) = sale.world.engine.emails
    assert (sent.mail, sent.message, sent.document_id) == (
        "compras@example.com",
        "Su factura\nGracias",
        sale.document.pac_document_id,
    )


async def test_those_who_are_named_are_mailed_once_each_and_nobody_else(sale: Sale) -> None:
    await sale.mail(["ana@example.com", "luis.o'brien+x@sub.example.com", "ana@example.com"])
    assert sale.mailed == ["ana@example.com", "luis.o'brien+x@sub.example.com"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@example",
        "ana@example.com\r\nBcc: todos@example.com",
        "ana@example.com\n",
        "ana\t@example.com",
        "ana@example.com,luis@example.com",
        "ana@example.com;luis@example.com",
        "ana@example.com luis@example.com",
        "Ana <ana@example.com>",
        '"ana"@example.com',
        "ana@example.com\x00",
        "ana@exam\u2028ple.com",
        "añá@example.com",
        "ana@exämple.com",
        "@example.com",
        "ana@@example.com",
        ".ana@example.com",
        "ana..x@example.com",
        "ana@.example.com",
        "ana@[127.0.0.1]",
        "a" * 40 + "@example.com",
    ],
)
async def test_what_is_no_plain_address_mails_nobody_and_leaves_no_trace(sale: Sale, address: str) -> None:
    with pytest.raises(MalformedEmailAddressError) as refused:
        await sale.mail(["good@example.com", address])
    assert refused.value.path == ("emails", 1)
    assert all(each.isprintable() for each in str(refused.value))
    assert sale.mailed == []
    assert await sale.told() == []


@pytest.mark.parametrize(
    ("emails", "message", "error"),
    [
        ([], "", EmailAddressMissingError),
        ([f"a{place}@example.com" for place in range(6)], "", TooManyEmailAddressesError),
        (None, "x" * 1001, MalformedEmailMessageError),
        (None, "a\x00b", MalformedEmailMessageError),
        (None, "a\rBcc: x", MalformedEmailMessageError),
        (None, "a\u2028b", MalformedEmailMessageError),
    ],
)
async def test_what_does_not_fit_mails_nobody(
    sale: Sale, emails: list[str] | None, message: str, error: type[IstmoError]
) -> None:
    with pytest.raises(error):
        await sale.mail(emails, message)
    assert sale.mailed == []
    assert await sale.told() == []


def test_a_receiver_without_an_address_is_an_error_that_says_so() -> None:
    with pytest.raises(EmailAddressMissingError):
        addresses_for(a_document("tenant"), None)


def test_a_receiver_whose_address_is_not_plain_is_judged_too() -> None:
    receiver = replace(a_draft().receiver, emails=("ana@example.com\nBcc: x@example.com",))
    with pytest.raises(MalformedEmailAddressError):
        addresses_for(a_document("tenant", draft=a_draft(receiver=receiver)), None)


@pytest.mark.parametrize(
    "document",
    [
        a_document("tenant"),
        a_document("tenant", submission=Submission.IN_DOUBT),
        a_document("tenant", submission=Submission.REFUSED),
        accepted(submission=Submission.QUARANTINED),
        accepted(submission=Submission.ISSUED_ID_UNKNOWN, pac_document_id=None),
        accepted(legal_status=LegalStatus.DGI_REJECTED),
        accepted(legal_status=LegalStatus.REGISTERED),
    ],
)
def test_only_what_the_pac_authorised_is_mailed(document: FiscalDocument) -> None:
    with pytest.raises(NoticeNotPossibleError):
        require_mailable(document)


def test_a_debit_note_has_no_known_way_to_be_mailed() -> None:
    draft = a_draft(document_type=DocumentType.GENERIC_DEBIT_NOTE)
    debit = a_document("tenant", draft=draft, submission=Submission.ACCEPTED, pac_document_id=PacDocumentId("01PAC"))
    with pytest.raises(EmailOfDebitError) as refused:
        require_mailable(debit)
    assert "attachments" in refused.value.hint.english


async def test_the_request_is_in_the_timeline_before_the_pac_hears_of_it(sale: Sale) -> None:
    seen: list[list[EventKind]] = []

    class Watching(PacNotifier):
        async def send_email(self, *_: object, **__: object) -> NoticeAnswer:
            seen.append([each.kind for each in await sale.told()])
            return NoticeRefused(raw=RawAnswer(status=400, body=b""), codes=("AP1",), messages=("not\nnow",))

        async def send_webhook(self, *_: object, **__: object) -> NoticeAnswer:
            raise NotImplementedError

    sale.notices = notices_over(sale.world, Watching())
    resent = await sale.mail(["a@example.com", "b@example.com"])
    assert seen == [[EventKind.EMAIL_REQUESTED], [EventKind.EMAIL_REQUESTED, EventKind.EMAIL_ANSWERED]]
    assert {each.outcome for each in resent.results} == {NoticeOutcome.REFUSED}
    asked, *answers = await sale.told()
    assert asked.actor == "caller:key"
    assert asked.facts["addresses"] == "a@example.com b@example.com"
    assert [each.facts["address"] for each in answers] == ["a@example.com", "b@example.com"]
    assert {each.facts["attempt"] for each in answers} == {asked.facts["attempt"]}
    assert {each.facts["reason"] for each in answers} == {"AP1; not now"}


async def test_a_lost_answer_is_unknown_and_the_pac_is_not_asked_again(sale: Sale) -> None:
    sale.break_notices(FaultKind.DROP_AFTER_ACCEPT)
    (result,) = (await sale.mail()).results
    assert result.outcome is NoticeOutcome.UNKNOWN
    await sale.world.sweep(times=5, every_seconds=600)
    assert sale.mailed == ["compras@example.com"]
    assert [each.facts.get("outcome") for each in await sale.told()] == [None, "UNKNOWN"]


async def test_a_caller_who_leaves_leaves_a_request_without_an_answer(sale: Sale) -> None:
    class Hanging(PacNotifier):
        async def send_email(self, *_: object, **__: object) -> NoticeAnswer:
            await asyncio.Event().wait()
            raise AssertionError

        async def send_webhook(self, *_: object, **__: object) -> NoticeAnswer:
            raise NotImplementedError

    sale.notices = notices_over(sale.world, Hanging())
    asking = asyncio.ensure_future(sale.mail(key="mail-1"))
    for _ in range(20):
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert [each.kind for each in await sale.told()] == [EventKind.EMAIL_REQUESTED]
    sale.notices = notices_of(sale.world)
    (again,) = (await sale.mail(key="mail-1")).results
    assert again.outcome is NoticeOutcome.UNKNOWN
    assert sale.mailed == []


async def test_the_same_key_mails_once_and_tells_the_same(sale: Sale) -> None:
    first = await sale.mail(["a@example.com"], "Hola", key="mail-1")
    sale.world.wait(hours=30)
    again = await sale.mail(["a@example.com"], "Hola", key="mail-1")
    assert again.results == first.results
    assert sale.mailed == ["a@example.com"]
    with pytest.raises(IdempotencyConflictError):
        await sale.mail(["b@example.com"], "Hola", key="mail-1")
    with pytest.raises(IdempotencyConflictError):
        await sale.mail(["a@example.com"], "Otra", key="mail-1")
    await sale.mail(["a@example.com"], "Hola", key="mail-2")
    assert sale.mailed == ["a@example.com", "a@example.com"]


async def test_calls_that_come_at_once_with_one_key_mail_once(sale: Sale) -> None:
    sale.read_timelines_slowly()
    answers = await asyncio.gather(*(sale.mail(key="mail-1") for _ in range(20)), return_exceptions=True)
    assert sale.mailed == ["compras@example.com"]
    assert all(isinstance(each, ResentEmail | NoticeLimitError) for each in answers)


async def test_nobody_is_mailed_a_thousand_times(sale: Sale) -> None:
    for _ in range(5):
        await sale.mail()
    with pytest.raises(NoticeLimitError) as refused:
        await sale.mail()
    assert "5 times within 24 hours" in str(refused.value)
    before = await sale.told()
    with pytest.raises(NoticeLimitError):
        await sale.mail()
    assert await sale.told() == before  # a refusal leaves nothing behind that could pile up
    assert len(sale.mailed) == 5
    sale.world.wait(hours=24, seconds=1)
    await sale.mail()
    assert len(sale.mailed) == 6


async def test_not_even_calls_that_come_at_once_get_past_the_limit(sale: Sale) -> None:
    sale.read_timelines_slowly()
    answers = await asyncio.gather(*(sale.mail() for _ in range(30)), return_exceptions=True)
    assert sum(isinstance(each, ResentEmail) for each in answers) == 5
    assert {type(each) for each in answers} == {ResentEmail, NoticeLimitError}
    assert len(sale.mailed) == 5


async def test_each_document_has_a_limit_of_its_own(sale: Sale) -> None:
    for _ in range(5):
        await sale.mail()
    other = await sale.world.invoice(sale.shop, await sale.world.an_order(sale.shop))
    await Sale(sale.world, sale.shop, other).mail()
    assert len(sale.mailed) == 6


async def test_a_stranger_reaches_nobodys_documents(sale: Sale) -> None:
    stranger = await sale.world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")
    tenant_id = stranger.tenant.tenant_id
    for document_id in (sale.document.document_id, DocumentId("01NOBODYS")):
        with pytest.raises(DocumentNotFoundError):
            await sale.notices.resend_invoice_email(tenant_id, document_id, actor="x")
        with pytest.raises(DocumentNotFoundError):
            await sale.notices.request_pac_webhook(tenant_id, document_id, actor="x")
    assert sale.mailed == []
    assert await sale.told() == []
