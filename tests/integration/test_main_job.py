"""The main job over HTTP, on every way to run Istmo, with the answers that get lost on the way."""

import asyncio
from io import BytesIO

from pypdf import PdfReader

from adapters.alanube.fake.faults import FaultKind
from tests.integration.customer import actors, kinds, until
from tests.integration.installation import Installation


async def test_an_order_becomes_an_authorised_invoice_and_webhooks_bring_the_status(installation: Installation) -> None:
    customer = await installation.customer()
    issued = await customer.issue()
    assert issued["submission"] == "ACCEPTED"
    assert issued["cufe"] == issued["expectedCufe"]
    await until(lambda: customer.invoice(issued["id"]), lambda seen: bool(seen["attachments"]))
    installation.pac.let_the_dgi_authorise()
    done = await customer.until_done(issued["id"])
    assert done["isSettled"]
    assert done["totals"] == {"total": "158.40", "itbmsTotal": "8.40"}
    assert "webhook" in actors(done, "STATUS")
    assert done["authorizationProtocol"]
    pdf = next(each for each in done["attachments"] if each["kind"] == "PDF")
    answer = await installation.http.get(pdf["downloadUrl"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert done["cufe"] in text.replace("\n", "").replace(" ", "")
    (at_the_pac,) = installation.pac.engine.documents
    assert (at_the_pac.cufe, str(at_the_pac.total)) == (done["cufe"], "158.40")


async def test_without_webhooks_the_sweep_brings_the_status_and_the_files(installation: Installation) -> None:
    customer = await installation.customer(webhooks=False)
    issued = await customer.issue()
    installation.pac.let_the_dgi_authorise()
    done = await customer.until_done(issued["id"])
    assert actors(done, "STATUS") == {"submission", "sweep"}
    assert "WEBHOOK" not in kinds(done)
    assert installation.pac.engine.deliveries == ()


async def test_a_caller_who_does_not_wait_gets_the_document_and_it_is_sent_all_the_same(
    installation: Installation,
) -> None:
    customer = await installation.customer()
    issued = await customer.issue(wait=0)
    assert issued["submission"] in ("QUEUED", "SENDING")
    assert issued["expectedCufe"]
    accepted = await customer.until_submission(issued["id"], "ACCEPTED")
    assert accepted["number"] == issued["number"]
    assert kinds(accepted).count("SENDING") == 1
    assert installation.pac.posts() == 1


async def test_with_the_pac_down_the_document_waits_and_goes_out_under_its_number_afterwards(
    installation: Installation,
) -> None:
    customer = await installation.customer()
    order = await customer.order()
    await installation.pac.stop()
    issued = (await customer.generate(order))["invoice"]
    assert issued["submission"] == "QUEUED"
    assert "NOT_SENT" in kinds(issued)
    await installation.pac.start()
    accepted = await customer.until_submission(issued["id"], "ACCEPTED")
    assert accepted["number"] == issued["number"]
    assert accepted["cufe"] == issued["expectedCufe"]
    assert "IN_DOUBT" not in kinds(accepted)
    assert len(installation.pac.engine.documents) == 1


async def test_a_document_whose_answer_was_lost_is_in_doubt_until_its_webhook_adopts_it(
    installation: Installation,
) -> None:
    customer = await installation.customer(webhooks=False)
    installation.pac.spoil_next_post(FaultKind.DROP_AFTER_ACCEPT)
    order = await customer.order()
    issued = (await customer.generate(order))["invoice"]
    assert issued["submission"] == "IN_DOUBT"
    assert issued["doubtReason"]
    again = (await customer.generate(order))["invoice"]
    assert (again["id"], again["submission"]) == (issued["id"], "IN_DOUBT"), "asking again sends nothing"
    installation.switch_webhooks_on()
    installation.pac.let_the_dgi_authorise()
    done = await customer.until_done(issued["id"])
    assert done["number"] == issued["number"]
    assert done["cufe"] == issued["expectedCufe"]
    assert "ADOPTED" in kinds(done)
    assert installation.pac.posts() == 1
    assert len(installation.pac.engine.documents) == 1


async def test_ten_equal_mutations_at_once_make_one_document(installation: Installation) -> None:
    customer = await installation.customer()
    order = await customer.order()
    answers = await asyncio.gather(*(customer.generate(order, "same-key") for _ in range(10)))
    assert [answer["errors"] for answer in answers] == [[]] * 10
    assert {answer["invoice"]["id"] for answer in answers} == {answers[0]["invoice"]["id"]}
    assert installation.pac.posts() == 1
    refused = await customer.generate(order, "another-key")
    assert refused["invoice"] is None
    assert [error["code"] for error in refused["errors"]] == ["order_already_invoiced"]
    assert len(installation.pac.engine.documents) == 1


async def test_ten_orders_at_once_get_ten_numbers_in_a_row(installation: Installation) -> None:
    customer = await installation.customer()
    orders = await asyncio.gather(*(customer.order() for _ in range(10)))
    answers = await asyncio.gather(*(customer.generate(order, f"k-{order}") for order in orders))
    numbers = sorted(int(answer["invoice"]["number"]) for answer in answers)
    assert numbers == list(range(1, 11))
    for answer in answers:
        await customer.until_submission(answer["invoice"]["id"], "ACCEPTED")
    assert sorted(int(each.numeration) for each in installation.pac.engine.documents) == numbers
