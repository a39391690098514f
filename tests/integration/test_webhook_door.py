"""The PAC's door over HTTP: who is turned away, and what is kept of the rest."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import sqlalchemy as sa

from adapters.persistence.tables import webhook_bodies, webhook_deliveries
from tests.integration.customer import kinds, until
from tests.integration.installation import Installation

BODY = b'{"id": "01HZZZZZZZZZZZZZZZZZZZZZZZ", "legalStatus": "DGI_AUTHORIZED"}'


async def knock(web: Installation, company: str, secret: str | None, body: bytes = BODY) -> httpx.Response:
    headers = {} if secret is None else {"X-Pac-Signature": secret}
    return await web.http.post(f"/webhooks/pac/{company}", content=body, headers=headers)


async def kept(web: Installation) -> list[tuple[str, bytes]]:
    """State and body of every delivery in the inbox, of all tenants, as the database has them."""
    url = web.environment["ISTMO_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)

    def read() -> list[tuple[str, bytes]]:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            rows = connection.execute(sa.select(webhook_deliveries.c.state, webhook_bodies.c.body).join(webhook_bodies))
            return [(row.state, bytes(row.body)) for row in rows]

    return await asyncio.to_thread(read)


async def test_a_bad_signature_and_an_unknown_company_are_indistinguishable(web: Installation) -> None:
    shop, other = await web.open_shop(0), await web.open_shop(1)
    answers = [
        await knock(web, shop.company_id, secret)
        for secret in (None, "", "wrong", shop.webhook_secret + "x", other.webhook_secret)
    ]
    answers += [await knock(web, "01HNOBODYNOBODYNOBODYNOBOD", secret) for secret in (None, shop.webhook_secret)]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1
    assert await kept(web) == []


async def test_authentic_bodies_that_are_broken_are_refused_and_kept_whole(web: Installation) -> None:
    shop = await web.open_shop()
    bodies = [b"{", b"\xff\xfe", b"", b"[]"]
    for body in bodies:
        answer = await knock(web, shop.company_id, shop.webhook_secret, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "webhook_unreadable"), body
    assert sorted(await kept(web)) == [("UNREADABLE", body) for body in sorted(bodies)]


async def test_a_body_over_64_kib_is_refused_whether_its_length_is_told_or_not(web: Installation) -> None:
    shop = await web.open_shop()
    whole = b'{"id": "' + b"x" * 65_536 + b'"}'
    told = await knock(web, shop.company_id, shop.webhook_secret, whole)

    async def in_chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(whole), 8_192):
            yield whole[start : start + 8_192]

    chunked = await web.http.post(
        f"/webhooks/pac/{shop.company_id}", content=in_chunks(), headers={"X-Pac-Signature": shop.webhook_secret}
    )
    assert (told.status_code, chunked.status_code) == (413, 413)
    assert await kept(web) == []


async def test_a_delivery_for_a_document_that_nobody_knows_is_kept(web: Installation) -> None:
    shop = await web.open_shop()
    answers = await asyncio.gather(*(knock(web, shop.company_id, shop.webhook_secret) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}

    kept_now = await until(lambda: kept(web), lambda rows: [state for state, _ in rows] == ["UNMATCHED"])
    assert kept_now == [("UNMATCHED", BODY)], "twenty equal ones are one"


async def test_a_forged_authorisation_moves_nothing(web: Installation) -> None:
    shop = await web.open_shop(webhooks=False)
    customer = web.customer_of(shop)
    issued = await customer.issue()
    (at_the_pac,) = web.pac.engine.documents
    body = f'{{"id": "{at_the_pac.id}", "legalStatus": "DGI_AUTHORIZED", "cufe": "{issued["cufe"]}"}}'.encode()
    assert (await knock(web, shop.company_id, shop.webhook_secret, body)).status_code == 200
    seen = await until(lambda: customer.invoice(issued["id"]), lambda seen: "WEBHOOK" in kinds(seen))
    seen = await until(lambda: customer.invoice(issued["id"]), lambda seen: len(seen["attachments"]) == 2)
    assert seen["legalStatus"] == "PAC_AUTHORIZED", "the PAC's GET is the truth, never a webhook's body"
