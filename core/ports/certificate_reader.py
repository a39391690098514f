"""Opening a certificate's file."""

from abc import abstractmethod
from typing import Protocol

from core.certificates import Certificate, CertificateFile, CertificateKind


class CertificateReader(Protocol):
    """Reads a .p12 on this machine. Nothing leaves it, and nobody else waits while a password is hashed."""

    @abstractmethod
    async def read(self, file: CertificateFile, kind: CertificateKind) -> Certificate:
        """What the certificate says of itself; whether it is in force and whose it is, the caller judges.

        Raises CertificateTooLargeError (before a byte is parsed), NotACertificateError, CertificatePasswordWrongError.
        """
