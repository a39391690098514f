"""The CUFE: 66 characters that name a document, with a Luhn digit at the end.

It holds the issuer, the series, the number, the date and the security code; no receiver and no amount.
Composition and digit were verified on 24 of 25 published CUFEs (confidence H). It can be computed before
sending; where the PAC's value differs the PAC's value wins.
"""

import re
from dataclasses import dataclass
from datetime import date

from core.codes import DocumentType, EmissionType, Environment, RucType
from core.errors import IstmoError, Path, Wording
from core.taxpayer import DvVerdict, MalformedRucError, parse_ruc, verify_dv

CUFE_LENGTH = 66

_SHAPE = re.compile(
    r"FE(?P<document_type>[0-9]{2})(?P<ruc_type>[0-9])(?P<ruc>[0-9A-Z-]{20})-(?P<dv>[0-9]{2})"
    r"(?P<branch>[0-9A-Za-z]{4})(?P<day>[0-9]{8})(?P<number>[0-9]{10})(?P<billing_point>[0-9]{3})"
    r"(?P<emission>[0-9]{2})(?P<environment>[0-9])(?P<security_code>[0-9]{9})(?P<digit>[0-9])",
    re.ASCII,
)
_DV = re.compile(r"[0-9]{2}", re.ASCII)
_BRANCH = re.compile(r"[0-9A-Za-z]{4}", re.ASCII)
_BILLING_POINT = re.compile(r"[0-9]{3}", re.ASCII)
_SECURITY_CODE = re.compile(r"[0-9]{9}", re.ASCII)


class MalformedCufeError(IstmoError):
    """Not a CUFE, or parts that cannot make one (1001, 1703); ``reason`` and ``reason_es`` say why."""

    code = "malformed_cufe"
    wording = Wording("Not a CUFE: {reason}.", "No es un CUFE: {reason_es}.")
    advice = Wording(
        "Copy all 66 characters, from FE to the last digit.",
        "Copie los 66 caracteres, desde FE hasta el último dígito.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CufeParts:
    """What a CUFE is made of, in its order. ``ruc`` is the normalised form, without padding."""

    document_type: DocumentType
    ruc_type: RucType
    ruc: str
    dv: str
    branch: str
    issued_on: date  # in Panama
    number: int
    billing_point: str
    emission: EmissionType
    environment: Environment
    security_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cufe:
    """A CUFE taken apart. Its check digit is as written; ``verify_cufe`` judges it."""

    text: str
    parts: CufeParts
    check_digit: str

    def __str__(self) -> str:
        """The 66 characters."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class CufeVerdict:
    """Whether a CUFE holds together; ``reason`` says why not. ``parts`` is None when it cannot be read."""

    valid: bool
    parts: CufeParts | None
    reason: Wording | None


def build_cufe(parts: CufeParts) -> str:
    """The 66 characters. Raises MalformedCufeError for parts that do not fit their places."""
    try:
        ruc = parse_ruc(parts.ruc, parts.ruc_type)
    except MalformedRucError as error:
        raise _malformed(error.message) from error
    if not ruc.fits_a_document:
        raise _malformed(Wording("the RUC is longer than 20 characters", "el RUC pasa de 20 caracteres"))
    _refuse_unfit(parts)
    body = (
        f"FE{parts.document_type}{parts.ruc_type:d}{ruc.normalised.zfill(20)}-{parts.dv}{parts.branch}"
        f"{parts.issued_on:%Y%m%d}{parts.number:010d}{parts.billing_point}{parts.emission}"
        f"{parts.environment:d}{parts.security_code}"
    )
    return body + luhn_digit(body[2:])


def parse_cufe(text: str, path: Path = ()) -> Cufe:
    """Take a CUFE apart. Raises MalformedCufeError for an impossible shape, code, RUC or date."""
    if len(text) != CUFE_LENGTH:
        raise _malformed(
            Wording(f"it has {len(text)} characters, not 66", f"tiene {len(text)} caracteres, no 66"), path
        )
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise _malformed(Wording("a character is out of its place", "un carácter está fuera de su lugar"), path)
    try:
        parts = _typed_parts(match)
    except MalformedRucError as error:
        raise _malformed(error.message, path) from error
    except ValueError as error:
        raise _malformed(
            Wording(f"a code or the date does not exist ({error})", f"un código o la fecha no existe ({error})"),
            path,
        ) from error
    return Cufe(text=text, parts=parts, check_digit=match["digit"])


def verify_cufe(text: str) -> CufeVerdict:
    """Judge the shape, the check digit (1001, 1704) and the RUC's own digit. Never raises.

    A RUC whose check digit only the PAC can tell counts as right.
    """
    try:
        cufe = parse_cufe(text)
    except MalformedCufeError as error:
        return CufeVerdict(valid=False, parts=None, reason=error.message)
    parts = cufe.parts
    if luhn_digit(text[2:-1]) != cufe.check_digit:
        reason = Wording("Its check digit is wrong.", "Su dígito verificador es incorrecto.")
        return CufeVerdict(valid=False, parts=parts, reason=reason)
    if verify_dv(parse_ruc(parts.ruc, parts.ruc_type), parts.dv) is DvVerdict.WRONG:
        reason = Wording("The RUC inside does not go with its DV.", "El RUC que contiene no corresponde a su DV.")
        return CufeVerdict(valid=False, parts=parts, reason=reason)
    return CufeVerdict(valid=True, parts=parts, reason=None)


def same_document(first: str | CufeParts, second: str | CufeParts) -> bool:
    """Whether two CUFEs name one document: RUC, branch, type, number, point and security code agree.

    The date is left out on purpose: the PAC may stamp its own. Raises MalformedCufeError for unreadable text.
    """
    return _identity(first) == _identity(second)


def luhn_digit(body: str) -> str:
    """Luhn mod 10 over positions 3 to 65; any other character counts as the last digit of its ASCII code."""
    total = 0
    for place, character in enumerate(reversed(body)):
        digit = int(character) if character in "0123456789" else ord(character) % 10
        if place % 2 == 0:
            doubled = digit * 2
            digit = doubled - 9 if doubled > 9 else doubled
        total += digit
    return str(-total % 10)


def _typed_parts(match: re.Match[str]) -> CufeParts:
    day = match["day"]
    ruc_type = RucType(int(match["ruc_type"]))
    number = int(match["number"])
    if not number or not int(match["billing_point"]) or not int(match["security_code"]):
        raise ValueError("000")
    return CufeParts(
        document_type=DocumentType(match["document_type"]),
        ruc_type=ruc_type,
        ruc=_unpadded_ruc(match["ruc"], ruc_type),
        dv=match["dv"],
        branch=match["branch"],
        issued_on=date(int(day[:4]), int(day[4:6]), int(day[6:])),
        number=number,
        billing_point=match["billing_point"],
        emission=EmissionType(match["emission"]),
        environment=Environment(int(match["environment"])),
        security_code=match["security_code"],
    )


def _unpadded_ruc(padded: str, ruc_type: RucType) -> str:
    ruc = parse_ruc(padded.lstrip("0"), ruc_type)
    if ruc.normalised.zfill(20) != padded:
        raise ValueError(padded)
    return ruc.normalised


def _identity(cufe: str | CufeParts) -> tuple[str, str, DocumentType, int, str, str]:
    parts = parse_cufe(cufe).parts if isinstance(cufe, str) else cufe
    return (
        parts.ruc,
        parts.branch,
        parts.document_type,
        parts.number,
        parts.billing_point,
        parts.security_code,
    )


def _refuse_unfit(parts: CufeParts) -> None:
    problems = (
        (_DV.fullmatch(parts.dv), Wording("the DV must be two digits", "el DV debe tener dos dígitos")),
        (
            _BRANCH.fullmatch(parts.branch),
            Wording("the branch must be 4 letters or digits", "la sucursal debe tener 4 letras o dígitos"),
        ),
        (
            1 <= parts.number <= 9_999_999_999,
            Wording("the number must be 1 to 9999999999", "el número debe ser de 1 a 9999999999"),
        ),
        (
            _BILLING_POINT.fullmatch(parts.billing_point) and parts.billing_point != "000",
            Wording("the billing point must be 001 to 999", "el punto de facturación debe ser de 001 a 999"),
        ),
        (
            _SECURITY_CODE.fullmatch(parts.security_code) and parts.security_code != "000000000",
            Wording(
                "the security code must be 9 digits, not all zero",
                "el código de seguridad debe tener 9 dígitos, no todos cero",
            ),
        ),
        (
            parts.issued_on.year >= 1000,
            Wording("the year must have 4 digits", "el año debe tener 4 dígitos"),
        ),
    )
    for fits, reason in problems:
        if not fits:
            raise _malformed(reason)


def _malformed(reason: Wording, path: Path = ()) -> MalformedCufeError:
    return MalformedCufeError(path=path, reason=reason.english.rstrip("."), reason_es=reason.spanish.rstrip("."))
