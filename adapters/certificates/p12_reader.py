"""Opens a .p12 with cryptography. The private key is looked for and never kept."""

import asyncio

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from cryptography.x509 import Certificate as X509Certificate

from adapters.certificates.der_iterations import most_iterations
from core.certificates import CERTIFICATE_BYTES_MAX, Certificate, CertificateFile, CertificateKind
from core.errors import Wording
from core.failures import CertificatePasswordWrongError, CertificateTooLargeError, NotACertificateError
from core.ports.certificate_reader import CertificateReader

SUBJECT_LENGTH_MAX = 1000
ITERATIONS_MAX = 1_000_000  # common files have 2,048 to 600,000; nobody else is served while it hashes
_NO_P12 = Wording("it is no complete .p12 file", "no es un archivo .p12 completo")
_NO_CERTIFICATE = Wording("there is no certificate in it", "no contiene un certificado")
_NO_KEY = Wording("the private key is not in it", "no contiene la clave privada")
_TOO_SLOW = Wording(
    "opening it would take too long: its password is to be hashed too often",
    "abrirlo tardaría demasiado: pide derivar su contraseña demasiadas veces",
)
_UNREADABLE = Wording("its contents cannot be read", "su contenido no se puede leer")


class P12CertificateReader(CertificateReader):
    """See the port."""

    async def read(self, file: CertificateFile, kind: CertificateKind) -> Certificate:
        """See the port. In a thread, though the library keeps Python's lock: what bounds it is ITERATIONS_MAX."""
        return await asyncio.to_thread(self._read, file, kind)

    def _read(self, file: CertificateFile, kind: CertificateKind) -> Certificate:
        if len(file.content) > CERTIFICATE_BYTES_MAX:
            raise CertificateTooLargeError(kind=kind.wording, limit=CERTIFICATE_BYTES_MAX)
        if not looks_like_p12(file.content):
            raise NotACertificateError(kind=kind.wording, problem=_NO_P12)
        if most_iterations(file.content) > ITERATIONS_MAX:
            raise NotACertificateError(kind=kind.wording, problem=_TOO_SLOW)
        try:
            key, certificate, _others = load_key_and_certificates(file.content, file.password.encode() or None)
        except UnsupportedAlgorithm as error:
            raise NotACertificateError(kind=kind.wording, problem=_UNREADABLE) from error
        except ValueError:
            # the library says the same of a wrong password and of damage inside; its text is not for people
            raise CertificatePasswordWrongError(kind=kind.wording) from None
        if certificate is None:
            raise NotACertificateError(kind=kind.wording, problem=_NO_CERTIFICATE)
        if key is None:
            raise NotACertificateError(kind=kind.wording, problem=_NO_KEY)
        try:
            return _described(certificate)
        except ValueError as error:
            raise NotACertificateError(kind=kind.wording, problem=_UNREADABLE) from error


def looks_like_p12(content: bytes) -> bool:
    """An ASN.1 sequence that begins with version 3 and is as long as it says (PFX of RFC 7292, section 4)."""
    if len(content) < 8 or content[0] != 0x30:
        return False
    length, start = content[1], 2
    if length == 0x80:  # of indefinite length (BER): its contents cannot be looked over first
        return False
    if length > 0x80:
        size = length - 0x80
        length, start = int.from_bytes(content[2 : 2 + size]), 2 + size
    return size_is_right(content, start, length) and content[start : start + 3] == b"\x02\x01\x03"


def size_is_right(content: bytes, start: int, length: int) -> bool:
    """Whether the sequence ends where the file does: one that was cut does not."""
    return start + length == len(content)


def _described(certificate: X509Certificate) -> Certificate:
    subject = certificate.subject
    names = tuple(each.value if isinstance(each.value, str) else each.value.decode("latin-1") for each in subject)
    return Certificate(
        subject=_printable(subject.rfc4514_string())[:SUBJECT_LENGTH_MAX],
        names=tuple(map(_printable, names)),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
