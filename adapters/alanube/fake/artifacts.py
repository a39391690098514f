"""What the PAC makes of an accepted document: CUFE, XML, QR address, public address, PDF, signed file addresses."""

import base64
import hashlib
import hmac
from datetime import datetime

from adapters.alanube.fake.cafe_pdf import render_cafe
from adapters.alanube.fake.cafe_slip import render_slip
from adapters.alanube.fake.records import Company, FakeDocument
from adapters.alanube.fake.rfe_xml import render_rfe, with_qr
from adapters.alanube.fake.wire import JsonObject, write_json
from adapters.alanube.fake.world import World
from core.codes import DocumentType, EmissionType, Environment, RucType
from core.cufe import CufeParts, build_cufe, parse_cufe
from core.issue_time import panama_date
from core.qr_address import CUFE_PATH, PRODUCTION_HOST, TEST_HOST, QrAddress, build_qr_address
from core.taxpayer import parse_ruc


def make_cufe(company: Company, office_code: str, payload: JsonObject, issued_at: datetime) -> str:
    """The CUFE of a checked payload."""
    information = payload["information"]
    ruc_type = RucType(company.ruc_type)
    return build_cufe(
        CufeParts(
            document_type=DocumentType(information["documentType"]),
            ruc_type=ruc_type,
            ruc=parse_ruc(company.ruc, ruc_type).normalised,
            dv=company.dv,
            branch=office_code,
            issued_on=panama_date(issued_at),
            number=int(information["numeration"]),
            billing_point=information["billingPoint"],
            emission=EmissionType(information["issueType"]),
            environment=Environment(company.environment),
            security_code=information["securityCode"],
        )
    )


def xml_of(world: World, document: FakeDocument) -> bytes:
    """The document's XML with its QR address, made once. Raises ValueError for a document without a CUFE."""
    if document.xml is None:
        cufe = _cufe_text(document)
        company = world.companies[document.company_id]
        unsigned = render_rfe(document, company)
        digest = base64.b64encode(hashlib.sha256(unsigned).digest()).decode()
        environment = Environment(company.environment)
        document.qr = build_qr_address(
            QrAddress(
                cufe=parse_cufe(cufe),
                environment=environment,
                digest=digest,
                token=_token(world, {"chFE": cufe, "iAmb": str(company.environment), "digestValue": digest}),
            )
        )
        document.xml = with_qr(unsigned, document.qr)
    return document.xml


def qr_of(world: World, document: FakeDocument) -> str:
    """The address that the QR of the printed form holds. Raises ValueError for a document without a CUFE."""
    xml_of(world, document)
    return document.qr or ""


def pdf_of(world: World, document: FakeDocument) -> bytes:
    """The CAFE, made once per status: the authorisation protocol appears on it when the DGI gave one."""
    kept_for, kept = document.pdf or ("", b"")
    if kept_for != document.legal_status:
        company = world.companies[document.company_id]
        whole = world.behaviour.whole_pdf
        kept = render_cafe(document, company, qr_of(world, document)) if whole else render_slip(document, company)
        document.pdf = (document.legal_status, kept)
    return kept


def public_url(company: Company, cufe: str) -> str:
    """The DGI's page for one CUFE."""
    host = PRODUCTION_HOST if company.environment == Environment.PRODUCTION else TEST_HOST
    return f"https://{host}{CUFE_PATH}/{cufe}"


def _cufe_text(document: FakeDocument) -> str:
    if document.cufe is None:
        message = f"{document.id} has no CUFE: it was never authorised"
        raise ValueError(message)
    return document.cufe


def _token(world: World, claims: JsonObject) -> str:
    signed = f"{_base64url(write_json({'alg': 'HS256', 'typ': 'JWT'}))}.{_base64url(write_json(claims))}"
    signature = hmac.new(world.signing_key, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64url(signature)}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed_address(world: World, document: FakeDocument, extension: str, now: datetime) -> str:
    """A file address that stops working after a while."""
    expires = int((now + world.behaviour.signed_url_life).timestamp())
    signature = _signature(world, document.id, extension, expires)
    return f"{world.base_url}/files/{document.id}.{expires}.{signature}.{extension}"


def is_signed(world: World, document_id: str, extension: str, expires: int, signature: str) -> bool:
    """Whether the fake itself made this address."""
    return hmac.compare_digest(_signature(world, document_id, extension, expires), signature)


def _signature(world: World, document_id: str, extension: str, expires: int) -> str:
    message = f"{document_id}.{expires}.{extension}".encode()
    digest = hmac.new(world.signing_key, message, hashlib.sha256).digest()
    return base64.b16encode(digest[:16]).decode().lower()
