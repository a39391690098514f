"""What the printed form says of a stored document, before anybody draws it."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings

from core.cafe import CafeStanding
from core.cafe_pages import cafe_page, printable_qr, standing_of
from core.documents import INTERNAL_POINT, DocumentMode, FiscalDocument, LegalStatus, SeriesKey, Submission
from core.drafts import Draft
from core.failures import CafeNotOursError
from core.money import sum_amounts
from core.voids import Void, VoidState
from tests.builders import NOW, a_document
from tests.strategies.drafts import drafts
from tests.unit.cafe.printed import QR, accepted, authorised


def a_void(state: VoidState) -> Void:
    return Void(
        state=state,
        reason="El cliente no aceptó la entrega",
        requested_at=NOW,
        requested_by="caller:key",
        idempotency_key="void-1",
    )


def a_proforma() -> FiscalDocument:
    document = a_document("tenant")
    series = SeriesKey(billing_point=INTERNAL_POINT, document_type=document.document_type)
    return replace(
        document, mode=DocumentMode.PROFORM, submission=Submission.DRAFT, series=series, expected_cufe="", number=3
    )


@pytest.mark.parametrize(
    ("document", "standing"),
    [
        (a_document("tenant"), CafeStanding.PROVISIONAL),
        (a_document("tenant", submission=Submission.IN_DOUBT), CafeStanding.PROVISIONAL),
        (a_document("tenant", submission=Submission.QUARANTINED), CafeStanding.PROVISIONAL),
        (accepted(legal_status=LegalStatus.REGISTERED), CafeStanding.PROVISIONAL),
        (accepted(legal_status=LegalStatus.UNRECOGNISED), CafeStanding.PROVISIONAL),
        (accepted(), CafeStanding.PROVISIONAL),
        (accepted(submission=Submission.ISSUED_ID_UNKNOWN, legal_status=LegalStatus.NONE), CafeStanding.PROVISIONAL),
        (authorised(), CafeStanding.AUTHORIZED),
        (accepted(legal_status=LegalStatus.DGI_REJECTED), CafeStanding.REJECTED),
        (accepted(legal_status=LegalStatus.PAC_REJECTED), CafeStanding.REJECTED),
        (a_document("tenant", submission=Submission.REFUSED), CafeStanding.REJECTED),
        (authorised(void=a_void(VoidState.VOIDED)), CafeStanding.VOID),
        (authorised(void=a_void(VoidState.REQUESTED)), CafeStanding.AUTHORIZED),
        (authorised(void=a_void(VoidState.IN_DOUBT)), CafeStanding.AUTHORIZED),
        (authorised(void=a_void(VoidState.FAILED)), CafeStanding.AUTHORIZED),
        (a_proforma(), CafeStanding.PROFORMA),
        (replace(a_proforma(), withdrawn_at=NOW), CafeStanding.VOID),
    ],
    ids=lambda each: each.value if isinstance(each, CafeStanding) else None,
)
def test_only_the_dgis_authorisation_takes_the_mark_away(document: FiscalDocument, standing: CafeStanding) -> None:
    assert standing_of(document) is cafe_page(document).standing is standing
    assert (standing.mark is None) == (standing is CafeStanding.AUTHORIZED)


@pytest.mark.parametrize("change", [{"mode": DocumentMode.DGI_IMPORT}, {"submission": Submission.IMPORTED}])
def test_an_imported_document_has_its_issuers_printed_form_and_none_of_ours(change: dict[str, object]) -> None:
    with pytest.raises(CafeNotOursError):
        cafe_page(replace(authorised(), **change))  # type: ignore[arg-type]  # one field of several types


@pytest.mark.parametrize("withdrawn_at", [None, NOW])
def test_a_proforma_shows_nothing_that_belongs_to_an_invoice(withdrawn_at: datetime | None) -> None:
    page = cafe_page(replace(a_proforma(), withdrawn_at=withdrawn_at))
    assert page.kind == "Documento interno"
    assert page.billing_point == ""
    said = page.authorisation
    assert (said.cufe, said.qr, said.protocol, said.moments) == (None, None, None, ())
    assert said.grouped_cufe == ""


def test_a_cufe_that_no_pac_confirmed_is_called_expected() -> None:
    document = a_document("tenant")
    said = cafe_page(document).authorisation
    assert (said.cufe, said.is_cufe_expected) == (document.expected_cufe, True)
    assert not cafe_page(accepted()).authorisation.is_cufe_expected


@pytest.mark.parametrize(
    ("submission", "state"),
    [(Submission.ISSUED_ID_UNKNOWN, "Visto en la consulta"), (Submission.QUARANTINED, "En revisión")],
)
def test_what_waits_for_a_person_claims_no_authorisation(submission: Submission, state: str) -> None:
    page = cafe_page(accepted(submission=submission))
    assert page.authorisation.state.startswith(state)
    assert page.standing is CafeStanding.PROVISIONAL


OTHER_CUFE = a_document("tenant", number=77).expected_cufe


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://pac.example/x",
        "dgi-fep.mef.gob.pa",
        "https://[",
        "https://pac.example/\r\nX: y",
        "https://pac.example/ñ",
        "https://pac.example/" + "x" * 2000,
        QR.format(cufe=OTHER_CUFE),
    ],
)
def test_no_code_is_printed_that_would_open_something_else(address: str | None) -> None:
    document = accepted(qr=address)
    assert printable_qr(document) is None
    assert "Sin código QR" in " ".join(cafe_page(document).authorisation.notices)


def test_the_pacs_address_is_printed_as_it_came() -> None:
    document = accepted()
    for address in (document.qr, "https://pac.example/ver/1", f"https://x.example/FacturasPorCUFE/{document.cufe}"):
        assert printable_qr(replace(document, qr=address)) == address


@settings(max_examples=60, deadline=None)
@given(draft=drafts())
def test_the_figures_above_the_total_add_up_to_it(draft: Draft) -> None:
    document = a_document("tenant", draft=draft)
    page = cafe_page(document)
    sums = page.sums
    above = (sums.net, sums.itbms, sums.isc, sums.oti, sums.freight, sums.insurance, sums.other_charges)
    assert sum_amounts(above) - sums.discounts == sums.total == document.totals.total
    assert sum_amounts(rate.itbms_amount for rate in page.rates) == sums.itbms
    assert sum_amounts(rate.base for rate in page.rates) == sums.net
    assert [line.position for line in page.lines] == list(range(1, len(draft.lines) + 1))
