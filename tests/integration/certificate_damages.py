"""Certificates that end soon or have ended, as a database has them when time has passed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.persistence.content_codec import to_json
from core.certificates import CertificateKind, KeptCertificate
from core.identifiers import TenantId
from core.onboarding import Onboarding
from tests.contract.test_onboarding_book import an_onboarding
from tests.integration.busy_installation import Installation


def certificate_that_ends(after: timedelta) -> Callable[[Installation], None]:
    """The first shop was onboarded here, with a certificate that ends so long from now."""

    def damage(installation: Installation) -> None:
        now = installation.clock.now()
        state = to_json(_onboarded(installation.names["tenant"], now, now + after))
        installation.run(
            "INSERT INTO onboardings (tenant_id, ruc, version, state, started_at) VALUES (:tenant, 'r', 1, :state, 1)",
            state=state,
        )

    return damage


def _onboarded(tenant_id: str, now: datetime, ends: datetime) -> Onboarding:
    kept = KeptCertificate(kind=CertificateKind.SIGNATURE, subject="CN=x", not_before=now, not_after=ends, sent_at=now)
    return replace(an_onboarding(), tenant_id=TenantId(tenant_id), certificates=(kept,))
