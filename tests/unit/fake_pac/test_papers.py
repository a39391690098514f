"""The PDF and the XML of a document: real files that a person and a program can read."""

import base64
import hashlib
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from core.qr_address import parse_qr_address
from tests.unit.fake_pac.pac_at_hand import (
    PacAtHand,
    Payload,
    by_cufe,
    changed,
    consumer_invoice,
    credit_note,
    export_invoice,
    government_invoice,
    invoice,
)

SPACE = "{http://dgi-fep.mef.gob.pa}"


def pdf_of(pac: PacAtHand, payload: Payload, path: str = "/invoices") -> tuple[str, PdfReader]:
    """The text of a document's CAFE, and its reader."""
    document = pac.authorised(payload, path)
    answer = pac.download(pac.read(document, documents="pdf")["pdf"])
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(BytesIO(answer.body or b""))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    return text, reader


def test_the_cafe_says_who_whom_what_and_how_much(pac: PacAtHand) -> None:
    text, reader = pdf_of(pac, invoice())

    document = pac.engine.documents[0]
    for expected in (
        "Emisor de Ejemplo, S.A.",
        "155777777-2-2021",
        "Ferretería Ejemplo Uno, S.A.",
        "155000001-2-2020",
        "Taladro de prueba 500W",
        "Libro técnico",
        "0000000451",
        "7.88",
        "B/. 150.38",
        "Transferencia o depósito",
        "Exento",
        "04/03/2026 10:15:00",
        "FE generada en ambiente de pruebas",
        document.cufe or "-",
        document.protocol or "-",
    ):
        assert expected in text
    assert len(reader.pages) == 1
    assert (reader.metadata or {}).get("/Subject") == document.cufe


def test_the_cafe_of_the_state_shows_instalments_and_retention(pac: PacAtHand) -> None:
    text, _ = pdf_of(pac, government_invoice())

    for expected in ("CPBS 7210", "03/04/2026", "35.00", "1,035.00", "Neto por cobrar", "Gobierno"):
        assert expected in text


def test_the_cafe_of_a_note_names_what_it_refers_to(pac: PacAtHand) -> None:
    original = pac.authorised()

    text, _ = pdf_of(pac, credit_note(by_cufe(original)), "/credit-notes")

    assert "Nota de crédito" in text
    assert text.count(original.cufe or "-") == 1


def test_a_foreign_receiver_appears_with_its_document(pac: PacAtHand) -> None:
    text, _ = pdf_of(pac, export_invoice())

    assert "CR-123456" in text
    assert "Factura de exportación" in text


def parsed(xml: bytes) -> ET.Element:
    """The root of the fake's own XML."""
    return ET.fromstring(xml)  # noqa: S314 - made in this process


def longest(payload: Payload) -> None:
    """Everything as long as the contract allows."""
    line = payload["items"][0] | {
        "description": "Perno <b>& tuerca</b> ñandú \U0001f600 " + "W" * 460,
        "prices": {"transfer": 1},
    }
    payload["items"] = [dict(line, number=f"{place + 1:04d}", quantity=1) for place in range(60)]
    payload["information"]["information"] = "renglón\n" * 600
    payload["receiver"]["name"] = "N" * 100
    instalment = {"dueDate": "2026-04-03T12:00:00-05:00", "amount": 0.64, "information": "x" * 300}
    payload["totals"] = {
        "paymentTime": 3,
        "paymentMethods": [{"type": "99", "otherType": "Trueque <i>&", "amount": 6.42}] * 10,
        "installmentPayment": [instalment] * 99,
    }


def test_a_document_of_the_longest_kind_still_becomes_a_pdf(pac: PacAtHand) -> None:
    document = pac.authorised(changed(invoice(), longest))
    reader = PdfReader(BytesIO(pac.download(pac.read(document, documents="pdf")["pdf"]).body or b""))
    pages = [page.extract_text() for page in reader.pages]

    assert len(pages) > 10
    assert any("0060" in page for page in pages)
    assert "<b>& tuerca</b>" in " ".join(" ".join(pages).split())
    for page in pages:
        assert (document.cufe or "-") in page


def test_the_cafe_before_the_dgi_says_that_it_waits(pac: PacAtHand) -> None:
    document = pac.issue()
    early = pac.download(pac.read(document, documents="pdf")["pdf"]).body
    pac.wait(seconds=10)
    late = pac.download(pac.read(document, documents="pdf")["pdf"]).body

    text = PdfReader(BytesIO(early or b"")).pages[0].extract_text()
    assert "pendiente de la DGI" in text
    assert early != late


def test_a_slip_is_a_pdf_too(pac: PacAtHand) -> None:
    pac.engine.behave(whole_pdf=False)

    text, reader = pdf_of(pac, invoice())

    document = pac.engine.documents[0]
    assert len(reader.pages) == 1
    assert document.cufe is not None
    assert document.cufe in text
    assert "DGI_AUTHORIZED" in text


def test_the_same_document_gives_the_same_bytes() -> None:
    def papers() -> list[bytes | None]:
        pac = PacAtHand()
        read = pac.read(pac.authorised(), documents="pdf")
        return [pac.download(read["pdf"]).body, pac.download(read["pdf"]).body, pac.download(read["xml"]).body]

    first, second = papers(), papers()

    assert first == second
    assert first[0] == first[1]


@pytest.mark.parametrize("payload", [invoice(), consumer_invoice(), government_invoice(), export_invoice()])
def test_the_xml_is_well_formed_and_in_the_dgis_order(pac: PacAtHand, payload: Payload) -> None:
    document = pac.authorised(payload)
    answer = pac.download(pac.read(document)["xml"])
    root = parsed(answer.body or b"")

    assert root.tag == f"{SPACE}rFE"
    names = [child.tag.removeprefix(SPACE) for child in root]
    items = ["gItem"] * len(payload["items"])
    assert names == ["dVerForm", "dId", "gDGen", *items, "gTot", "gNoFirm"]
    assert root.findtext(f"{SPACE}dId") == document.cufe
    general = [child.tag.removeprefix(SPACE) for child in root.find(f"{SPACE}gDGen") or ()]
    assert general[:9] == [
        "iAmb",
        "iTpEmis",
        "iDoc",
        "dNroDF",
        "dPtoFacDF",
        "dSeg",
        "dFechaEm",
        "iNatOp",
        "iTipoOp",
    ]
    assert root.findtext(f".//{SPACE}dVTot") == f"{document.total:.2f}"


def test_the_totals_of_the_xml_follow_the_dgis_definitions(pac: PacAtHand) -> None:
    document = pac.authorised(government_invoice())
    root = parsed(pac.download(pac.read(document)["xml"]).body or b"")

    def total(name: str) -> str | None:
        return root.findtext(f"{SPACE}gTot/{SPACE}{name}")

    assert [total(name) for name in ("dTotNeto", "dTotITBMS", "dTotGravado", "dVTot", "dVTotItems")] == [
        "1000.00",
        "70.00",
        "70.00",
        "1070.00",
        "1070.00",
    ]


def test_hostile_text_stays_text_in_the_xml(pac: PacAtHand) -> None:
    hostile = "]]></rFE><x>&\x00\x0b\ufffe"
    document = pac.authorised(changed(invoice(), lambda it: it["items"][0].update(description=hostile)))

    root = parsed(pac.download(pac.read(document)["xml"]).body or b"")

    assert root.findtext(f".//{SPACE}dDescProd") == "]]></rFE><x>&"


def test_the_qr_address_holds_the_cufe_and_the_digest_of_the_xml(pac: PacAtHand) -> None:
    document = pac.authorised()
    read = pac.read(document)
    address = parse_qr_address(read["qr"])
    xml = pac.download(read["xml"]).body or b""
    hashed = xml[: xml.index(b"<gNoFirm>")] + b"</rFE>"

    assert address.cufe.text == document.cufe
    assert address.digest == base64.b64encode(hashlib.sha256(hashed).digest()).decode()
    assert len(parse_qs(urlsplit(read["qr"]).query)["jwt"][0].split(".")) == 3
    assert 100 <= len(read["qr"]) <= 600
