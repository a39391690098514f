"""Whether downloaded bytes are what they should be: a PDF from its first byte to its end mark, or an XML text.

Nothing is parsed: a file is kept as it is and served as an attachment. XML with a document type is refused, so
nobody downstream can be made to expand entities.
"""

PDF_START = b"%PDF-"
PDF_END = b"%%EOF"
PDF_END_WITHIN = 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FORBIDDEN_IN_XML = (b"<!DOCTYPE", b"<!ENTITY", b"<HTML")


def why_no_pdf(content: bytes) -> str | None:
    """What is wrong with it as a PDF; None when nothing is. An end mark is due in the last 1,024 bytes."""
    if not content.startswith(PDF_START):
        return "the file is no PDF"
    if PDF_END not in content[-PDF_END_WITHIN:]:
        return "the PDF is cut off"
    return None


def why_no_xml(content: bytes) -> str | None:
    """What is wrong with it as the legal XML; None when nothing is."""
    text = content.removeprefix(_BYTE_ORDER_MARK).strip()
    if not text.startswith(b"<") or b"\x00" in text:
        return "the file is no XML"
    if not text.endswith(b">"):
        return "the XML is cut off"
    upper = text.upper()
    if any(mark in upper for mark in _FORBIDDEN_IN_XML):
        return "the XML has a document type, entities or HTML"
    return None
