"""The printed form behind its link."""

from dataclasses import replace

import pytest

from core.cafe import CafePaper
from core.documents import DocumentMode, FiscalDocument, LegalStatus
from tests.builders import an_attachment
from tests.unit.cafe.imports import an_import
from tests.unit.cafe.printed import Printed
from tests.unit.http_webhooks.door import Door


async def an_invoice(door: Door) -> FiscalDocument:
    return await door.world.invoice(door.shop, await door.world.an_order(door.shop))


def address_of(door: Door, document: FiscalDocument, paper: CafePaper = CafePaper.TICKET) -> str:
    offer = door.cafe_links.offer(document, paper)
    assert offer
    return f"/cafe/{offer.token}"


@pytest.mark.parametrize(("paper", "width"), [(CafePaper.TICKET, 80.0), (CafePaper.LETTER, 215.9)])
async def test_a_link_draws_the_document_privately(door: Door, paper: CafePaper, width: float) -> None:
    document = await an_invoice(door)
    answer = await door.http.get(address_of(door, document, paper))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert f'inline; filename="CAFE-{document.cufe}-{paper.value.lower()}.pdf"' in answer.headers["content-disposition"]
    shown = Printed(answer.content)
    assert shown.sizes[0][0] == pytest.approx(width, abs=0.1)
    assert shown.codes() == [document.qr]
    assert f"{document.totals.total:,.2f}" in shown.text


async def test_a_link_shows_the_document_as_it_stands_when_it_is_opened(door: Door) -> None:
    document = await an_invoice(door)
    address = address_of(door, document)
    early = Printed((await door.http.get(address)).content)
    assert "PROVISIONAL" in early.text
    for _ in range(3):
        await door.world.sweep(every_seconds=60)
    after = await door.world.current(document)
    assert after.legal_status is LegalStatus.DGI_AUTHORIZED
    late = Printed((await door.http.get(address)).content)
    assert "PROVISIONAL" not in late.text
    assert after.authorization_protocol
    assert after.authorization_protocol in late.text


async def test_the_same_document_is_drawn_to_the_same_bytes(door: Door) -> None:
    address = address_of(door, await an_invoice(door))
    assert (await door.http.get(address)).content == (await door.http.get(address)).content


async def test_an_old_link_opens_nothing(door: Door) -> None:
    address = address_of(door, await an_invoice(door))
    door.world.clock.advance(901)
    assert (await door.http.get(address)).status_code == 403


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.split(".")[0], lambda _: "x.y"])
async def test_a_forged_link_opens_nothing(door: Door, spoil: object) -> None:
    assert callable(spoil)
    token = address_of(door, await an_invoice(door)).removeprefix("/cafe/")
    answer = await door.http.get(f"/cafe/{spoil(token)}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "download_link_invalid")


async def test_a_link_to_a_file_opens_no_printed_form_and_the_other_way_round(door: Door) -> None:
    document = await an_invoice(door)
    file_token, _ = door.links.token(document.tenant_id, document.document_id, an_attachment())
    cafe_token = address_of(door, document).removeprefix("/cafe/")
    assert (await door.http.get(f"/cafe/{file_token}")).status_code == 403
    assert (await door.http.get(f"/files/{cafe_token}")).status_code == 403


async def test_a_link_names_its_tenant(door: Door) -> None:
    document = await an_invoice(door)
    stranger = await door.world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")
    offer = door.cafe_links.offer(replace(document, tenant_id=stranger.tenant.tenant_id), CafePaper.TICKET)
    assert offer
    answer = await door.http.get(f"/cafe/{offer.token}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "document_not_found")


async def test_an_imported_document_is_never_drawn(door: Door) -> None:
    imported = await an_import(door.world, door.shop)
    assert door.cafe_links.offer(imported, CafePaper.LETTER) is None
    answer = await door.http.get(address_of(door, replace(imported, mode=DocumentMode.DGI)))  # a token that slipped out
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "cafe_not_ours")
