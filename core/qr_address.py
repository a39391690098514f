"""The address behind a document's QR code (field G101), read tolerantly and built for the fake PAC.

Vendors send the digest raw (``+ / =``) or percent-encoded, with or without the token, and some leave both out.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from core.codes import Environment
from core.cufe import Cufe, MalformedCufeError, parse_cufe
from core.errors import IstmoError, Wording

PRODUCTION_HOST = "dgi-fep.mef.gob.pa"
TEST_HOST = "dgi-fep-test.mef.gob.pa:40001"
QR_PATH = "/Consultas/FacturasPorQR"
CUFE_PATH = "/Consultas/FacturasPorCUFE"
LONGEST_ADDRESS = 2000  # the field allows 600; a longer token of a vendor is no reason to lose the CUFE
DIGEST_BYTES = 32


class MalformedQrAddressError(IstmoError):
    """Not the address of a document; ``reason`` and ``reason_es`` say why."""

    code = "malformed_qr_address"
    wording = Wording("Not a QR address of the DGI: {reason}.", "No es una dirección QR de la DGI: {reason_es}.")
    advice = Wording(
        "Scan the code again; it holds chFE with the CUFE.",
        "Lea de nuevo el código; contiene chFE con el CUFE.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QrAddress:
    """What the address says. ``digest`` is base64 of the signed document's SHA-256, never percent-encoded."""

    cufe: Cufe
    environment: Environment
    digest: str | None = None
    token: str | None = None


def build_qr_address(address: QrAddress) -> str:
    """The address as the DGI's sheet writes it, digest percent-encoded."""
    host = PRODUCTION_HOST if address.environment is Environment.PRODUCTION else TEST_HOST
    text = f"https://{host}{QR_PATH}?chFE={address.cufe}&iAmb={address.environment:d}"
    if address.digest is not None:
        text += f"&digestValue={quote(address.digest, safe='')}"
    if address.token is not None:
        text += f"&jwt={quote(address.token, safe='')}"
    return text


def parse_qr_address(text: str) -> QrAddress:
    """Read an address, by QR or by CUFE. Raises MalformedQrAddressError.

    The host is not judged: the caller gets data, and never a reason to open the address.
    """
    if len(text) > LONGEST_ADDRESS:
        raise _malformed("it is too long", "es demasiado larga")
    try:
        parts = urlsplit(text.strip())
    except ValueError as error:
        raise _malformed("it is no web address", "no es una dirección web") from error
    values = _query_values(parts.query)
    cufe_text = values.get("chfe") or values.get("cufe")
    if cufe_text is None and parts.path.startswith(CUFE_PATH + "/"):
        cufe_text = parts.path.removeprefix(CUFE_PATH + "/").rstrip("/")
    if not cufe_text:
        raise _malformed("it names no CUFE", "no indica ningún CUFE")
    try:
        cufe = parse_cufe(cufe_text)
    except MalformedCufeError as error:
        raise _malformed(error.message.english.rstrip("."), error.message.spanish.rstrip(".")) from error
    return QrAddress(
        cufe=cufe,
        environment=_environment(values.get("iamb"), cufe),
        digest=_digest(values.get("digestvalue")),
        token=values.get("jwt") or None,
    )


def is_dgi_host(text: str) -> bool:
    """Whether an address is on one of the DGI's two hosts, over https. The port of the test host may be missing."""
    try:
        parts = urlsplit(text.strip()[:LONGEST_ADDRESS])
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme == "https" and host in {PRODUCTION_HOST.partition(":")[0], TEST_HOST.partition(":")[0]}


def _query_values(query: str) -> dict[str, str]:
    # Not parse_qs: that reads the "+" of a raw digest as a space.
    values: dict[str, str] = {}
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        if equals:
            values.setdefault(name.lower(), unquote(value))
    return values


def _environment(text: str | None, cufe: Cufe) -> Environment:
    if text is None:
        return cufe.parts.environment
    if text != str(int(cufe.parts.environment)):
        raise _malformed("its iAmb is not that of the CUFE", "su iAmb no es el del CUFE")
    return cufe.parts.environment


def _digest(text: str | None) -> str | None:
    if not text:
        return None
    digest = text.replace(" ", "+")  # a reader before us may have decoded the plus signs
    try:
        decoded = b64decode(digest, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed("its digest is no base64", "su huella no es base64") from error
    if len(decoded) != DIGEST_BYTES:
        raise _malformed("its digest is no SHA-256", "su huella no es SHA-256")
    return digest


def _malformed(reason: str, reason_es: str) -> MalformedQrAddressError:
    return MalformedQrAddressError(reason=reason, reason_es=reason_es)
