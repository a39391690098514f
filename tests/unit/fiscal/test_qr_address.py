from base64 import b64encode
from hashlib import sha256
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import Environment
from core.cufe import parse_cufe
from core.qr_address import MalformedQrAddressError, QrAddress, build_qr_address, parse_qr_address

CUFE = "FE0120000155555555-2-2020-0700002026011500000000010010121234567898"
DIGEST = next(
    text
    for text in (b64encode(sha256(bytes([seed])).digest()).decode() for seed in range(256))
    if "+" in text and "/" in text
)
TOKEN = "aaa.bbb-_.ccc"
TEST_QR = "https://dgi-fep-test.mef.gob.pa:40001/Consultas/FacturasPorQR"


@pytest.mark.parametrize(
    ("text", "digest", "token"),
    [
        (f"{TEST_QR}?chFE={CUFE}&iAmb=2&digestValue={DIGEST}&jwt={TOKEN}", DIGEST, TOKEN),
        (f"{TEST_QR}?chFE={CUFE}&iAmb=2&digestValue={quote(DIGEST, safe='')}&jwt={TOKEN}", DIGEST, TOKEN),
        (f"{TEST_QR}?chFE={CUFE}&iAmb=2&digestValue={DIGEST.replace('+', ' ')}", DIGEST, None),
        (f"{TEST_QR}?chFE={CUFE}&iAmb=2", None, None),
        (f"{TEST_QR}?chFE={CUFE}", None, None),
        (f"https://dgi-fep-test.mef.gob.pa:40001/Consultas/FacturasPorCUFE/{CUFE}", None, None),
        (f"https://dgi-fep-test.mef.gob.pa:40001/Consultas/FacturasPorCUFE?CUFE={CUFE}", None, None),
    ],
)
def test_reads_every_address_that_was_seen(text, digest, token):
    address = parse_qr_address(text)
    assert str(address.cufe) == CUFE
    assert (address.environment, address.digest, address.token) == (Environment.TEST, digest, token)


@given(
    st.none() | st.binary(min_size=1), st.none() | st.from_regex(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}", fullmatch=True)
)
def test_what_is_built_reads_back(content, token):
    digest = None if content is None else b64encode(sha256(content).digest()).decode()
    if token is not None and not token.isascii():
        return
    address = QrAddress(cufe=parse_cufe(CUFE), environment=Environment.TEST, digest=digest, token=token)
    text = build_qr_address(address)
    assert parse_qr_address(text) == address
    assert " " not in text
    assert "+" not in text


def test_each_environment_has_its_host():
    cufe = parse_cufe(CUFE)
    assert build_qr_address(QrAddress(cufe=cufe, environment=Environment.PRODUCTION)).startswith(
        "https://dgi-fep.mef.gob.pa/Consultas/FacturasPorQR?"
    )
    assert build_qr_address(QrAddress(cufe=cufe, environment=Environment.TEST)).startswith(TEST_QR)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://dgi-fep.mef.gob.pa/",
        f"{TEST_QR}?chFE=",
        f"{TEST_QR}?chFE={CUFE[:-1]}",
        f"{TEST_QR}?chFE={CUFE}&iAmb=1",
        f"{TEST_QR}?chFE={CUFE}&iAmb=x",
        f"{TEST_QR}?chFE={CUFE}&digestValue=***",
        f"{TEST_QR}?chFE={CUFE}&digestValue=YWJj",
        "https://[broken",
        "x" * 5000,
    ],
)
def test_says_why_an_address_cannot_be_read(text):
    with pytest.raises(MalformedQrAddressError) as caught:
        parse_qr_address(text)
    assert caught.value.message.spanish
