"""The printed form, whatever draws it: every figure, every mark, a code that scans, and no harm from any text."""

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.cafe.renderer import ReportlabCafeRenderer
from core.cafe import TEST_ENVIRONMENT_TEXT, CafePaper, CafeStanding
from core.cafe_pages import cafe_page
from core.codes import ItbmsRate, PaymentForm, RetentionCode
from core.documents import FiscalDocument
from core.drafts import DraftDiscount, DraftInstalment, DraftLine, DraftPayment, DraftReceiver, DraftReference
from core.failures import CafeBusyError
from core.ports.cafe_renderer import CafeRenderer
from tests.builders import NOW, a_document, a_draft, a_line
from tests.unit.cafe.printed import Printed, accepted, authorised

ROOT = Path(__file__).parents[2]
PAPERS = list(CafePaper)
LONGEST_PAGE_MM = 5080.0


@pytest.fixture
async def renderer() -> AsyncIterator[ReportlabCafeRenderer]:
    made = ReportlabCafeRenderer()
    yield made
    made.close()


@pytest.fixture(params=PAPERS, ids=lambda paper: paper.value)
def paper(request: pytest.FixtureRequest) -> CafePaper:
    chosen: CafePaper = request.param
    return chosen


async def printed(renderer: CafeRenderer, document: FiscalDocument, paper: CafePaper) -> Printed:
    return Printed(await renderer.render(cafe_page(document), paper))


def everything() -> FiscalDocument:
    """A document with every kind of figure, each of them different."""
    draft = a_draft(
        lines=(
            a_line(quantity=Decimal("2.5"), unit_price=Decimal("1234.567"), unit_discount=Decimal("0.017")),
            a_line(description="Ron añejo", code=None, itbms=ItbmsRate.SPECIAL_10, freight=Decimal("7.11")),
            a_line(description="Cigarros", itbms=ItbmsRate.SPECIAL_15, isc_amount=Decimal("3.33")),
            a_line(description="Arroz", itbms=ItbmsRate.EXEMPT, insurance=Decimal("0.29"), cpbs_code="5022"),
        ),
        payments=(
            DraftPayment(form=PaymentForm.OTHER, amount=Decimal("3000.01"), description="Trueque por leña"),
            DraftPayment(form=PaymentForm.CHEQUE, amount=Decimal("600.00")),
        ),
        discounts=(DraftDiscount(description="Amistad", amount=Decimal("5.55")),),
        freight=Decimal("8.88"),
        other_charges=Decimal("1.23"),
        retention=RetentionCode.PURCHASE,
        instalments=(DraftInstalment(due_on=NOW.date(), amount=Decimal("99.99"), note="Al recibir la mercancía"),),
        references=(DraftReference(issued_at=NOW, paper_number="FACT-0000077"),),
        information="Gracias por su compra",
    )
    return a_document("tenant", draft=draft)


async def test_every_figure_of_the_document_is_on_the_paper_to_the_cent(
    renderer: CafeRenderer, paper: CafePaper
) -> None:
    document = everything()
    text = (await printed(renderer, document, paper)).text
    totals = document.totals
    wanted = [totals.net_total, totals.itbms_total, totals.isc_total, totals.discount_total, totals.total]
    wanted += [totals.received, totals.change, totals.other_charges, totals.retention_amount or Decimal("NaN")]
    wanted += [totals.freight_total + Decimal("7.11"), Decimal("0.29"), Decimal("99.99")]
    wanted += [payment.amount for payment in totals.payments]
    wanted += [line.line_total for line in totals.lines] + [line.itbms_amount for line in totals.lines[:3]]
    wanted += [each for rate in totals.rates for each in (rate.base, rate.itbms_amount)]
    assert len(set(wanted)) > 20
    assert [amount for amount in wanted if f"{amount:,.2f}" not in text] == []
    for said in ("1,234.567", "0.017", "2.5", "Trueque por leña", "Cheque", "FACT-0000077", "Gracias por su compra"):
        assert said in text


async def test_the_paper_says_who_whom_what_and_when(renderer: CafeRenderer, paper: CafePaper) -> None:
    document = authorised(number=451)
    text = (await printed(renderer, document, paper)).text
    for said in (
        "Ferretería El Istmo",
        "8-888-8888",
        "DV: 35" if paper is CafePaper.LETTER else "DV 35",
        "Avenida Balboa, local 4",
        "Constructora Añil",
        "8-1234-12345",
        "Factura de operación interna",
        "Comprobante Auxiliar de Factura Electrónica",
        "0000000451",
        "02/03/2026 10:00:00",
        "Martillo",
        "Efectivo",
        "20260000000000155123",
        TEST_ENVIRONMENT_TEXT,
        cafe_page(document).authorisation.grouped_cufe,
    ):
        assert said in text


async def test_a_cufe_is_shown_in_groups_of_six(renderer: CafeRenderer, paper: CafePaper) -> None:
    document = authorised()
    cufe = document.cufe or ""
    grouped = " ".join(cufe[start : start + 6] for start in range(0, 66, 6))
    assert len(grouped.split()) == 11
    assert grouped in (await printed(renderer, document, paper)).text


@pytest.mark.parametrize("standing", list(CafeStanding))
async def test_what_is_not_authorised_says_so_in_big_words(
    renderer: CafeRenderer, paper: CafePaper, standing: CafeStanding
) -> None:
    page = replace(cafe_page(accepted()), standing=standing)
    text = Printed(await renderer.render(page, paper)).text
    marks = {each: each.mark[0] for each in CafeStanding if each.mark}
    assert [each for each, word in marks.items() if word in text] == ([standing] if standing in marks else [])
    if standing.mark:
        assert text.count(standing.mark[0]) >= 2
        assert standing.mark[1] in text


async def test_every_page_of_a_letter_bears_the_mark(renderer: CafeRenderer) -> None:
    document = a_document("tenant", draft=a_draft(lines=(a_line(),) * 120, payments=()))
    pages = (await printed(renderer, document, CafePaper.LETTER)).pages
    assert len(pages) > 3
    assert all("PROVISIONAL" in page for page in pages)


async def test_a_scanner_reads_the_pacs_address_from_the_paper(renderer: CafeRenderer, paper: CafePaper) -> None:
    document = accepted()
    assert (await printed(renderer, document, paper)).codes() == [document.qr]


@pytest.mark.parametrize("length", [100, 600, 1400, 2000])
async def test_a_longer_address_scans_too(renderer: CafeRenderer, paper: CafePaper, length: int) -> None:
    address = "https://pac.example/".ljust(length, "x")
    document = accepted(qr=address)
    dpi = 203 if paper is CafePaper.TICKET else 600  # a letter sheet comes from an office printer
    assert (await printed(renderer, document, paper)).codes(dpi) == [address]


async def test_without_the_pacs_address_there_is_no_code_and_the_paper_says_so(
    renderer: CafeRenderer, paper: CafePaper
) -> None:
    shown = await printed(renderer, accepted(qr=None), paper)
    assert shown.codes() == []
    assert "Sin código QR" in shown.text


async def test_the_same_page_gives_the_same_bytes(renderer: CafeRenderer, paper: CafePaper) -> None:
    document = everything()
    other = ReportlabCafeRenderer()
    first = await renderer.render(cafe_page(document), paper)
    await renderer.render(cafe_page(accepted()), paper)
    assert await renderer.render(cafe_page(document), paper) == first
    assert await other.render(cafe_page(replace(document, version=7)), paper) == first
    other.close()


def test_the_bytes_depend_on_no_process() -> None:
    program = """
import hashlib
from adapters.cafe.renderer import draw_cafe
from core.cafe import CafePaper
from core.cafe_pages import cafe_page
from tests.unit.cafe.printed import accepted
page = cafe_page(accepted())
print(hashlib.sha256(b"".join(draw_cafe(page, paper) for paper in CafePaper)).hexdigest())
"""
    digests = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        made = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        digests.add(made.stdout)
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


async def test_a_ticket_is_eighty_millimetres_wide_and_as_long_as_its_content(renderer: CafeRenderer) -> None:
    heights = []
    for lines in (1, 30):
        document = a_document("tenant", draft=a_draft(lines=(a_line(),) * lines, payments=()))
        ((width, height),) = (await printed(renderer, document, CafePaper.TICKET)).sizes
        assert width == pytest.approx(80)
        heights.append(height)
    assert 100 < heights[0] < 250
    assert heights[0] + 29 * 5 < heights[1] < heights[0] + 29 * 15


async def test_the_longest_document_is_printed_whole(renderer: CafeRenderer, paper: CafePaper) -> None:
    lines = tuple(a_line(description=f"Renglón {place:04d} " + "palabra " * (place % 60)) for place in range(1000))
    document = a_document("tenant", draft=a_draft(lines=lines, payments=(), information="renglón\n" * 600))
    shown = await printed(renderer, document, paper)
    text = shown.text
    assert [place for place in range(1000) if f"Renglón {place:04d}" not in text] == []
    assert f"{document.totals.total:,.2f}" in text
    assert len(shown.sizes) > 1
    assert all(height <= LONGEST_PAGE_MM for _, height in shown.sizes)
    if paper is CafePaper.LETTER:
        for place, page in enumerate(shown.pages, start=1):
            assert f"Página {place} de {len(shown.pages)}" in page
        assert all("Descripción" in page for page in shown.pages[1:20])
        assert all("Factura de operación interna N.º" in page for page in shown.pages)
    else:
        assert {round(width, 3) for width, _ in shown.sizes} == {80.0}
        assert all(f"{place} de {len(shown.pages)}" in page for place, page in enumerate(shown.pages, start=1))


def as_long_as_allowed() -> FiscalDocument:
    """Texts without a place to break, and amounts with every digit that the format has."""
    wide = Decimal("999999999.999999")
    line = DraftLine(
        description="W" * 500,
        quantity=Decimal("1.000001"),
        unit_price=wide,
        unit_discount=Decimal("123456789.123456"),
        code="C" * 50,
        unit="unidadlarga",
    )
    receiver = DraftReceiver(
        receiver_type=a_draft().receiver.receiver_type,
        ruc="W" * 20,
        dv="99",
        name="W" * 200,
        address="W" * 100,
        emails=("w" * 38 + "@example.com",) * 3,
    )
    draft = a_draft(lines=(line,) * 3, receiver=receiver, payments=(), information="W" * 5000)
    return a_document("tenant", draft=draft)


async def test_nothing_is_cut_off_at_an_edge(renderer: CafeRenderer, paper: CafePaper) -> None:
    for document in (as_long_as_allowed(), everything(), accepted()):
        assert (await printed(renderer, document, paper)).clipped() == []


async def test_drawing_leaves_the_event_loop_free(renderer: CafeRenderer, paper: CafePaper) -> None:
    drawing = asyncio.ensure_future(renderer.render(cafe_page(accepted()), paper))
    await asyncio.sleep(0)
    assert not drawing.done()  # a renderer that draws on the loop is done before anybody else has a turn
    assert (await drawing).startswith(b"%PDF-")


async def test_a_queue_that_is_too_long_says_come_again_and_recovers() -> None:
    renderer = ReportlabCafeRenderer(waiting_max=2)
    page = cafe_page(accepted())
    waiting = [asyncio.ensure_future(renderer.render(page, CafePaper.TICKET)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(CafeBusyError):
        await renderer.render(page, CafePaper.TICKET)
    waiting[0].cancel()  # a caller that leaves frees no place: its page is still drawn
    with pytest.raises(CafeBusyError):
        await renderer.render(page, CafePaper.TICKET)
    await waiting[1]
    await asyncio.sleep(0)
    assert (await renderer.render(page, CafePaper.TICKET)).startswith(b"%PDF-")
    renderer.close()
