"""Certificates are opened and judged on this machine, before anything is sent."""

from collections.abc import Mapping
from datetime import datetime

from core.certificates import CertificateFile, CertificateKind, KeptCertificate, judge_certificate, keep
from core.errors import IstmoError
from core.ports.certificate_reader import CertificateReader

Certificates = Mapping[CertificateKind, CertificateFile]


async def open_certificates(
    reader: CertificateReader, certificates: Certificates, *, ruc: str, now: datetime
) -> tuple[KeptCertificate, ...]:
    """What is remembered of each, by kind.

    Raises the errors of CertificateReader and of judge_certificate; their path is ``certificates`` and the kind.
    """
    kept = []
    for kind, file in certificates.items():
        try:
            certificate = await reader.read(file, kind)
            judge_certificate(certificate, kind, ruc=ruc, now=now)
        except IstmoError as error:
            error.path = ("certificates", kind.value)
            raise
        kept.append(keep(certificate, kind, now))
    return tuple(sorted(kept, key=lambda each: each.kind.value))
