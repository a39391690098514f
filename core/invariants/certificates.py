"""Certificates that end soon, or have ended."""

from collections.abc import Iterator
from datetime import datetime

from core.invariants.faults import Fault
from core.invariants.findings import Finding
from core.onboarding import Onboarding


def check_certificates(onboarding: Onboarding, now: datetime) -> Iterator[Finding]:
    """One finding for each that ends within 60 days, 30, 7, or has ended."""
    for certificate in onboarding.certificates:
        days = certificate.warning_days(now)
        if days is None:
            continue
        ends = f"{certificate.not_after:%Y-%m-%d}"
        yield Finding(
            fault=Fault.CERTIFICATE_ENDS if days else Fault.CERTIFICATE_ENDED,
            tenant_id=onboarding.tenant_id,
            subject=f"{certificate.kind.value} certificate",
            detail=f"ends on {ends}, within {days} days" if days else f"ended on {ends}",
        )
