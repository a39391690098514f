"""What we store, what we send and what the PAC makes of it agree to the cent, for every draft that can be drawn.

The fake shares no arithmetic with the core: it reads the payload alone and computes by itself.
"""

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from adapters.alanube.settings import WireOptions
from core.cufe import verify_cufe
from core.drafts import Draft
from core.failures import PacFieldUnconfirmedError
from core.line_totals import LineTotals
from core.money import TOLERANCE, round_amount
from core.ports.pac_gateway import Accepted
from core.preflight import PreflightSettings
from core.previews import preview_draft
from core.totals import Totals, compute_totals
from tests.strategies.drafts import NOW, drafts, with_oti
from tests.unit.alanube.parties import ISSUER
from tests.unit.fiscal.at_the_pac import NAMED, amounts_in, judged, post, recorded

VECTORS = Path(__file__).parents[2] / "vectors" / "alanube"
CLOSED = jsonschema.Draft202012Validator(
    json.loads((VECTORS / "document_schema.json").read_text(encoding="utf-8"), parse_float=Decimal)
)
UNNAMED = WireOptions()
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
usual = settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
rare = settings(max_examples=8, deadline=None, suppress_health_check=SLOW)


def stored_figures(totals: Totals) -> dict[str, Decimal]:
    """Ours under the names of the DGI."""
    figures = {
        "dTotNeto": totals.net_total,
        "dTotITBMS": totals.itbms_total,
        "dTotISC": totals.isc_total,
        "dTotGravado": totals.tax_total,
        "dVTot": totals.total,
        "dTotRec": totals.received,
        "dVTotItems": totals.lines_total,
        "dVuelto": totals.change,
    }
    left_out_when_zero = {"dTotISC", "dVuelto"}
    return {name: amount for name, amount in figures.items() if amount or name not in left_out_when_zero}


@usual
@given(drafts(abroad=True))
def test_nearly_every_drawn_draft_is_sound(draft: Draft) -> None:
    assert [finding.code for finding in judged(draft).errors] == []


@usual
@given(drafts())
async def test_the_closed_schema_takes_and_the_strict_fake_authorises_what_preflight_lets_pass(draft: Draft) -> None:
    assume(not judged(draft).is_refused)
    posted = await post(draft, options=UNNAMED)
    CLOSED.validate(posted.sent)
    assert isinstance(posted.answer, Accepted), posted.answer
    assert posted.answer.document.cufe == posted.document.expected_cufe


@usual
@given(drafts(abroad=True))
async def test_the_strict_fake_authorises_foreigners_exports_and_contingency_under_the_names_it_knows(
    draft: Draft,
) -> None:
    assume(not judged(draft).is_refused)
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted), posted.answer


@usual
@given(drafts(abroad=True))
async def test_a_draft_without_unconfirmed_fields_is_sent_and_any_other_is_refused_by_name(draft: Draft) -> None:
    needs_names = draft.export or draft.contingency or draft.receiver.foreign_identity
    if needs_names:
        with pytest.raises(PacFieldUnconfirmedError):
            await post(draft, options=UNNAMED)
    else:
        CLOSED.validate((await post(draft, options=UNNAMED)).sent)


@usual
@given(drafts())
async def test_what_we_store_is_what_the_fake_computes_from_the_payload(draft: Draft) -> None:
    posted = await post(draft)
    totals = posted.document.totals
    assert posted.at_the_fake.total == totals.total
    assert sum(method["amount"] for method in posted.sent["totals"]["paymentMethods"]) == totals.received
    assert posted.sent["totals"].get("change", 0) == totals.change
    retention = posted.sent["totals"].get("retention")
    assert (retention["amount"] if retention else None) == totals.retention_amount
    for item, line in zip(posted.sent["items"], totals.lines, strict=True):
        assert item["prices"]["transfer"] == line.unit_price
        assert item["prices"].get("discount", 0) == line.unit_discount


@rare
@given(drafts())
async def test_the_fakes_pdf_and_xml_show_our_totals_to_the_cent(draft: Draft) -> None:
    posted = await post(draft)
    totals = posted.document.totals
    pdf, xml = await posted.files()
    assert amounts_in(xml) == stored_figures(totals)
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    assert f"B/. {totals.total:,.2f}" in printed
    assert f"{totals.net_total:,.2f}" in printed
    assert f"{totals.itbms_total:,.2f}" in printed


def obeys_2053_2152_and_2056(line: LineTotals, quantity: Decimal, rate: Decimal) -> bool:
    net_holds = abs(line.line_net - quantity * (line.unit_price - line.unit_discount)) <= TOLERANCE
    tax_holds = line.itbms_amount == round_amount(rate * line.line_net)
    parts = (line.line_net, line.freight, line.insurance, line.itbms_amount, line.isc_amount, line.oti_amount)
    return net_holds and tax_holds and line.line_total == sum(parts)


@usual
@given(with_oti(drafts(abroad=True)))
def test_each_line_obeys_the_rules_of_the_dgi(draft: Draft) -> None:
    for drafted, line in zip(draft.lines, compute_totals(draft).lines, strict=True):
        assert obeys_2053_2152_and_2056(line, drafted.quantity, drafted.itbms.fraction)


@usual
@given(with_oti(drafts()))
async def test_other_taxes_are_counted_and_refused_by_name_at_the_wire(draft: Draft) -> None:
    totals = compute_totals(draft)
    assert totals.tax_total == totals.itbms_total + totals.isc_total + totals.oti_total
    if any(line.oti for line in draft.lines):
        with pytest.raises(PacFieldUnconfirmedError):
            await post(draft)


@usual
@given(drafts(), st.randoms(use_true_random=False))
def test_the_order_of_lines_never_matters(draft: Draft, chance: object) -> None:
    shuffled = list(draft.lines)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    other = compute_totals(Draft(**{**_fields(draft), "lines": tuple(shuffled)}))
    ours = compute_totals(draft)
    assert (other.total, other.itbms_total, other.net_total, other.rates) == (
        ours.total,
        ours.itbms_total,
        ours.net_total,
        ours.rates,
    )


@usual
@given(drafts(abroad=True))
def test_a_preview_says_what_issuing_sends_but_for_the_places_it_names(draft: Draft) -> None:
    document = recorded(draft)
    from adapters.alanube.mapping import encode

    preview = preview_draft(
        draft,
        issuer=ISSUER,
        billing_point="001",
        now=NOW,
        encode=lambda document: encode(document, NAMED),
        settings=PreflightSettings(),
    )
    assert preview.totals == document.totals
    assert preview.payload.body is not None
    shown, sent = json.loads(preview.payload.body), json.loads(encode(document, NAMED))
    assert (shown["information"].pop("numeration"), shown["information"].pop("securityCode")) == (
        "0000000000",
        "000000000",
    )
    del sent["information"]["numeration"], sent["information"]["securityCode"]
    assert shown == sent
    assert preview.cufe is not None
    known = [place for place in preview.cufe.places if place.text is not None]
    assert verify_cufe(document.expected_cufe).valid
    assert all(document.expected_cufe[place.first - 1 : place.last] == place.text for place in known)


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in Draft.__slots__}
