"""document.cafe: an address of the printed form, and nothing drawn by asking for it."""

from core.documents import FiscalDocument
from core.tenants import Role
from tests.unit.cafe.imports import an_import
from tests.unit.graphql.api import PUBLIC_URL, Api

CAFE = """query($id: ID!) { invoice(id: $id) {
  letter: cafe { format standing isProvisional fileName contentType downloadUrl expiresAt }
  ticket: cafe(format: TICKET) { format downloadUrl }
} }"""


async def an_invoice(api: Api) -> FiscalDocument:
    return await api.world.invoice(api.shop, await api.world.an_order(api.shop))


async def test_a_document_offers_both_papers(api: Api) -> None:
    document = await an_invoice(api)
    shown = (await api.run(CAFE, {"id": document.document_id}, key=await api.new_key(Role.VIEWER)))["invoice"]
    letter, ticket = shown["letter"], shown["ticket"]
    assert letter["downloadUrl"].startswith(f"{PUBLIC_URL}/cafe/")
    assert letter["downloadUrl"] != ticket["downloadUrl"]
    assert (letter["format"], ticket["format"]) == ("LETTER", "TICKET")
    assert (letter["standing"], letter["isProvisional"]) == ("PROVISIONAL", True)
    assert letter["fileName"] == f"CAFE-{document.cufe}-letter.pdf"
    assert letter["contentType"] == "application/pdf"


async def test_an_authorised_document_is_provisional_no_more(api: Api) -> None:
    document = await an_invoice(api)
    await api.world.sweep(times=3, every_seconds=60)
    shown = (await api.run(CAFE, {"id": document.document_id}))["invoice"]["letter"]
    assert (shown["standing"], shown["isProvisional"]) == ("AUTHORIZED", False)


async def test_an_imported_document_has_none(api: Api) -> None:
    document = await an_import(api.world, api.shop)
    assert (await api.run(CAFE, {"id": document.document_id}))["invoice"] == {"letter": None, "ticket": None}


async def test_asking_for_more_forms_than_a_request_may_show_is_refused(api: Api) -> None:
    document = await an_invoice(api)
    narrow = await api.with_settings(rows_max=1)
    answer = await narrow.post(CAFE, {"id": document.document_id})
    assert answer.json()["errors"][0]["extensions"]["code"] == "query_limit_exceeded"
