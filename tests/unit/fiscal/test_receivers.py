"""Who a document is for: ad-hoc values over a client's, and a RUC however it is written."""

import pytest
from hypothesis import given

from core.codes import ReceiverType, RucType
from core.identifiers import TenantId
from core.receivers import AdHocReceiver, resolve_receiver, ruc_as_stored
from core.taxpayer import MalformedRucError, parse_ruc
from tests.builders import a_client
from tests.strategies.taxpayers import DrawnRuc, rucs

TENANT = TenantId("01TENANT")


def test_a_country_that_is_not_listed_brings_its_own_name() -> None:
    resolved = resolve_receiver(None, AdHocReceiver(country="ZZ", country_name="Tierra del Añil"))
    assert (resolved.country, resolved.country_name) == ("ZZ", "Tierra del Añil")


def test_without_a_name_of_the_country_there_is_none() -> None:
    client = a_client(TENANT, country="CO", receiver_type=ReceiverType.FOREIGNER)
    assert resolve_receiver(client, AdHocReceiver(country="MX")).country_name is None
    assert resolve_receiver(client, None).country_name is None


@given(rucs())
def test_a_ruc_is_found_however_it_is_written(drawn: DrawnRuc) -> None:
    stored = parse_ruc(drawn.text, drawn.ruc_type).normalised
    for written in (drawn.text, stored, f"  {stored.lower()} ", stored.replace("-", " – ")):
        assert ruc_as_stored(written) == stored


@given(rucs())
def test_a_text_that_is_a_ruc_of_both_kinds_is_the_same_ruc(drawn: DrawnRuc) -> None:
    forms = set()
    for ruc_type in RucType:
        try:
            forms.add(parse_ruc(drawn.text, ruc_type).normalised)
        except MalformedRucError:
            continue
    assert len(forms) == 1


@pytest.mark.parametrize("text", ["", "AB 1", "PASSPORT-77", "8-", "\x00"])
def test_what_is_no_ruc_is_looked_for_as_it_is(text: str) -> None:
    assert ruc_as_stored(text) == text
