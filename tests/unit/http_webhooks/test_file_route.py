from dataclasses import replace

import pytest

from core.documents import Attachment, Change, FileKind, FiscalDocument
from tests.builders import an_attachment
from tests.unit.http_webhooks.door import Door

PDF = b"%PDF-1.7 an invoice"


async def a_stored_file(
    door: Door, *, name: str = "FE01.pdf", kind: FileKind = FileKind.PDF
) -> tuple[FiscalDocument, Attachment]:
    document = await door.world.invoice(door.shop, await door.world.an_order(door.shop))
    digest = await door.world.stores.files.put(document.tenant_id, PDF)
    file = an_attachment(digest=digest, size=len(PDF), file_name=name, kind=kind)

    def attach(current: FiscalDocument) -> Change:
        return Change(document=replace(current, files=(file,)), attachments=(file,))

    return await door.world.stores.documents.update(document.tenant_id, document.document_id, attach), file


async def address_of(door: Door, document: FiscalDocument, file: Attachment) -> str:
    token, _ = door.links.token(document.tenant_id, document.document_id, file)
    return f"/files/{token}"


async def test_a_link_opens_its_file_privately(door: Door) -> None:
    document, file = await a_stored_file(door)
    answer = await door.http.get(await address_of(door, document, file))
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "inline; filename=\"FE01.pdf\"; filename*=UTF-8''FE01.pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_markup_is_never_shown_inline(door: Door) -> None:
    document, file = await a_stored_file(door, name="FE01.xml", kind=FileKind.XML)
    answer = await door.http.get(await address_of(door, document, file))
    assert answer.headers["content-disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("stored", "served"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.ini.pdf"),
        ('a"; filename="evil.exe', "a___filename__evil.exe.pdf"),
        ("line\r\nSet-Cookie: x=1.pdf", "line__Set-Cookie__x_1.pdf"),
        ("\x00.pdf", "document.pdf"),
        ("recibo ñ 1.pdf", "recibo___1.pdf"),
        ("x" * 4000 + ".pdf", "x" * 120 + ".pdf"),
        ("", "document.pdf"),
    ],
)
async def test_a_stored_name_can_do_nothing_in_a_header(door: Door, stored: str, served: str) -> None:
    document, file = await a_stored_file(door, name=stored)
    answer = await door.http.get(await address_of(door, document, file))
    assert answer.status_code == 200
    assert f'filename="{served}"' in answer.headers["content-disposition"]
    assert "set-cookie" not in answer.headers


async def test_an_expired_link_opens_nothing(door: Door) -> None:
    document, file = await a_stored_file(door)
    address = await address_of(door, document, file)
    door.world.wait(minutes=16)
    answer = await door.http.get(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "download_link_invalid")


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.c", "é.é", "." * 50, "%00", "A" * 5000, "..%2f..%2fetc%2fpasswd"])
async def test_a_forged_link_opens_nothing(door: Door, token: str) -> None:
    answer = await door.http.get(f"/files/{token}")
    assert answer.status_code in (403, 404)
    assert answer.json()["error"]["code"] in ("download_link_invalid", "not_found")


async def test_a_link_to_a_file_that_was_replaced_is_not_found(door: Door) -> None:
    document, file = await a_stored_file(door)
    address = await address_of(door, document, replace(file, digest="0" * 64))
    answer = await door.http.get(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "file_not_stored")
