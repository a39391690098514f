"""Faults as data: each kind does what its name says, when the plan says so."""

from datetime import timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.wire import TransportFault, WireAnswer
from tests.unit.fake_pac.pac_at_hand import PacAtHand, by_id, codes_of, credit_note, invoice


def plan(*rules: FaultRule, seed: int = 0) -> FaultPlan:
    return FaultPlan(rules=rules, seed=seed)


def posted_under(pac: PacAtHand, kind: FaultKind, seconds: float | None = None) -> WireAnswer:
    pac.engine.set_faults(plan(FaultRule(kind=kind, seconds=seconds)))
    return pac.call("POST", "/invoices", invoice())


@pytest.mark.parametrize(
    ("kind", "status", "transport"),
    [
        (FaultKind.DROP_BEFORE, 0, TransportFault.REFUSE),
        (FaultKind.ERROR_503_BEFORE, 503, TransportFault.NONE),
        (FaultKind.UNAUTHORIZED_401, 401, TransportFault.NONE),
        (FaultKind.FORBIDDEN_403, 403, TransportFault.NONE),
        (FaultKind.THROTTLED_429, 429, TransportFault.NONE),
        (FaultKind.MISCONFIGURED_AP1010, 400, TransportFault.NONE),
        (FaultKind.REDIRECT_307, 307, TransportFault.NONE),
    ],
)
def test_a_fault_before_processing_leaves_no_document(
    pac: PacAtHand, kind: FaultKind, status: int, transport: TransportFault
) -> None:
    answer = posted_under(pac, kind)

    assert (answer.status, answer.transport, answer.faults) == (status, transport, (kind.value,))
    pac.wait(days=2)
    assert not pac.engine.documents


@pytest.mark.parametrize(
    ("kind", "status", "transport"),
    [
        (FaultKind.DROP_AFTER_ACCEPT, 0, TransportFault.CLOSE_WITHOUT_ANSWER),
        (FaultKind.TIME_OUT_AFTER_ACCEPT, 0, TransportFault.HANG),
        (FaultKind.ERROR_500_AFTER_ACCEPT, 500, TransportFault.NONE),
        (FaultKind.ERROR_502_AFTER_ACCEPT, 502, TransportFault.NONE),
        (FaultKind.CUT_MID_BODY, 200, TransportFault.CUT_MID_BODY),
        (FaultKind.SLOW_DRIP, 200, TransportFault.DRIP),
        (FaultKind.TRUNCATE_BODY, 200, TransportFault.NONE),
        (FaultKind.HTML_200, 200, TransportFault.NONE),
        (FaultKind.EMPTY_200, 200, TransportFault.NONE),
        (FaultKind.NO_ID_200, 200, TransportFault.NONE),
    ],
)
def test_a_fault_after_processing_hides_a_document_that_exists(
    pac: PacAtHand, kind: FaultKind, status: int, transport: TransportFault
) -> None:
    answer = posted_under(pac, kind)

    assert (answer.status, answer.transport) == (status, transport)
    assert [document.legal_status for document in pac.engine.documents] == ["PAC_AUTHORIZED"]
    document_id = pac.engine.documents[0].id.encode()
    if kind in (FaultKind.HTML_200, FaultKind.EMPTY_200, FaultKind.NO_ID_200):
        assert b'"id"' not in (answer.body or b"")
    if kind in (FaultKind.TRUNCATE_BODY, FaultKind.HTML_200, FaultKind.EMPTY_200):
        with pytest.raises(ValueError, match=r".*"):
            answer.json()
    if kind is FaultKind.TRUNCATE_BODY:
        assert document_id in (answer.body or b"")


def test_a_throttled_answer_says_how_long_only_when_the_plan_does(pac: PacAtHand) -> None:
    assert "retry-after" not in posted_under(pac, FaultKind.THROTTLED_429).headers
    assert posted_under(pac, FaultKind.THROTTLED_429, seconds=7).headers["retry-after"] == "7"


def test_a_misconfigured_answer_carries_the_vendors_code(pac: PacAtHand) -> None:
    assert posted_under(pac, FaultKind.MISCONFIGURED_AP1010).json()["code"] == "AP1010"


def test_a_late_acceptance_happens_after_the_caller_gave_up(pac: PacAtHand) -> None:
    answer = posted_under(pac, FaultKind.TIME_OUT_THEN_ACCEPT_LATE, seconds=45)
    assert answer.transport is TransportFault.HANG
    pac.wait(seconds=44)
    assert not pac.engine.documents

    pac.wait(seconds=1)

    assert len(pac.engine.documents) == 1
    assert pac.engine.exchanges[-1].answer.faults == ("accepted_late",)


def test_a_resend_before_the_late_acceptance_wins_the_number(pac: PacAtHand) -> None:
    posted_under(pac, FaultKind.TIME_OUT_THEN_ACCEPT_LATE, seconds=45)
    pac.engine.set_faults(plan())

    pac.issue(invoice())
    pac.wait(minutes=5)

    assert len(pac.engine.documents) == 1
    assert codes_of(pac.engine.exchanges[-1].answer) == {"1002"}


def test_a_proxy_that_repeats_a_post_gets_the_duplicate_answer(pac: PacAtHand) -> None:
    answer = posted_under(pac, FaultKind.PROXY_REPEATS_POST)

    assert codes_of(answer) == {"1002"}
    assert len(pac.engine.documents) == 1


def test_webhooks_can_be_told_to_overtake_the_answer(pac: PacAtHand) -> None:
    assert posted_under(pac, FaultKind.WEBHOOK_BEFORE_ANSWER).webhooks_first


def test_strange_reads_leave_the_document_as_it_is(pac: PacAtHand) -> None:
    document = pac.authorised()
    unknown, regressed = FaultRule(kind=FaultKind.UNKNOWN_STATUS), FaultRule(kind=FaultKind.REGRESSED_STATUS)

    pac.engine.set_faults(plan(unknown))
    assert pac.read(document)["legalStatus"] == "DGI_UNDER_REVIEW"
    pac.engine.set_faults(plan(regressed))
    assert pac.read(document)["legalStatus"] == "REGISTERED"
    pac.engine.set_faults(plan(FaultRule(kind=FaultKind.NOT_FOUND_404)))
    assert pac.call("GET", f"/invoices/{document.id}").status == 404
    pac.engine.set_faults(plan())

    assert pac.read(document)["legalStatus"] == "DGI_AUTHORIZED"


# -- when a fault strikes ---------------------------------------------------------------------------------------


def statuses(pac: PacAtHand, count: int) -> list[int]:
    return [pac.call("POST", "/invoices", invoice(number + 1)).status for number in range(count)]


def test_a_fault_strikes_at_the_nth_call(pac: PacAtHand) -> None:
    pac.engine.set_faults(plan(FaultRule(kind=FaultKind.ERROR_503_BEFORE, nth=frozenset({2, 4}))))

    assert statuses(pac, 5) == [200, 503, 200, 503, 200]


def test_a_fault_strikes_so_many_times_at_most(pac: PacAtHand) -> None:
    pac.engine.set_faults(plan(FaultRule(kind=FaultKind.ERROR_503_BEFORE, times=2)))

    assert statuses(pac, 4) == [503, 503, 200, 200]


def test_a_fault_at_a_rate_is_the_same_for_the_same_seed(pac: PacAtHand) -> None:
    runs = []
    for seed in (1, 1, 2):
        fresh = PacAtHand()
        rule = FaultRule(kind=FaultKind.ERROR_503_BEFORE, rate=0.5)
        fresh.engine.set_faults(plan(rule, seed=seed))
        runs.append(statuses(fresh, 40))

    assert runs[0] == runs[1] != runs[2]
    assert 5 < runs[0].count(503) < 35


def test_a_fault_without_a_match_is_about_posts_of_documents_alone(pac: PacAtHand) -> None:
    original = pac.authorised()
    pac.engine.set_faults(plan(FaultRule(kind=FaultKind.ERROR_503_BEFORE)))

    assert pac.call("GET", f"/invoices/{original.id}").status == 200
    assert pac.call("GET", "/companies").status == 200
    assert pac.call("POST", "/credit-notes", credit_note(by_id(original))).status == 503


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (RequestMatch(method="GET"), 503),
        (RequestMatch(method="GET", path_contains="check-digit"), 200),
        (RequestMatch(company_id="01JA0B1C2D3E4F5G6H7J8K9M0N"), 200),
        (RequestMatch(body_contains="0000000451"), 200),
    ],
)
def test_a_fault_strikes_the_requests_that_match(pac: PacAtHand, match: RequestMatch, expected: int) -> None:
    document = pac.issue()
    pac.engine.set_faults(plan(FaultRule(kind=FaultKind.ERROR_503_BEFORE, match=match)))

    assert pac.call("GET", f"/invoices/{document.id}").status == expected


def test_counts_what_struck(pac: PacAtHand) -> None:
    pac.engine.set_faults(plan(FaultRule(kind=FaultKind.HTML_200, nth=frozenset({1}))))
    statuses(pac, 3)

    assert pac.engine.faults_fired == {FaultKind.HTML_200: 1}


# -- downloads --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status", "beginning"),
    [
        (FaultKind.PDF_EXPIRED, 403, b"<?xml"),
        (FaultKind.PDF_HTML, 200, b"<!doctype html>"),
        (FaultKind.PDF_TRUNCATED, 200, b"%PDF-"),
        (FaultKind.PDF_REDIRECT, 302, b""),
    ],
)
def test_a_download_goes_wrong(pac: PacAtHand, kind: FaultKind, status: int, beginning: bytes) -> None:
    address = pac.read(pac.authorised(), documents="pdf")["pdf"]
    whole = pac.download(address).body or b""
    pac.engine.set_faults(plan(FaultRule(kind=kind)))

    answer = pac.download(address)

    assert answer.status == status
    assert (answer.body or b"").startswith(beginning)
    assert answer.body != whole


def test_a_pdf_can_be_missing_although_the_document_is_authorised(pac: PacAtHand) -> None:
    document = pac.authorised()
    pac.engine.set_faults(plan(FaultRule(kind=FaultKind.PDF_MISSING, times=1)))

    assert "pdf" not in pac.read(document, documents="pdf")
    assert "pdf" in pac.read(document, documents="pdf")


def test_the_pdf_comes_only_when_asked_for_and_ready(pac: PacAtHand) -> None:
    pac.engine.behave(pdf_ready_after=timedelta(minutes=1))
    document = pac.issue()

    assert "pdf" not in pac.read(document, documents="pdf")
    pac.wait(minutes=1)

    assert "pdf" in pac.read(document, documents="pdf")
    assert "pdf" not in pac.read(document)


def test_a_signed_address_expires_and_cannot_be_forged(pac: PacAtHand) -> None:
    first, second = pac.authorised(invoice(1)), pac.authorised(invoice(2))
    address = pac.read(first, documents="pdf")["pdf"]
    assert pac.download(address).status == 200

    assert pac.download(address.replace(first.id, second.id)).status == 403
    assert pac.download(address.replace(".pdf", ".xml")).status == 403
    assert pac.download("/files/../../etc/passwd").status == 404
    pac.wait(minutes=11)
    assert pac.download(address).status == 403
