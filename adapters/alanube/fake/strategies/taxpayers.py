"""Taxpayer numbers in every form, and CUFEs that hold together."""

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from core.codes import DocumentType, EmissionType, Environment, RucType
from core.cufe import CufeParts, build_cufe
from core.taxpayer import check_digit, parse_ruc

PROVINCES = st.integers(1, 13)
TOMES = st.integers(1, 9999)
SEATS = st.integers(1, 99_999)
ANY_TYPE = st.sampled_from(DocumentType)
ANY_DAY = st.dates(date(2018, 1, 1), date(2099, 12, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRuc:
    """A RUC as it is sent, its type and its DV, None where only the PAC can tell."""

    text: str
    ruc_type: RucType
    dv: str | None


def _drawn(text: str, ruc_type: RucType) -> DrawnRuc:
    ruc = parse_ruc(text, ruc_type)
    return DrawnRuc(text=ruc.normalised, ruc_type=ruc_type, dv=check_digit(ruc).dv)


def natural_rucs() -> st.SearchStrategy[DrawnRuc]:
    """P-T-A, E-, N- and PE-T-A, P-AV-, P-PI- and P-NT-T-A; the disputed ones too."""
    numbers = st.tuples(TOMES, SEATS).map(lambda pair: f"{pair[0]}-{pair[1]}")
    plain = st.tuples(PROVINCES, numbers).map(lambda pair: f"{pair[0]}-{pair[1]}")
    letters_first = st.tuples(st.sampled_from(["E", "N", "PE"]), numbers).map("-".join)
    lettered = st.tuples(PROVINCES, st.sampled_from(["AV", "PI", "NT"]), numbers).map(
        lambda parts: f"{parts[0]}-{parts[1]}-{parts[2]}"
    )
    return st.one_of(plain, letters_first, lettered).map(lambda text: _drawn(text, RucType.NATURAL))


def legal_rucs() -> st.SearchStrategy[DrawnRuc]:
    """Old ones, new ones and State bodies."""
    old = st.tuples(st.integers(1, 9_999_999), st.integers(1, 9999), st.integers(1, 999_999)).map(
        lambda parts: f"{parts[0]}-{parts[1]}-{parts[2]}"
    )
    new = st.tuples(st.integers(155_000_000, 155_999_999), st.sampled_from([2, 3]), st.integers(2013, 2026)).map(
        lambda parts: f"{parts[0]}-{parts[1]}-{parts[2]}"
    )
    return st.one_of(old, new, state_body_texts()).map(lambda text: _drawn(text, RucType.LEGAL))


def state_body_texts() -> st.SearchStrategy[str]:
    """P-NT-T-A of a State body."""
    return st.tuples(PROVINCES, TOMES, SEATS).map(lambda parts: f"{parts[0]}-NT-{parts[1]}-{parts[2]}")


def state_bodies() -> st.SearchStrategy[DrawnRuc]:
    """State bodies with their DV as legal persons."""
    return state_body_texts().map(lambda text: _drawn(text, RucType.LEGAL))


def rucs() -> st.SearchStrategy[DrawnRuc]:
    """Of both types."""
    return st.one_of(natural_rucs(), legal_rucs())


@st.composite
def cufe_parts(
    draw: st.DrawFn,
    document_types: st.SearchStrategy[DocumentType] = ANY_TYPE,
    issued_on: st.SearchStrategy[date] = ANY_DAY,
) -> CufeParts:
    """Parts that fit their places; the DV is the RUC's own, or any where only the PAC can tell."""
    ruc = draw(rucs())
    return CufeParts(
        document_type=draw(document_types),
        ruc_type=ruc.ruc_type,
        ruc=ruc.text,
        dv=ruc.dv or f"{draw(st.integers(0, 99)):02d}",
        branch=draw(st.text("0123456789ABCZabz", min_size=4, max_size=4)),
        issued_on=draw(issued_on),
        number=draw(st.integers(1, 9_999_999_999)),
        billing_point=f"{draw(st.integers(1, 999)):03d}",
        emission=draw(st.sampled_from(EmissionType)),
        environment=draw(st.sampled_from(Environment)),
        security_code=f"{draw(st.integers(1, 999_999_999)):09d}",
    )


def cufes() -> st.SearchStrategy[str]:
    """CUFEs with the right check digit."""
    return cufe_parts().map(build_cufe)
