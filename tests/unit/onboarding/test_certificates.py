"""A certificate is opened here first: what is wrong with it is said before anything is sent, and never its password."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from hypothesis import given
from hypothesis import strategies as st

from adapters.certificates.der_iterations import most_iterations
from adapters.certificates.p12_reader import P12CertificateReader
from core.certificates import (
    CERTIFICATE_BYTES_MAX,
    CertificateFile,
    CertificateKind,
    KeptCertificate,
    judge_certificate,
    rucs_in,
)
from core.errors import IstmoError
from core.failures import (
    CertificateExpiredError,
    CertificateNotYetValidError,
    CertificateOfAnotherRucError,
    CertificatePasswordWrongError,
    CertificateTooLargeError,
    NotACertificateError,
)
from tests.builders import NOW
from tests.unit.onboarding.certificates import PASSWORD, RUC, a_p12

SIGNATURE = CertificateKind.SIGNATURE
READER = P12CertificateReader()


async def read_and_judge(content: bytes, password: str = PASSWORD) -> None:
    judge_certificate(
        await READER.read(CertificateFile(content=content, password=password), SIGNATURE), SIGNATURE, ruc=RUC, now=NOW
    )


async def test_a_good_certificate_says_whose_it_is_and_when_it_ends() -> None:
    certificate = await READER.read(CertificateFile(content=a_p12(), password=PASSWORD), SIGNATURE)
    assert certificate.not_after == NOW.replace(microsecond=0) + timedelta(days=700)
    assert rucs_in(certificate.names) == {RUC}
    assert RUC in certificate.subject
    await read_and_judge(a_p12())


@pytest.mark.parametrize(
    ("content", "password", "error"),
    [
        (a_p12(), "not the password", CertificatePasswordWrongError),
        (a_p12(), "", CertificatePasswordWrongError),
        (a_p12(not_after=NOW - timedelta(seconds=1)), PASSWORD, CertificateExpiredError),
        (a_p12(not_before=NOW + timedelta(minutes=1)), PASSWORD, CertificateNotYetValidError),
        (a_p12(ruc="155000009-2-2020"), PASSWORD, CertificateOfAnotherRucError),
        (a_p12(ruc="8-442-445"), PASSWORD, CertificateOfAnotherRucError),
        (a_p12(has_key=False), PASSWORD, NotACertificateError),
        (a_p12()[:-1], PASSWORD, NotACertificateError),
        (a_p12() + b"x", PASSWORD, NotACertificateError),
        (b"", PASSWORD, NotACertificateError),
        (b"-----BEGIN CERTIFICATE-----\n", PASSWORD, NotACertificateError),
        (b"%PDF-1.7\n" + bytes(1000), PASSWORD, NotACertificateError),
        (b"\x30\x84\xff\xff\xff\xff\x02\x01\x03", PASSWORD, NotACertificateError),
        (b"\x30\x06\x02\x01\x03\x30\x01\x00", PASSWORD, CertificatePasswordWrongError),
        (bytes(50 * 1024 * 1024), PASSWORD, CertificateTooLargeError),
    ],
)
async def test_what_is_wrong_with_a_file_is_said_in_both_languages(
    content: bytes, password: str, error: type[IstmoError]
) -> None:
    with pytest.raises(error) as refused:
        await read_and_judge(content, password)
    told = f"{refused.value.message} {refused.value.hint} {refused.value.details}"
    assert "firma" in refused.value.message.spanish
    assert password == "" or password not in told


async def test_a_megabyte_is_the_limit() -> None:
    file = CertificateFile(content=bytes(CERTIFICATE_BYTES_MAX), password=PASSWORD)
    with pytest.raises(NotACertificateError):
        await READER.read(file, SIGNATURE)


async def test_a_file_without_a_password_is_opened_without_one() -> None:
    await read_and_judge(a_p12(password=""), "")


async def test_a_subject_that_names_no_ruc_is_not_refused() -> None:
    await read_and_judge(a_p12(ruc=None))


def test_a_ruc_in_another_spelling_is_the_same() -> None:
    assert rucs_in(("RUC 155000001-2-2020 DV 40", "desde 2024-01-31", "otro AB-CD-EF")) == {RUC}
    assert rucs_in(("X" * 100_000,)) == frozenset()


def test_neither_the_file_nor_its_password_shows_in_a_traceback() -> None:
    shown = repr(CertificateFile(content=b"secret bytes", password="secret words"))
    assert "secret" not in shown


@pytest.mark.parametrize(
    ("days", "warned"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-1, 0)]
)
def test_its_coming_end_is_known_sixty_thirty_and_seven_days_before(days: int, warned: int | None) -> None:
    kept = KeptCertificate(
        kind=SIGNATURE, subject="CN=x", not_before=NOW, not_after=NOW + timedelta(days=days), sent_at=NOW
    )
    assert kept.warning_days(NOW) == warned


def with_iterations(count: int) -> bytes:
    """A .p12 whose last number, the iterations of its MAC, is ``count`` of three bytes."""
    key = ec.generate_private_key(ec.SECP256R1())
    slow = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(70_000).build(PASSWORD.encode())
    content = pkcs12.serialize_key_and_certificates(b"slow", key, None, None, slow)
    written = b"\x02\x03" + (70_000).to_bytes(3)
    assert written in content
    return content.replace(written, b"\x02\x03" + count.to_bytes(3))


async def test_a_file_that_would_be_hashed_for_minutes_is_refused_unopened() -> None:
    assert most_iterations(with_iterations(70_000)) == 70_000
    assert most_iterations(with_iterations(8_000_000)) == 8_000_000
    assert 0 < most_iterations(a_p12()) <= 1_000_000
    file = CertificateFile(content=with_iterations(8_000_000), password=PASSWORD)
    with pytest.raises(NotACertificateError, match="too often"):
        await READER.read(file, SIGNATURE)


@given(content=st.binary(max_size=200))
def test_whatever_bytes_are_looked_over_without_harm(content: bytes) -> None:
    assert most_iterations(content) >= 0
    assert most_iterations(b"\x30" * 3000 + content) >= 0
