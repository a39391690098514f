import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import DocumentType, EmissionType, Environment, RucType
from core.cufe import CufeParts, MalformedCufeError, build_cufe, parse_cufe, same_document, verify_cufe
from core.taxpayer import check_digit, parse_ruc

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "cufe.json").read_text())
PUBLISHED = [vector["cufe"] for vector in VECTORS["vectors"]]
ISSUERS = [
    ("155596713-2-2015", RucType.LEGAL),
    ("8-NT-1-123456", RucType.LEGAL),
    ("E-8-110361", RucType.NATURAL),
    ("8-AV-1-196", RucType.NATURAL),
    ("8-888-8888", RucType.NATURAL),
    ("253-92-57027", RucType.LEGAL),
]


@st.composite
def cufe_parts(draw: st.DrawFn) -> CufeParts:
    ruc, ruc_type = draw(st.sampled_from(ISSUERS))
    return CufeParts(
        document_type=draw(st.sampled_from(DocumentType)),
        ruc_type=ruc_type,
        ruc=ruc,
        dv=check_digit(parse_ruc(ruc, ruc_type)).dv,
        branch=draw(st.from_regex(r"[0-9A-Z]{4}", fullmatch=True).filter(str.isascii)),
        issued_on=draw(st.dates(date(2018, 1, 1), date(2099, 12, 31))),
        number=draw(st.integers(1, 9_999_999_999)),
        billing_point=f"{draw(st.integers(1, 999)):03d}",
        emission=draw(st.sampled_from(EmissionType)),
        environment=draw(st.sampled_from(Environment)),
        security_code=f"{draw(st.integers(1, 999_999_999)):09d}",
    )


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda v: v["cufe"][:30])
def test_reads_and_rebuilds_a_published_cufe(vector):
    cufe, fields = parse_cufe(vector["cufe"]), vector["fields"]
    parts = cufe.parts
    assert parts.document_type == fields["iDoc"]
    assert str(int(parts.ruc_type)) == fields["dTipoRuc"]
    assert (parts.ruc, parts.dv, parts.branch) == (fields["dRuc"], fields["dDV"], fields["dSucEm"])
    assert f"{parts.issued_on:%Y%m%d}" == fields["dFechaEm"]
    assert (f"{parts.number:010d}", parts.billing_point) == (fields["dNroDF"], fields["dPtoFacDF"])
    assert (parts.emission, str(int(parts.environment))) == (fields["iTpEmis"], fields["iAmb"])
    assert (parts.security_code, cufe.check_digit) == (fields["dSeg"], fields["dv"])
    assert verify_cufe(vector["cufe"]).valid
    assert build_cufe(parts) == vector["cufe"]


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda v: v["cufe"][:30])
def test_refuses_a_cufe_that_does_not_hold_together(vector):
    verdict = verify_cufe(vector["cufe"])
    assert not verdict.valid
    assert verdict.reason is not None
    assert verdict.reason.spanish


@given(cufe_parts())
def test_what_is_built_reads_back_and_verifies(parts):
    cufe = build_cufe(parts)
    assert len(cufe) == 66
    assert parse_cufe(cufe).parts == parts
    assert verify_cufe(cufe).valid


@given(cufe_parts(), st.integers(2, 64), st.data())
def test_a_single_changed_character_is_caught_or_weighs_the_same(parts, place, data):
    cufe = build_cufe(parts)
    alphabet = "0123456789" if cufe[place].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789"
    other = data.draw(st.sampled_from(sorted(set(alphabet) - {cufe[place]})))
    changed = cufe[:place] + other + cufe[place + 1 :]
    if not verify_cufe(changed).valid:
        return
    # A letter or hyphen counts as the last digit of its ASCII code, so only a character of the same weight hides.
    weights = {int(c) if c.isdigit() else ord(c) % 10 for c in (cufe[place], other)}
    assert len(weights) == 1


@pytest.mark.parametrize("cufe", PUBLISHED)
def test_every_changed_digit_of_a_published_cufe_is_caught(cufe):
    for place in range(2, 66):
        if cufe[place].isdigit():
            for other in set("0123456789") - {cufe[place]}:
                assert not verify_cufe(cufe[:place] + other + cufe[place + 1 :]).valid


def digit_without_hyphens(cufe: str) -> str:
    total = 0
    for place, character in enumerate(reversed(cufe[2:-1].replace("-", ""))):
        digit = int(character) if character.isdigit() else ord(character) % 10
        total += sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit
    return str(-total % 10)


def test_the_hyphens_count_in_the_check_digit():
    agreeing = [cufe for cufe in PUBLISHED if digit_without_hyphens(cufe) == cufe[-1]]
    assert len(agreeing) <= len(PUBLISHED) // 2, "dropping the hyphens agrees by chance alone"


def test_a_branch_letter_with_the_same_last_ascii_digit_is_not_catchable():
    cufe = PUBLISHED[0]
    assert "A0B1" in cufe
    assert verify_cufe(cufe.replace("A0B1", "K0B1")).valid


def test_the_ruc_inside_must_go_with_its_dv():
    parts = replace(parse_cufe(PUBLISHED[0]).parts, dv="08")
    verdict = verify_cufe(build_cufe(parts))
    assert not verdict.valid
    assert "RUC" in verdict.reason.english


@pytest.mark.parametrize(
    "text",
    ["", "FE", PUBLISHED[0][:-1], PUBLISHED[0] + "1", "XX" + PUBLISHED[0][2:], PUBLISHED[0].replace("2026", "2O26")],
)
def test_refuses_text_that_has_not_the_shape(text):
    with pytest.raises(MalformedCufeError):
        parse_cufe(text)


@pytest.mark.parametrize(
    ("place", "value"),
    [(2, "99"), (4, "7"), (32, "20261301"), (32, "20250229"), (40, "0000000000"), (50, "000"), (56, "000000000")],
)
def test_refuses_codes_dates_and_numbers_that_do_not_exist(place, value):
    cufe = PUBLISHED[3]
    with pytest.raises(MalformedCufeError):
        parse_cufe(cufe[:place] + value + cufe[place + len(value) :])


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": 10_000_000_000},
        {"billing_point": "000"},
        {"billing_point": "1000"},
        {"security_code": "000000000"},
        {"security_code": "12345678"},
        {"branch": "ñ000"},
        {"branch": "00000"},
        {"dv": "7"},
        {"ruc": "999999999-9999-999999"},
        {"ruc": "not a ruc"},
    ],
)
def test_does_not_build_a_cufe_from_unfit_parts(change):
    with pytest.raises(MalformedCufeError):
        build_cufe(replace(parse_cufe(PUBLISHED[3]).parts, **change))


@given(cufe_parts(), st.dates(date(2018, 1, 1), date(2099, 12, 31)))
def test_the_date_does_not_tell_documents_apart_and_everything_else_does(parts, day):
    cufe = build_cufe(parts)
    assert same_document(cufe, build_cufe(replace(parts, issued_on=day)))
    assert not same_document(cufe, replace(parts, number=parts.number % 9_999_999_999 + 1))
    other_code = f"{int(parts.security_code) % 999_999_999 + 1:09d}"
    assert not same_document(cufe, replace(parts, security_code=other_code))
    other_point = f"{int(parts.billing_point) % 999 + 1:03d}"
    assert not same_document(cufe, replace(parts, billing_point=other_point))
