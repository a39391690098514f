"""A taxpayer's certificates (.p12): what is kept of them, whose they are, and when they end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from core.codes import RucType
from core.errors import Wording
from core.failures import CertificateExpiredError, CertificateNotYetValidError, CertificateOfAnotherRucError
from core.taxpayer import MalformedRucError, parse_ruc

CERTIFICATE_BYTES_MAX = 1024 * 1024
WARN_DAYS = (7, 30, 60)
_MAYBE_RUC = re.compile(r"[0-9A-Za-z]{1,10}(?:-[0-9A-Za-z]{1,10}){2,4}", re.ASCII)
_DATE = re.compile(r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]", re.ASCII)


class CertificateKind(Enum):
    """The two slots of a company at the PAC (contract section 2.5)."""

    SIGNATURE = "signature"
    AUTHENTICATION = "authentication"

    @property
    def wording(self) -> Wording:
        """Its name for people."""
        return _NAMES[self]


_NAMES = {
    CertificateKind.SIGNATURE: Wording("signature", "firma"),
    CertificateKind.AUTHENTICATION: Wording("authentication", "autenticación"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFile:
    """A .p12 as it was given. It goes to the PAC and is kept nowhere here; neither part ever shows in ``repr``."""

    content: bytes = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What the file says of itself. ``names`` are the values of its subject: common name, serial number, ..."""

    subject: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCertificate:
    """What is remembered of a certificate that the PAC has."""

    kind: CertificateKind
    subject: str
    not_before: datetime
    not_after: datetime
    sent_at: datetime

    def warning_days(self, now: datetime) -> int | None:
        """See ``warning_days``."""
        return warning_days(self.not_after, now)


def warning_days(not_after: datetime, now: datetime) -> int | None:
    """7, 30 or 60: what ends at ``not_after`` ends within so many days; 0: it has ended; None: no hurry."""
    left = not_after - now
    if left <= timedelta(0):
        return 0
    return next((days for days in WARN_DAYS if left <= timedelta(days=days)), None)


def for_both_slots(certificates: Mapping[CertificateKind, CertificateFile]) -> dict[CertificateKind, CertificateFile]:
    """Without one for authentication the signature's serves both: many taxpayers have a single certificate."""
    both = dict(certificates)  # in the order given: what is wrong is said of the slot that was named
    if CertificateKind.SIGNATURE in both:
        both.setdefault(CertificateKind.AUTHENTICATION, both[CertificateKind.SIGNATURE])
    return both


def judge_certificate(certificate: Certificate, kind: CertificateKind, *, ruc: str, now: datetime) -> None:
    """Raises CertificateExpiredError, CertificateNotYetValidError and CertificateOfAnotherRucError.

    No source says where the subject carries the RUC, so every value is searched; one that names no RUC is not refused.
    """
    if certificate.not_after <= now:
        raise CertificateExpiredError(kind=kind.wording, not_after=f"{certificate.not_after:%Y-%m-%d %H:%M} UTC")
    if certificate.not_before > now:
        raise CertificateNotYetValidError(kind=kind.wording, not_before=f"{certificate.not_before:%Y-%m-%d %H:%M} UTC")
    found = rucs_in(certificate.names)
    if found and ruc not in found:
        raise CertificateOfAnotherRucError(kind=kind.wording, found=", ".join(sorted(found)), ruc=ruc)


def rucs_in(names: tuple[str, ...]) -> frozenset[str]:
    """The RUCs in the texts, normalised, read as either type."""
    found: set[str] = set()
    for text in names:
        for match in _MAYBE_RUC.finditer(text[:1000]):
            if _DATE.fullmatch(match[0]):
                continue
            for ruc_type in RucType:
                try:
                    found.add(parse_ruc(match[0], ruc_type).normalised)
                except MalformedRucError:
                    continue  # as the other type, or no RUC at all
    return frozenset(found)


def keep(certificate: Certificate, kind: CertificateKind, sent_at: datetime) -> KeptCertificate:
    """What is remembered of it."""
    return KeptCertificate(
        kind=kind,
        subject=certificate.subject,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        sent_at=sent_at,
    )
