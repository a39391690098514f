"""From the PAC's authorisation to the DGI's answer."""

from datetime import timedelta

from adapters.alanube.fake.progression import (
    DocumentMatch,
    Step,
    after,
    after_reads,
    dgi_rejection,
    immediate,
    script,
    silent,
)
from tests.unit.fake_pac.pac_at_hand import PacAtHand, invoice


def test_the_dgi_authorises_after_a_time(pac: PacAtHand) -> None:
    pac.engine.set_progression(after(timedelta(minutes=5)))
    document = pac.issue()

    pac.wait(minutes=4, seconds=59)
    assert pac.read(document)["legalStatus"] == "PAC_AUTHORIZED"
    pac.wait(seconds=1)

    read = pac.read(document)
    assert (read["legalStatus"], read["status"]) == ("DGI_AUTHORIZED", "FINISHED")
    assert read["authorizationProtocol"].isdigit()


def test_an_immediate_dgi_still_answers_the_post_with_pac_authorised(pac: PacAtHand) -> None:
    pac.engine.set_progression(immediate())

    answer = pac.call("POST", "/invoices", invoice())

    assert answer.json()["document"]["legalStatus"] == "PAC_AUTHORIZED"
    assert pac.read(pac.engine.documents[0])["legalStatus"] == "DGI_AUTHORIZED"


def test_the_dgi_authorises_after_so_many_reads(pac: PacAtHand) -> None:
    pac.engine.set_progression(after_reads(3))
    document = pac.issue()
    pac.wait(days=1)

    assert [pac.read(document)["legalStatus"] for _ in range(3)] == [
        "PAC_AUTHORIZED",
        "PAC_AUTHORIZED",
        "DGI_AUTHORIZED",
    ]


def test_a_silent_dgi_never_answers(pac: PacAtHand) -> None:
    pac.engine.set_progression(silent())
    document = pac.issue()

    pac.wait(days=30)

    assert pac.read(document)["legalStatus"] == "PAC_AUTHORIZED"


def test_the_dgi_rejects_with_its_own_words(pac: PacAtHand) -> None:
    pac.engine.set_progression(dgi_rejection("1602", "RUC inexistente", timedelta(seconds=5)))
    document = pac.issue()

    pac.wait(seconds=5)

    read = pac.read(document)
    assert read["legalStatus"] == "DGI_REJECTED"
    assert read["governmentResponse"] == [{"code": "1602", "message": "RUC inexistente"}]
    assert "authorizationProtocol" not in read


def test_a_script_moves_the_matching_documents_alone(pac: PacAtHand) -> None:
    steps = [
        Step(legal_status="PAC_AUTHORIZED", after=timedelta(seconds=1)),
        Step(legal_status="SOMETHING_NEW", after=timedelta(seconds=2)),
    ]
    pac.engine.set_progression(script(steps, "REGISTERED"), DocumentMatch(numeration="0000000002"))
    first, second = pac.issue(invoice(1)), pac.issue(invoice(2))
    assert (first.legal_status, second.legal_status) == ("PAC_AUTHORIZED", "REGISTERED")

    pac.wait(seconds=2)

    assert (first.legal_status, second.legal_status) == ("DGI_AUTHORIZED", "SOMETHING_NEW")
    assert [status for _, status in second.history] == ["REGISTERED", "PAC_AUTHORIZED", "SOMETHING_NEW"]
