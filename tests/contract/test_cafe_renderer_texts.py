"""Whatever text a document holds, the printed form shows it as text and comes to no harm."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.cafe.renderer import ReportlabCafeRenderer
from core.cafe import CafePage, CafePaper
from core.cafe_pages import cafe_page
from core.codes import PaymentForm
from core.documents import FiscalDocument
from core.drafts import DraftPayment
from core.ports.cafe_renderer import CafeRenderer
from tests.builders import a_document, a_draft, a_line
from tests.unit.cafe.printed import Printed

PAPERS = list(CafePaper)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>negrita</b> & <img src='file:///etc/passwd'/>", "<b>negrita</b> & <img src='file:///etc/passwd'/>"),
        ("<para><font size=900>", "<para><font size=900>"),
        ("&lt;&#0;&nbsp;", "&lt;&#0;&nbsp;"),
        ("emoji \U0001f600 fin", "emoji ? fin"),
        ("nin\u0303o", "niño"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("日本", "??"),
        ("(\\) endstream endobj", "(\\) endstream endobj"),
    ],
)
async def test_hostile_text_stays_text(renderer: CafeRenderer, paper: CafePaper, text: str, shown: str) -> None:
    document = a_document("tenant", draft=a_draft(lines=(a_line(description=text),), information=text, payments=()))
    result = await printed(renderer, document, paper)
    assert result.text.count(shown) >= 2
    assert b"file:///" not in result.pdf
    assert b"/URI" not in result.pdf
    assert b"/JavaScript" not in result.pdf


@SLOW
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
async def test_no_text_can_stop_a_till(text: str) -> None:
    renderer = ReportlabCafeRenderer()
    draft = a_draft(
        lines=(a_line(description=text, code=text[:20], unit=text[:5]),),
        receiver=replace(a_draft().receiver, name=text, address=text, emails=(text,), phones=(text,)),
        payments=(DraftPayment(form=PaymentForm.OTHER, amount=Decimal("40.13"), description=text),),
        information=text,
    )
    page: CafePage = cafe_page(a_document("tenant", draft=draft, qr=text))
    for paper in PAPERS:
        assert Printed(await renderer.render(page, paper)).pages
    renderer.close()
