"""The taxpayer number (RUC) and its check digit (DV), from the DGI's paper on it (v201805, official).

Verified on the paper's fifteen examples and on published documents. The RUC type is an input: the number
8-NT-1-123456 has DV 76 as a natural person and 52 as a legal one. Where sources disagree (PE and N with a
4-digit tome, the letters SB and EE) the answer is "ask the PAC", never an error.
"""

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

from core.codes import RucType
from core.errors import IstmoError, Path, Wording

SHORTEST_RUC = 5
LONGEST_RUC = 20
PROVINCES = range(1, 14)

_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—−﹣-", "-"))
_PROVINCE_FIRST = re.compile(
    r"([0-9]{1,2})(?:-?(AV|PI|NT|SB|EE))?-([0-9]{1,4})-([0-9]{1,7})",
    re.ASCII,
)
_LETTER_FIRST = re.compile(r"(E|N|PE)-([0-9]{1,4})-([0-9]{1,6})", re.ASCII)
_LEGAL = re.compile(r"([0-9]{1,10})-([0-9]{1,4})-([0-9]{1,7})", re.ASCII)
_NEW_LEGAL = re.compile(r"15[0-9]{6,7}-[0-9]-[0-9]{4}", re.ASCII)
_DV = re.compile(r"[0-9]{2}", re.ASCII)


class RucForm(StrEnum):
    """Which of the DGI's kinds of number it is."""

    CITIZEN = "citizen"  # province-tome-seat
    FOREIGNER = "foreigner"  # E-tome-seat
    NATURALISED = "naturalised"  # N-tome-seat
    BORN_ABROAD = "born_abroad"  # PE-tome-seat
    PRE_VALIDITY = "pre_validity"  # province-AV-tome-seat
    INDIGENOUS = "indigenous"  # province-PI-tome-seat
    TAX_NUMBER = "tax_number"  # province-NT-tome-seat of a natural person
    STATE_BODY = "state_body"  # province-NT-tome-seat of a legal person
    OLD_LEGAL = "old_legal"  # tome-folio-seat, roll-image-ficha
    NEW_LEGAL = "new_legal"  # 15xxxxxxx-2-YYYY
    UNDOCUMENTED = "undocumented"  # letters SB and EE, on the DGI's page without an explanation


_LETTER_FORMS = {
    "": RucForm.CITIZEN,
    "E": RucForm.FOREIGNER,
    "N": RucForm.NATURALISED,
    "PE": RucForm.BORN_ABROAD,
    "AV": RucForm.PRE_VALIDITY,
    "PI": RucForm.INDIGENOUS,
    "NT": RucForm.TAX_NUMBER,
    "SB": RucForm.UNDOCUMENTED,
    "EE": RucForm.UNDOCUMENTED,
}
_LETTER_DIGITS = {"": "00", "E": "50", "N": "40", "PE": "75", "AV": "15", "PI": "79", "NT": "43"}


class MalformedRucError(IstmoError):
    """The text is no RUC of this type (1601); ``reason`` and ``reason_es`` say why."""

    code = "malformed_ruc"
    wording = Wording(
        '"{ruc}" is not a valid RUC of a {kind}: {reason}.',
        '"{ruc}" no es un RUC válido de {kind_es}: {reason_es}.',
    )
    advice = Wording(
        "Write it as on the RUC certificate with its hyphens, and check the RUC type.",
        "Escríbalo como en el certificado de RUC, con sus guiones, y revise el tipo de RUC.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruc:
    """A well-formed RUC. ``normalised`` is the form that is sent: 8-AV-1-196, never 8AV-1-196."""

    ruc_type: RucType
    normalised: str
    form: RucForm
    letters: str
    numbers: tuple[str, ...]

    @property
    def is_disputed(self) -> bool:
        """Sources disagree on its check digit: only the PAC can tell."""
        four_digit_tome = len(self.numbers[-2]) == 4 and self.letters in {"PE", "N"}
        return self.form is RucForm.UNDOCUMENTED or four_digit_tome

    @property
    def fits_a_document(self) -> bool:
        """At most 20 characters: the paper has an example of 21, which no document can carry."""
        return len(self.normalised) <= LONGEST_RUC

    def __str__(self) -> str:
        """The form that is sent."""
        return self.normalised


class DvStatus(Enum):
    """How far a computed check digit can be trusted."""

    OK = "ok"
    ASK_PAC = "ask_pac"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDigit:
    """Two digits with their leading zero, or None when only the PAC can tell."""

    dv: str | None
    status: DvStatus


class DvVerdict(Enum):
    """What a claimed check digit is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    ASK_PAC = "ask_pac"


def parse_ruc(text: str, ruc_type: RucType, path: Path = ()) -> Ruc:
    """Read a RUC in any of its written forms.

    Tolerates spaces around parts, lower case, typographic hyphens, a missing hyphen before AV, PI and NT, and
    zeros that pad the first part (a CUFE pads it: they carry no meaning). Raises MalformedRucError (1601).
    """
    cleaned = re.sub(r"\s*-\s*", "-", text[:100].translate(_HYPHENS).strip()).upper()
    read = _read_natural(cleaned) if ruc_type is RucType.NATURAL else _read_legal(cleaned)
    if isinstance(read, Wording):
        raise _malformed(text, ruc_type, read, path)
    form, letters, numbers = read
    spoken = (numbers[0], letters, *numbers[1:]) if len(numbers) == 3 else (letters, *numbers)
    normalised = "-".join(part for part in spoken if part)
    if len(normalised) < SHORTEST_RUC:
        raise _malformed(text, ruc_type, _TOO_SHORT, path)
    return Ruc(ruc_type=ruc_type, normalised=normalised, form=form, letters=letters, numbers=numbers)


def check_digit(ruc: Ruc) -> CheckDigit:
    """The DV of a RUC by the DGI's paper; no figure where sources disagree."""
    if ruc.is_disputed:
        return CheckDigit(dv=None, status=DvStatus.ASK_PAC)
    table, is_old = _digit_table(ruc)
    first = _weighted_digit(table, is_old=is_old)
    second = _weighted_digit(table + first, is_old=is_old)
    return CheckDigit(dv=first + second, status=DvStatus.OK)


def verify_dv(ruc: Ruc, dv: str) -> DvVerdict:
    """Whether ``dv`` belongs to ``ruc``. A DV that is not two digits is wrong for every RUC."""
    if _DV.fullmatch(dv) is None:
        return DvVerdict.WRONG
    computed = check_digit(ruc)
    if computed.status is DvStatus.ASK_PAC:
        return DvVerdict.ASK_PAC
    return DvVerdict.RIGHT if computed.dv == dv else DvVerdict.WRONG


_Read = tuple[RucForm, str, tuple[str, ...]]
_TOO_SHORT = Wording("it must have 5 characters at least", "debe tener al menos 5 caracteres")
_WRONG_PROVINCE = Wording("its province must be 1 to 13", "su provincia debe ser de 1 a 13")
_ALL_ZERO = Wording("it is all zeros", "son solo ceros")
_LONG_SEAT = Wording("its seat has too many digits", "su asiento tiene demasiados dígitos")
_NO_NATURAL_FORM = Wording(
    "expected province-tome-seat, E-, N- or PE-tome-seat, or province-AV-, -PI- or -NT-tome-seat",
    "se espera provincia-tomo-asiento, E-, N- o PE-tomo-asiento, o provincia-AV-, -PI- o -NT-tomo-asiento",
)
_NO_LEGAL_FORM = Wording(
    "expected three groups of digits (up to 10, 4 and 7) or province-NT-tome-seat",
    "se esperan tres grupos de dígitos (hasta 10, 4 y 7) o provincia-NT-tomo-asiento",
)


def _malformed(text: str, ruc_type: RucType, reason: Wording, path: Path) -> MalformedRucError:
    return MalformedRucError(
        path=path,
        ruc=text[:40],
        kind=ruc_type.label.lower(),
        kind_es=ruc_type.label_es.lower(),
        reason=reason.english,
        reason_es=reason.spanish,
    )


def _read_natural(cleaned: str) -> _Read | Wording:
    if match := _LETTER_FIRST.fullmatch(cleaned):
        return _LETTER_FORMS[match[1]], match[1], (match[2], match[3])
    match = _PROVINCE_FIRST.fullmatch(cleaned)
    if match is None:
        return _NO_NATURAL_FORM
    province, letters, tome, seat = match.groups(default="")
    if int(province) not in PROVINCES:
        return _WRONG_PROVINCE
    if len(seat) == 7 and letters != "NT":
        return _LONG_SEAT
    return _LETTER_FORMS[letters], letters, (province.lstrip("0"), tome, seat)


def _read_legal(cleaned: str) -> _Read | Wording:
    lettered = _PROVINCE_FIRST.fullmatch(cleaned)
    if lettered is not None and lettered[2] in {"NT", "SB", "EE"}:
        if int(lettered[1]) not in PROVINCES:
            return _WRONG_PROVINCE
        form = RucForm.STATE_BODY if lettered[2] == "NT" else RucForm.UNDOCUMENTED
        return form, lettered[2], (lettered[1].lstrip("0"), lettered[3], lettered[4])
    match = _LEGAL.fullmatch(cleaned)
    if match is None:
        return _NO_LEGAL_FORM
    numbers = (match[1].lstrip("0"), match[2], match[3])
    if not numbers[0]:
        return _ALL_ZERO
    form = RucForm.NEW_LEGAL if _NEW_LEGAL.fullmatch("-".join(numbers)) else RucForm.OLD_LEGAL
    return form, "", numbers


# Digits 6 and 7 of an old legal number, by the paper's cross-table; pairs that are absent stay as they are.
_CROSS_TABLE = {
    f"{pair:02d}": f"{replacement:02d}"
    for first_pair, first_replacement, count in (
        (10, 1, 9),
        (19, 1, 4),
        (23, 7, 3),
        (26, 2, 8),
        (34, 1, 9),
        (43, 1, 7),
    )
    for pair, replacement in zip(
        range(first_pair, first_pair + count),
        range(first_replacement, first_replacement + count),
        strict=True,
    )
}


def _digit_table(ruc: Ruc) -> tuple[str, bool]:
    if ruc.ruc_type is RucType.LEGAL and not ruc.letters:
        first, second, third = ruc.numbers
        table = first.zfill(10) + second.zfill(4) + third.zfill(6)
    else:
        table = _lettered_digits(ruc).zfill(20)
    is_old = ruc.form in {RucForm.OLD_LEGAL, RucForm.NEW_LEGAL} and table[3:5] == "00" and table[5] < "5"
    if is_old:
        table = table[:5] + _CROSS_TABLE.get(table[5:7], table[5:7]) + table[7:]
    return table, is_old


def _lettered_digits(ruc: Ruc) -> str:
    tome, seat = ruc.numbers[-2], ruc.numbers[-1]
    keeps_six = ruc.letters in {"E", "N", "NT"} and len(seat) == 6
    seat = seat if keeps_six else seat.zfill(5)[:5]
    if len(tome) == 4 and ruc.letters in {"E", "AV", "PI"}:
        return tome + seat
    province = ruc.numbers[0].zfill(2) if len(ruc.numbers) == 3 else "00"
    lead = "5" if ruc.ruc_type is RucType.NATURAL else ""
    return lead + province + _LETTER_DIGITS[ruc.letters] + tome.zfill(3) + seat


def _weighted_digit(table: str, *, is_old: bool) -> str:
    total = 0
    for place, digit in enumerate(reversed(table)):
        weight = place + 2
        if is_old and weight >= 12:
            weight -= 1
        total += weight * int(digit)
    remainder = total % 11
    return "0" if remainder < 2 else str(11 - remainder)
