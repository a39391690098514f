from adapters.pac import Pac
from core.sales import Sale


def test_a_sale_becomes_an_invoice(fake_pac):
    document_id = Pac(fake_pac.api_url, fake_pac.token).issue(Sale(number=1, coffees=2, price=650))
    assert fake_pac.document(document_id)["total"] == "13.91"
