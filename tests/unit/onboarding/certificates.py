"""Certificates for tests, made on the spot."""

from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from core.certificates import CertificateFile, CertificateKind
from tests.builders import NOW

RUC = "155000001-2-2020"
PASSWORD = "a password of tests"


@cache
def a_p12(
    *,
    ruc: str | None = RUC,
    password: str = PASSWORD,
    not_before: datetime = NOW - timedelta(days=1),
    not_after: datetime = NOW + timedelta(days=700),
    has_key: bool = True,
    has_certificate: bool = True,
) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, "FERRETERIA UNO, S.A. 2024-01-31")]
    if ruc is not None:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, f"RUC {ruc} DV 40"))
    name = x509.Name(attributes)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .sign(key, hashes.SHA256())
    )
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(
        b"test",
        key if has_key else None,
        certificate if has_certificate and has_key else None,
        None if has_key else [certificate],
        encryption,
    )


def both(content: bytes | None = None, password: str = PASSWORD) -> dict[CertificateKind, CertificateFile]:
    file = CertificateFile(content=a_p12() if content is None else content, password=password)
    return dict.fromkeys(CertificateKind, file)
