"""What is refused, what is kept of a certificate, and what may be said otherwise later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.certificates import CertificateKind
from core.errors import IstmoError
from core.failures import (
    CertificateOfAnotherRucError,
    CertificatePasswordWrongError,
    CertificatesNeededError,
    MalformedOfficeError,
    MalformedOnboardingError,
    OnboardingDiffersError,
    OnboardingNotFoundError,
)
from core.identifiers import TenantId
from tests.builders import NOW
from tests.unit.onboarding.certificates import PASSWORD, a_p12, both
from tests.unit.onboarding.incorporating import (
    OFFICE,
    TAXPAYER,
    Incorporating,
    until_finished,
)


@pytest.mark.parametrize(
    ("change", "office", "error"),
    [
        ({"dv": "41"}, {}, MalformedOnboardingError),
        ({"dv": "4"}, {}, MalformedOnboardingError),
        ({"name": " "}, {}, MalformedOnboardingError),
        ({"trade_name": "x" * 101}, {}, MalformedOnboardingError),
        ({"logo": "file:///etc/passwd"}, {}, MalformedOnboardingError),
        ({"ruc": "nobody"}, {}, IstmoError),
        ({}, {"code": "1"}, MalformedOfficeError),
        ({}, {"telephone": "none"}, MalformedOfficeError),
        ({}, {"billing_points": ("000",)}, MalformedOfficeError),
    ],
)
async def test_what_is_malformed_is_neither_kept_nor_sent(
    change: dict[str, str], office: dict[str, object], error: type[IstmoError]
) -> None:
    installation = Incorporating()
    with pytest.raises(error):
        await installation.onboard(replace(TAXPAYER, **change), replace(OFFICE, **office), both())  # type: ignore[arg-type]
    assert await installation.stores.onboardings.everyone(limit=9) == ()
    assert installation.engine.exchanges == ()


@pytest.mark.parametrize(
    ("content", "password", "error"),
    [
        (a_p12(), "wrong", CertificatePasswordWrongError),
        (a_p12(ruc="8-442-445"), PASSWORD, CertificateOfAnotherRucError),
    ],
)
async def test_a_bad_certificate_is_told_before_anything_is_sent(
    content: bytes, password: str, error: type[IstmoError]
) -> None:
    installation = Incorporating()
    with pytest.raises(error):
        await installation.run(both(content, password))
    assert installation.engine.exchanges == ()


async def test_without_certificates_no_company_is_asked_for() -> None:
    installation = Incorporating()
    with pytest.raises(CertificatesNeededError):
        await installation.run({})
    assert [each.request.method for each in installation.engine.exchanges] == ["GET"]


async def test_no_password_and_no_file_is_kept() -> None:
    installation = Incorporating()
    done = await until_finished(installation)
    assert PASSWORD not in repr(done)
    assert PASSWORD not in str(installation.engine.companies)


async def test_what_the_pac_was_told_cannot_be_said_otherwise_but_the_office_may() -> None:
    installation = Incorporating()
    await installation.run()
    with pytest.raises(OnboardingDiffersError):
        await installation.onboard(replace(TAXPAYER, name="Other"), OFFICE, {})
    installation.wait(60)
    done = await installation.onboard(TAXPAYER, replace(OFFICE, code="0005"), {})
    (office,) = await installation.stores.directory.offices(done.tenant_id)
    assert (office.code, office.billing_points) == ("0005", ("005",))


async def test_certificates_are_replaced_one_by_one_and_judged_first() -> None:
    installation = Incorporating()
    done = await until_finished(installation)
    before = dict(installation.engine.companies[0].certificates)
    renewed = a_p12(not_after=NOW + timedelta(days=900))
    new = {CertificateKind.SIGNATURE: both(renewed)[CertificateKind.SIGNATURE]}
    with pytest.raises(CertificatePasswordWrongError):
        await installation.replace_certificates(done.tenant_id, both(renewed, "wrong"))
    assert installation.engine.companies[0].certificates == before
    kept = await installation.replace_certificates(done.tenant_id, new)
    ends = {each.kind: each.not_after for each in kept.certificates}
    assert ends[CertificateKind.SIGNATURE] - ends[CertificateKind.AUTHENTICATION] == timedelta(days=200)
    after = installation.engine.companies[0].certificates
    assert after["authentication"] == before["authentication"]
    assert after["signature"] != before["signature"]
    with pytest.raises(OnboardingNotFoundError):
        await installation.replace_certificates(TenantId("nobody"), new)
    with pytest.raises(CertificatesNeededError):
        await installation.replace_certificates(done.tenant_id, {})
    with pytest.raises(OnboardingNotFoundError):
        await installation.onboard.resume(TenantId("nobody"))
