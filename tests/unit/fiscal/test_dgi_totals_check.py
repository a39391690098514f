import copy
import json
from pathlib import Path

import pytest

from core.dgi_totals_check import MalformedDgiDocumentError, check_dgi_document
from core.money import MalformedAmountError, MoneyNotAStringError

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "totals.json").read_text())
PLAIN = VECTORS["cases"][1]


def changed(**changes: object) -> dict[str, object]:
    """The plain case with changes by dotted path, dots written as two underscores."""
    data = copy.deepcopy(PLAIN)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = data
        for parent in parents:
            place = place[int(parent)] if isinstance(place, list) else place[parent]
        place[last] = value
    return data


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_passes_documents_that_were_accepted(case):
    assert check_dgi_document(case) == []


@pytest.mark.parametrize("case", VECTORS["negative"], ids=lambda case: case["name"])
def test_names_the_rule_of_documents_that_were_rejected(case):
    assert case["expect_codes_include"] in check_dgi_document(case)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"items": []}, "2000"),
        ({"items__0__dPrUnitDesc": "100.01"}, "2051"),
        ({"items__0__dPrUnit": "0", "items__0__dPrUnitDesc": "1"}, "2052"),
        ({"items__0__dPrItem": "100.02"}, "2053"),
        ({"items__0__dTasaITBMS": "04"}, "2150"),
        ({"items__0__dValITBMS": "7.02"}, "2152"),
        ({"items__0__dValTotItem": "100.00"}, "2056"),
        ({"items__0__oti": [{"dCodOTI": "01", "dValOTI": "1"}, {"dCodOTI": "01", "dValOTI": "1"}]}, "2300"),
        ({"tot__dTotNeto": "99"}, "2500"),
        ({"tot__dTotITBMS": "6"}, "2501"),
        ({"tot__dTotGravado": "100.00"}, "2503"),
        ({"tot__dVTot": "100.00"}, "2507"),
        ({"tot__dVlrCuota": ["100.00"]}, "2510"),
        ({"tot__dNroItems": 2}, "2513"),
        ({"tot__dVTotItems": "100.00"}, "2514"),
        ({"tot__dVuelto": "1.00"}, "dVuelto"),
        ({"tot__cValRetenc": "3.50"}, "cValRetenc"),
        ({"items__0__dPrAcarItem": "1", "tot__dTotAcar": "1"}, "2505"),
        ({"items__0__dPrSegItem": "1", "tot__dTotSeg": "1"}, "2506"),
    ],
)
def test_names_each_broken_rule(changes, rule):
    assert rule in check_dgi_document(changed(**changes))


def test_tolerates_one_cent_in_a_comparison_and_not_two():
    assert "2152" not in check_dgi_document(changed(items__0__dValITBMS="7.01"))
    assert "2152" in check_dgi_document(changed(items__0__dValITBMS="7.011"))


def test_a_repeated_sequence_breaks_2001():
    data = {"items": [PLAIN["items"][0] | {"dSecItem": "1"}] * 2, "tot": PLAIN["tot"]}
    assert "2001" in check_dgi_document(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"items": "x", "tot": {}},
        {"items": [1], "tot": {}},
        {"items": [{}], "tot": {}},
        {"items": [], "tot": []},
        {"items": [{}] * 1001, "tot": {}},
        changed(items__0__oti="x"),
        changed(items__0__oti=[1]),
        changed(tot__dVlrCuota="107.00"),
        {"items": [], "tot": {}},
    ],
)
def test_says_where_the_shape_is_wrong(data):
    with pytest.raises(MalformedDgiDocumentError) as caught:
        check_dgi_document(data)
    assert caught.value.path


def test_amounts_are_text():
    with pytest.raises(MoneyNotAStringError):
        check_dgi_document(changed(tot__dVTot=107.0))
    with pytest.raises(MalformedAmountError):
        check_dgi_document(changed(tot__dVTot="-107.00"))
