"""What of a CUFE is known before a document has its number: 44 of 66 characters when the issuer is known."""

from dataclasses import dataclass
from datetime import date

from core.codes import DocumentType, EmissionType, Environment, RucType
from core.cufe import CufeParts, build_cufe
from core.documents import Issuer

UNKNOWN = "?"
_PLACES = (
    ("literal", 1, 2),
    ("documentType", 3, 4),
    ("rucType", 5, 5),
    ("ruc", 6, 25),
    ("hyphen", 26, 26),
    ("dv", 27, 28),
    ("branch", 29, 32),
    ("issuedOn", 33, 40),
    ("number", 41, 50),
    ("billingPoint", 51, 53),
    ("emission", 54, 55),
    ("environment", 56, 56),
    ("securityCode", 57, 65),
    ("checkDigit", 66, 66),
)
_SET_WITH_THE_NUMBER = frozenset({"number", "securityCode", "checkDigit"})
_OF_THE_ISSUER = frozenset({"rucType", "ruc", "dv", "branch", "environment"})
UNKNOWN_ISSUER = Issuer(  # fills the places of an unknown issuer, which are shown as unknown
    ruc="1-1-1",
    ruc_type=RucType.NATURAL,
    dv="00",
    name="",
    environment=Environment.TEST,
    branch="0000",
    pac_office_id=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CufePlace:
    """One part of a CUFE: its name, its first and last position (1 to 66) and its characters, None when unknown."""

    name: str
    first: int
    last: int
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CufeOutline:
    """The parts in their order. Number, security code and check digit are drawn when the document is issued."""

    places: tuple[CufePlace, ...]

    @property
    def pattern(self) -> str:
        """66 characters with ``?`` where one is not known yet."""
        return "".join(place.text or UNKNOWN * (place.last - place.first + 1) for place in self.places)


def outline_cufe(
    *,
    document_type: DocumentType,
    issuer: Issuer | None,
    issued_on: date,
    billing_point: str | None,
    emission: EmissionType,
) -> CufeOutline:
    """The fixed parts, in the order of section 4 of the format. None: that part is not known.

    Raises MalformedCufeError for an issuer or a billing point that no CUFE can hold.
    """
    whole = build_cufe(_parts(document_type, issuer, issued_on, billing_point, emission))
    unknown = set(_SET_WITH_THE_NUMBER)
    if issuer is None:
        unknown |= _OF_THE_ISSUER
    if billing_point is None:
        unknown.add("billingPoint")
    return CufeOutline(
        places=tuple(
            CufePlace(name=name, first=first, last=last, text=None if name in unknown else whole[first - 1 : last])
            for name, first, last in _PLACES
        )
    )


def _parts(
    document_type: DocumentType,
    issuer: Issuer | None,
    issued_on: date,
    billing_point: str | None,
    emission: EmissionType,
) -> CufeParts:
    known = issuer or UNKNOWN_ISSUER
    return CufeParts(
        document_type=document_type,
        ruc_type=known.ruc_type,
        ruc=known.ruc,
        dv=known.dv,
        branch=known.branch,
        issued_on=issued_on,
        number=1,
        billing_point=billing_point or "001",
        emission=emission,
        environment=known.environment,
        security_code="000000001",
    )
