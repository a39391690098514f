"""What the shop's code does when the PAC has a bad day."""

import http.client

import pytest

import core
from adapters.pac import Pac
from core.sales import Sale
from pytest_istmo import an_invoice

SALE = Sale(number=1, coffees=2, price=650)


@pytest.fixture
def pac(fake_pac):
    return Pac(fake_pac.api_url, fake_pac.token)


def test_the_core_is_the_shops_own():
    assert core.OWNER == "a stranger"


def test_every_test_finds_an_empty_pac(fake_pac):
    assert fake_pac.documents() == []
    assert fake_pac.exchanges() == []


def test_the_dgi_takes_its_time(pac, fake_pac, fake_pac_clock):
    fake_pac.progress("after", seconds=6 * 3600)
    document_id = pac.issue(SALE)
    fake_pac_clock.advance(hours=5)
    assert pac.status_of(document_id) == "PAC_AUTHORIZED"
    fake_pac_clock.advance(hours=2)
    assert pac.status_of(document_id) == "DGI_AUTHORIZED"


def test_the_window_for_a_void_closes(pac, fake_pac, fake_pac_clock):
    document_id = pac.issue(SALE)
    fake_pac_clock.advance(hours=183)
    refused = fake_pac.call("DELETE", f"/invoices/{document_id}", {"reason": "el cliente se arrepintió"})
    assert refused.status == 400


def test_an_accepted_invoice_whose_answer_is_lost(pac, fake_pac, fake_pac_faults):
    fake_pac_faults.plan("drop_after_accept", nth=1)
    with pytest.raises((http.client.HTTPException, OSError)):
        pac.issue(SALE)
    assert len(fake_pac.documents()) == 1
    assert fake_pac_faults.fired == {"drop_after_accept": 1}


def test_a_rate_and_a_seed_give_the_same_faults_again(fake_pac, fake_pac_faults):
    runs = []
    for _ in range(2):
        fake_pac.reset()
        fake_pac_faults.plan("error_503_before", rate=0.5, seed=11)
        runs.append([fake_pac.call("POST", "/invoices", an_invoice(number)).status for number in range(1, 13)])
        fake_pac_faults.clear()
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 503}


def test_a_repeated_number_in_two_ways(pac, fake_pac):
    first = pac.issue(SALE)
    with pytest.raises(RuntimeError, match="1002"):
        pac.issue(SALE)
    fake_pac.behave(duplicate_answer="conflict_with_id")
    with pytest.raises(RuntimeError, match=first):
        pac.issue(SALE)
