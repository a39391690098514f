"""What there is before an example of docs/api-examples.md runs.

A scene prepares a fresh world and gives words to ids: ``{"invoice": "01K..."}`` makes ``<invoice>`` stand for it in the
variables and the answer. Write another one where none fits, and give it a name that reads as a sentence's end.
"""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.progression import dgi_rejection, immediate
from core.codes import DocumentType, PaymentForm, ReceiverType
from core.documents import DocumentMode, FiscalDocument
from core.drafts import Draft, DraftLine, DraftReceiver
from core.identifiers import DocumentId
from core.notes.crediting import CreditTerms
from core.use_cases.create_credit import NewCredit
from core.use_cases.create_invoice import NewInvoice
from core.use_cases.record_payment import NewPayment
from core.use_cases.request_void import VoidRequest
from core.use_cases.upload_file import UploadFile
from tests.notes_shop import credit, debit, one_unit
from tests.unit.graphql.api import Api
from tests.unit.imports.received_files import issued_by

Scene = Callable[[Api], Awaitable[dict[str, str]]]


async def a_shop(api: Api) -> dict[str, str]:
    """A taxpayer with an office, a client and an order that nobody has invoiced."""
    order = await api.world.an_order(api.shop)
    return {
        "office": api.shop.office.office_id,
        "client": api.shop.client.client_id,
        "order": order.order_id,
    }


async def a_billed_order(api: Api) -> dict[str, str]:
    """An order with the invoice that was made of it."""
    order = await api.world.an_order(api.shop)
    document = await api.world.invoice(api.shop, order)
    return await a_shop(api) | {"order": order.order_id, "invoice": document.document_id}


async def an_invoice(api: Api) -> dict[str, str]:
    """The same, and an invoice that the PAC accepted a moment ago."""
    document = await _issue(api)
    return await a_shop(api) | {"invoice": document.document_id}


async def a_paid_invoice(api: Api) -> dict[str, str]:
    """An invoice with a cheque that was recorded for it."""
    words = await an_invoice(api)
    cheque = NewPayment(amount=Decimal("50.00"), method=PaymentForm.CHEQUE, paid_at=api.world.clock.now())
    entered = await api.world.record_payment(
        api.shop.tenant.tenant_id,
        DocumentId(words["invoice"]),
        cheque,
        idempotency_key="CHQ-4711",
        actor="caller:the till",
    )
    return words | {"payment": entered.payment.payment_id}


async def an_authorised_invoice(api: Api) -> dict[str, str]:
    """The same, authorised by the DGI, with its files."""
    words = await an_invoice(api)
    await api.world.sweep(times=12, every_seconds=60)
    return words


async def a_received_file(api: Api) -> dict[str, str]:
    """A PDF that another taxpayer's PAC made, uploaded."""
    seller = await api.world.open_shop("155000002-2-2020", "Vendedora, S.A.")
    _, pdf = await issued_by(api.world, seller)
    upload = UploadFile(api.world.stores.files, api.operations_in_use.upload_tokens)
    receipt = await upload(api.shop.tenant.tenant_id, pdf)
    return {"upload-token": receipt.token}


async def an_authorised_credit_note(api: Api) -> dict[str, str]:
    """An authorised invoice, all of it credited by an authorised note."""
    words = await an_authorised_invoice(api)
    note = await api.world.create_credit(
        api.shop.tenant.tenant_id,
        NewCredit(invoice_id=DocumentId(words["invoice"]), terms=CreditTerms(reason="Devolución de la mercancía")),
        mode=DocumentMode.DGI,
        idempotency_key="return-12",
        wait_seconds=5,
        actor="caller:the till",
    )
    await api.world.sweep(times=12, every_seconds=60)
    return words | {"credit": note.document_id}


async def an_old_invoice(api: Api) -> dict[str, str]:
    """An authorised invoice that is ten days old."""
    words = await an_authorised_invoice(api)
    api.world.wait(hours=240)
    return words


async def a_void_in_doubt(api: Api) -> dict[str, str]:
    """An authorised invoice whose void was sent an hour ago, and nothing came back."""
    words = await an_authorised_invoice(api)
    lost = FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, match=RequestMatch(method="DELETE"), nth=frozenset({1}))
    api.world.engine.set_faults(FaultPlan(rules=(lost,)))
    request = VoidRequest(
        tenant_id=api.shop.tenant.tenant_id,
        document_id=DocumentId(words["invoice"]),
        reason="El cliente desistió de la compra",
        idempotency_key="void-4711",
        actor="caller:the till",
    )
    await api.world.request_void(request, wait_seconds=5)
    api.world.wait(hours=1)
    return words


async def an_invoice_with_notes(api: Api) -> dict[str, str]:
    """An authorised invoice of three drills: one credited, interest charged, and drafts of one more of each."""
    words = await an_authorised_invoice(api)
    invoice = await api.world.stores.documents.get(api.shop.tenant.tenant_id, DocumentId(words["invoice"]))
    notes = {
        "credit": await credit(api.world, invoice, one_unit(), key="return-13"),
        "debit": await debit(api.world, invoice, key="interest-4"),
        "credit draft": await credit(api.world, invoice, one_unit(), key="return-14", mode=DocumentMode.PROFORM),
        "debit draft": await debit(api.world, invoice, key="interest-5", mode=DocumentMode.PROFORM),
    }
    await api.world.sweep(times=12, every_seconds=60)
    return words | {word: note.document_id for word, note in notes.items()}


async def an_invoice_in_doubt(api: Api) -> dict[str, str]:
    """An invoice whose answer was lost, and no webhook comes."""
    api.world.engine.switch_webhooks(api.shop.tenant.pac_company_id or "", enabled=False)
    lost = FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1}))
    api.world.engine.set_faults(FaultPlan(rules=(lost,)))
    document = await _issue(api)
    return await a_shop(api) | {"invoice": document.document_id, "id at the PAC": api.world.engine.documents[0].id}


async def an_invoice_that_never_arrived(api: Api) -> dict[str, str]:
    """An invoice in doubt that the PAC has not got, long enough after its last attempt."""
    api.world.engine.switch_webhooks(api.shop.tenant.pac_company_id or "", enabled=False)
    late = FaultRule(kind=FaultKind.TIME_OUT_THEN_ACCEPT_LATE, nth=frozenset({1}), seconds=10**6)
    api.world.engine.set_faults(FaultPlan(rules=(late,)))
    document = await _issue(api)
    api.world.wait(seconds=api.world.schedules.lease + api.world.schedules.settling + 1)
    return await a_shop(api) | {"invoice": document.document_id}


async def a_rejected_invoice(api: Api) -> dict[str, str]:
    """An invoice that the PAC took and the DGI rejected; what comes next is authorised."""
    api.world.engine.set_progression(dgi_rejection("1602", "El RUC del receptor no existe"))
    words = await an_invoice(api)
    await api.world.sweep(times=5, every_seconds=60)
    api.world.engine.set_progression(immediate())
    return words


async def a_draft(api: Api) -> dict[str, str]:
    """An order of two padlocks that is kept as a draft."""
    return await _drafted(api, DocumentType.DOMESTIC_INVOICE)


async def a_draft_of_a_credit_note(api: Api) -> dict[str, str]:
    """A generic credit note that is kept as a draft."""
    return await _drafted(api, DocumentType.GENERIC_CREDIT_NOTE)


async def _drafted(api: Api, document_type: DocumentType) -> dict[str, str]:
    line = DraftLine(description="Candado", quantity=Decimal(2), unit_price=Decimal("5.00"), unit="und")
    consumer = DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER)
    document = await api.world.create_invoice(
        api.shop.tenant.tenant_id,
        NewInvoice(draft=Draft(document_type=document_type, receiver=consumer, lines=(line,))),
        mode=DocumentMode.PROFORM,
        idempotency_key="quote-76",
        wait_seconds=0,
        actor="caller:the till",
    )
    return await a_shop(api) | {"draft": document.document_id}


async def _issue(api: Api) -> FiscalDocument:
    return await api.world.invoice(api.shop, await api.world.an_order(api.shop))


SCENES: dict[str, Scene] = {
    "a shop": a_shop,
    "a billed order": a_billed_order,
    "an invoice": an_invoice,
    "a paid invoice": a_paid_invoice,
    "a rejected invoice": a_rejected_invoice,
    "a received file": a_received_file,
    "a draft": a_draft,
    "a draft of a credit note": a_draft_of_a_credit_note,
    "an authorised invoice": an_authorised_invoice,
    "an invoice with notes": an_invoice_with_notes,
    "an authorised credit note": an_authorised_credit_note,
    "an old invoice": an_old_invoice,
    "a void in doubt": a_void_in_doubt,
    "an invoice in doubt": an_invoice_in_doubt,
    "an invoice that never arrived": an_invoice_that_never_arrived,
}
