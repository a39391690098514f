"""The typed client against the running service: what a stranger's program with generated code sees."""

import re
import sys
import textwrap
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from examples.typed_client import istmo_client
from examples.typed_client.istmo_client import (
    CreateClientInput,
    CreateInvoiceInput,
    DocumentFilter,
    IstmoClient,
    LineInput,
    ReceiverType,
    Role,
    Submission,
)
from examples.typed_client.istmo_client.istmo_connection import ATTEMPTS, IstmoError
from examples.typed_client.till import main, sell_a_hammer
from tests.docs.marked_places import ROOT
from tests.integration.installation import Installation, running_in_process

PAGE = ROOT / "docs" / "typed-client.md"
A_SALE = CreateInvoiceInput(lines=[LineInput(description="Candado", quantity=Decimal(2), unitPrice=Decimal("5.00"))])


class UnluckyLine(httpx.AsyncBaseTransport):
    """Delivers every request and loses the first answers."""

    def __init__(self, lost: int) -> None:
        self.delivered = 0
        self._lost = lost
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        self.delivered += 1
        if self.delivered <= self._lost:
            await answer.aread()
            raise httpx.ReadError("the line was cut")
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()


@pytest.fixture
async def web(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Installation]:
    """One engine is enough: the client sees the API alone."""
    async with running_in_process(tmp_path, sqlite_url) as installed:
        yield installed


@pytest.fixture
async def istmo(web: Installation) -> AsyncIterator[IstmoClient]:
    shop = await web.open_shop()
    async with IstmoClient(f"{web.base_url}/graphql", shop.api_key) as client:
        yield client


async def test_a_till_sells_and_prints(istmo: IstmoClient) -> None:
    slip = await sell_a_hammer(istmo, "till-1-000001")
    assert slip.startswith("Invoice 0000000001, B/. 13.38\nCUFE FE01")
    assert await sell_a_hammer(istmo, "till-1-000001") == slip
    assert (await sell_a_hammer(istmo, "till-1-000002")).startswith("Invoice 0000000002")


async def test_answers_have_their_types(istmo: IstmoClient) -> None:
    viewer = await istmo.who_am_i()
    assert viewer.role is Role.OPERATOR
    sold = await istmo.sell(A_SALE, key="k-1")
    assert sold
    assert sold.invoice
    assert sold.invoice.submission is Submission.ACCEPTED
    assert sold.invoice.totals.total == Decimal("10.70")
    assert sold.invoice.issuedAt.tzinfo is not None
    again = await istmo.find_invoice(sold.invoice.id)
    assert again
    assert again.number == sold.invoice.number
    assert await istmo.find_invoice("01JDEM0F3RR3T3R1A0000000ZZ") is None
    page = await istmo.list_invoices(DocumentFilter(submission=[Submission.ACCEPTED]))
    assert page
    assert [edge.node.id for edge in page.edges] == [sold.invoice.id]
    assert page.pageInfo.hasNextPage is False


async def test_a_refusal_is_data(istmo: IstmoClient) -> None:
    refused = await istmo.add_client(CreateClientInput(name=""), key="c-1")
    assert refused
    assert refused.client is None
    assert [(error.code, error.path) for error in refused.errors] == [("malformed_client", ["input", "name"])]
    asking = CreateClientInput(name="Ana Pérez", receiverType=ReceiverType.FINAL_CONSUMER)
    kept = await istmo.add_client(asking, key="c-1")
    assert kept
    assert kept.client
    assert kept.client.name == "Ana Pérez"


async def test_a_key_that_opens_nothing_is_an_error_with_its_code(web: Installation) -> None:
    async with IstmoClient(f"{web.base_url}/graphql", "istmo_" + "x" * 43, language="es") as stranger:
        with pytest.raises(IstmoError) as caught:
            await stranger.who_am_i()
    assert caught.value.code == "not_authenticated"
    assert "clave" in str(caught.value)


async def test_a_lost_answer_is_found_by_the_same_call_and_sells_once(web: Installation) -> None:
    shop = await web.open_shop()
    line = UnluckyLine(lost=ATTEMPTS - 1)
    http = httpx.AsyncClient(transport=line, timeout=40)
    async with IstmoClient(f"{web.base_url}/graphql", shop.api_key, http=http) as client:
        sold = await client.sell(A_SALE, key="k-1")
        assert sold
        assert sold.invoice
        assert line.delivered == ATTEMPTS
        page = await client.list_invoices()
        assert page
        assert [edge.node.id for edge in page.edges] == [sold.invoice.id]
    assert len(web.pac.engine.documents) == 1


async def test_the_example_of_the_page_runs(web: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    shop = await web.open_shop()
    snippet = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert snippet
    code = snippet[1].replace("http://127.0.0.1:8080", web.base_url)
    names = dict(vars(istmo_client)) | {"Decimal": Decimal, "key": shop.api_key}
    exec(f"async def shown():\n{textwrap.indent(code, '    ')}", names)  # noqa: S102 - the page's own example
    capsys.readouterr()
    await names["shown"]()
    assert capsys.readouterr().out.splitlines()[0] == "0000000001 13.38"


async def test_the_till_of_the_page_runs(
    web: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = await web.open_shop()
    monkeypatch.setenv("ISTMO_KEY", shop.api_key)
    monkeypatch.setattr(sys, "argv", ["till", f"{web.base_url}/graphql"])
    capsys.readouterr()
    await main()
    assert "Emisor 0, S.A. (TEST)\nInvoice 0000000001, B/. 13.38\nCUFE FE01" in capsys.readouterr().out
