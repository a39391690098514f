"""Downloads behind signed addresses: no token, an expiry, and the ways in which a download goes wrong."""

import re
from datetime import datetime

from adapters.alanube.fake.artifacts import is_signed, pdf_of, xml_of
from adapters.alanube.fake.faults import FaultKind, Occasion
from adapters.alanube.fake.wire import WireAnswer, WireRequest
from adapters.alanube.fake.world import World

_ADDRESS = re.compile(
    r"/files/(?P<id>[0-9A-Z]{26})\.(?P<expires>[0-9]{1,12})\.(?P<signature>[0-9a-f]{32})\.(?P<extension>pdf|xml)",
    re.ASCII,
)
_TYPES = {"pdf": "application/pdf", "xml": "application/xml"}
_DENIED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
_HTML = b"<!doctype html><html><body><h1>Servicio en mantenimiento</h1></body></html>"


def get_file(world: World, request: WireRequest, now: datetime) -> WireAnswer:
    """The bytes, 403 for an address that expired or was tampered with, 404 for anything else."""
    match = _ADDRESS.fullmatch(request.path)
    if request.method != "GET" or match is None:
        return _bytes(404, "text/plain", b"not found")
    kinds = tuple(rule.kind for rule in world.faults.strike(Occasion.DOWNLOAD, request))
    signed = is_signed(world, match["id"], match["extension"], int(match["expires"]), match["signature"])
    document = world.documents.get(match["id"])
    expired = now.timestamp() > int(match["expires"]) or FaultKind.PDF_EXPIRED in kinds
    if not signed or expired or document is None:
        return _bytes(403, "application/xml", _DENIED)
    if FaultKind.PDF_REDIRECT in kinds:
        return WireAnswer(status=302, headers={"location": "http://169.254.169.254/latest/meta-data"})
    if FaultKind.PDF_HTML in kinds:
        return _bytes(200, "text/html; charset=utf-8", _HTML)
    body = pdf_of(world, document) if match["extension"] == "pdf" else xml_of(world, document)
    if FaultKind.PDF_TRUNCATED in kinds:
        body = body[: len(body) // 2]
    return _bytes(200, _TYPES[match["extension"]], body)


def _bytes(status: int, content_type: str, body: bytes) -> WireAnswer:
    return WireAnswer(status=status, headers={"content-type": content_type}, body=body)
