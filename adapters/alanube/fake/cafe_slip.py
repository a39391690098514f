"""A printed form of a few lines, made by hand in microseconds: for runs of thousands of documents.

A whole and valid PDF with CUFE, number, total and status as text; no QR and no beauty.
"""

from adapters.alanube.fake.records import Company, FakeDocument

_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
)
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def render_slip(document: FakeDocument, company: Company) -> bytes:
    """PDF bytes of one document; they depend on it alone."""
    lines = (
        company.name,
        f"Documento {document.document_type} N. {document.numeration}",
        f"CUFE {document.cufe}",
        f"Total B/. {document.total}",
        f"{document.legal_status} {document.protocol or ''}",
    )
    text = b" ".join(b"0 -14 Td (" + _escaped(line) + b") Tj" for line in lines)
    drawing = b"BT /F1 10 Tf 40 760 Td " + text + b" ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        _FONT,
    )
    output = bytearray(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(output))
        output += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table_at = len(output)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    output += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, entries)
    output += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)
    return bytes(output)


def _escaped(line: str) -> bytes:
    encoded = line.encode("cp1252", errors="replace")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
