"""What a successor says: the original, with the changes laid over it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.codes import DocumentType, ReceiverType, RetentionCode
from core.documents import DocumentKind, Submission
from core.events import EventKind
from core.failures import (
    CreditOvertakenError,
    IdempotencyConflictError,
    MalformedInputError,
)
from core.preflight import PreflightRefusedError
from core.receivers import AdHocReceiver
from core.successors import Changes
from tests.builders import a_line
from tests.notes_shop import an_authorised_invoice, credit, debit, one_unit
from tests.unit.use_cases.drafting import HAMMERS, converted, drafted
from tests.unit.use_cases.reissuing import facts, refused, reissued, rejected
from tests.unit.use_cases.told_pac import a_world


async def test_leaving_out_and_naming_nothing_are_two_wishes() -> None:
    world, pac = a_world()
    original = await refused(world, pac)
    await reissued(world, original, Changes())
    with pytest.raises(IdempotencyConflictError):
        await reissued(world, original, Changes(terms={"information": None}))


async def test_changes_that_preflight_refuses_leave_nothing_behind() -> None:
    world, pac = a_world()
    original = await refused(world, pac)
    with pytest.raises(PreflightRefusedError):
        await reissued(world, original, Changes(terms={"lines": (a_line(description=""),)}))
    assert await world.current(original) == original
    assert (await reissued(world, original)).number == original.number + 1


async def test_the_receiver_keeps_what_is_not_named_and_null_reads_the_client_anew() -> None:
    world, pac = a_world()
    shop = await world.open_shop()
    original = await refused(world, pac, shop=shop)
    pac.answers.append(rejected())  # type: ignore[arg-type]
    named = await reissued(world, original, Changes(receiver=AdHocReceiver(address="Calle 51")))
    assert named.draft.receiver == replace(original.draft.receiver, address="Calle 51")
    pac.answers.append(rejected())  # type: ignore[arg-type]
    read_anew = await reissued(world, named, Changes(receiver=None), "b")
    assert read_anew.draft.receiver == original.draft.receiver
    pac.answers.append(rejected())  # type: ignore[arg-type]
    nobody = await reissued(world, read_anew, Changes(client_id=None), "c")
    assert (nobody.client_id, nobody.draft.receiver.receiver_type) == (None, ReceiverType.FINAL_CONSUMER)
    back = await reissued(world, nobody, Changes(client_id=shop.client.client_id, external_id="X-1"), "d")
    assert (back.draft.receiver, back.external_id) == (original.draft.receiver, "X-1")
    assert back.client_id == shop.client.client_id


async def test_terms_that_are_cleared_are_the_usual_ones_again() -> None:
    world, pac = a_world()
    shop = await world.open_shop()
    invoice = replace(HAMMERS, draft=replace(HAMMERS.draft, information="uno", retention=next(iter(RetentionCode))))
    draft = await drafted(world, shop, replace(invoice, client_id=shop.client.client_id))
    pac.answers.append(rejected())  # type: ignore[arg-type]
    original = await converted(world, draft)
    with pytest.raises(MalformedInputError):
        await reissued(world, original, Changes(terms={"lines": None}))
    cleared = Changes(terms={"information": None, "retention": None, "lines": (a_line(quantity=Decimal(1)),)})
    successor = await reissued(world, original, cleared)
    assert (successor.draft.information, successor.draft.retention) == (None, None)
    assert successor.totals.total == Decimal("13.38")


async def test_a_note_asks_its_invoice_again_and_keeps_its_amounts() -> None:
    world, pac = a_world()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    pac.answers.append(rejected())  # type: ignore[arg-type]
    note = await credit(world, invoice, one_unit())
    assert note.submission is Submission.REFUSED
    for name in ("lines", "discounts", "freight", "retention"):
        with pytest.raises(MalformedInputError, match="createCredit"):
            await reissued(world, note, Changes(terms={name: ()}))
    successor = await reissued(world, note)
    assert (successor.parent_id, successor.replaces) == (invoice.document_id, note.document_id)
    assert successor.totals == note.totals
    assert (await world.current(note)).replaced_by == successor.document_id
    assert successor.document_id in [each["note"] for each in await facts(world, invoice, EventKind.CREDITED)]


async def test_a_refused_note_is_not_reissued_where_others_took_what_it_wanted() -> None:
    world, pac = a_world()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    pac.answers.append(rejected())  # type: ignore[arg-type]
    note = await credit(world, invoice)
    whole = await credit(world, invoice, key="another")
    assert whole.totals.total == invoice.totals.total
    with pytest.raises(CreditOvertakenError):
        await reissued(world, note)
    assert (await world.current(note)).replaced_by is None


async def test_a_debit_note_may_say_other_amounts_and_stays_a_debit_note() -> None:
    world, pac = a_world()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    pac.answers.append(rejected())  # type: ignore[arg-type]
    note = await debit(world, invoice, "10.00")
    with pytest.raises(MalformedInputError):
        await reissued(world, note, Changes(terms={"document_type": DocumentType.DOMESTIC_INVOICE}))
    successor = await reissued(world, note, Changes(terms={"lines": (a_line(quantity=Decimal(1)),)}))
    assert (successor.kind, successor.totals.total) == (DocumentKind.DEBIT, Decimal("13.38"))
