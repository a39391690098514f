"""Scenarios of receivers, each from the draft to what the strict fake holds."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.alanube.settings import WireOptions
from core.codes import ReceiverType, RucType
from core.drafts import Draft, ForeignIdentity
from core.failures import PacFieldUnconfirmedError
from core.identifiers import ClientId, TenantId
from core.ports.pac_gateway import Accepted
from core.receivers import AdHocReceiver, resolve_receiver
from core.trade import Client
from tests.unit.fiscal.at_the_pac import judged, post
from tests.unit.fiscal.fiscal_drafts import CONSUMER, CPBS_LINE, EXEMPT_LINE, LINE, exported, to_consumer, to_government

CLIENT = Client(
    tenant_id=TenantId("tenant"),
    client_id=ClientId("client"),
    name="Constructora Añil, S.A.",
    receiver_type=ReceiverType.TAXPAYER,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    contributor_type=RucType.LEGAL,
    ruc="155596713-2-2015",
    dv="59",
    address="Calle 50, edificio 3",
    location_code="8-8-7",
    emails=("compras@example.com",),
    phones=("200-0101",),
)


@pytest.mark.parametrize("cpbs", ["72", "7210"])
async def test_a_government_receiver_gets_its_cpbs_on_every_line(cpbs: str) -> None:
    lines = tuple(replace(line, cpbs_code=cpbs) for line in (CPBS_LINE, EXEMPT_LINE))
    draft = replace(to_government(), lines=lines)
    assert judged(draft).findings == ()
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    assert [item["cpbs"]["code"] for item in posted.sent["items"]] == [cpbs, cpbs]


async def test_a_government_receiver_without_cpbs_is_refused_line_by_line_and_by_the_fake() -> None:
    draft = replace(to_government(), lines=(LINE, EXEMPT_LINE))
    missing = [finding.path for finding in judged(draft).errors if finding.code == "cpbs_missing"]
    assert missing == [("lines", 0, "cpbsCode"), ("lines", 1, "cpbsCode")]
    assert (await post(draft)).refused_with == {"AP10067"}


@pytest.mark.parametrize(
    ("ruc", "ruc_type", "sent"),
    [
        ("8-888-8888", RucType.NATURAL, {"type": 1, "ruc": "8-888-8888"}),
        ("8AV-1-196", RucType.NATURAL, {"type": 1, "ruc": "8-AV-1-196"}),
        ("8-888", RucType.NATURAL, None),
        (None, None, None),
    ],
)
async def test_a_final_consumers_ruc_is_kept_only_when_it_is_natural_and_fits(
    ruc: str | None, ruc_type: RucType | None, sent: object
) -> None:
    draft = to_consumer(receiver=replace(CONSUMER, ruc=ruc, ruc_type=ruc_type))
    assert not judged(draft).is_refused
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    assert posted.sent["receiver"].get("ruc") == sent


def test_a_final_consumer_with_the_ruc_of_a_legal_person_is_refused() -> None:
    draft = to_consumer(receiver=replace(CONSUMER, ruc="155596713-2-2015", ruc_type=RucType.LEGAL))
    assert {finding.rule for finding in judged(draft).errors} == {"1621"}


async def test_a_foreigner_has_an_identity_and_a_country_and_no_ruc_on_an_export() -> None:
    draft = exported()
    assert judged(draft).findings == ()
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    receiver = posted.sent["receiver"]
    assert receiver["foreign"] == {"number": "DE999999999", "country": "DE"}
    assert "ruc" not in receiver
    assert posted.sent["exportation"] == {"incoterm": "FOB", "currency": "USD"}


async def test_a_foreigner_is_refused_by_name_where_no_setting_names_the_wire_keys() -> None:
    with pytest.raises(PacFieldUnconfirmedError) as caught:
        await post(exported(), options=WireOptions())
    assert caught.value.details["setting"] == "ISTMO_PAC_WIRE_FOREIGN_KEY"


async def test_a_foreigner_without_an_identity_is_refused_by_both() -> None:
    draft = replace(exported(), receiver=replace(exported().receiver, foreign_identity=None))
    assert {finding.rule for finding in judged(draft).errors} == {"1618"}
    assert "1618" in (await post(draft)).refused_with


async def test_exempt_lines_carry_their_rate_and_no_tax() -> None:
    draft = to_consumer(LINE, EXEMPT_LINE)
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    assert [item["itbms"] for item in posted.sent["items"]] == [{"rate": "01"}, {"rate": "00"}]
    assert posted.at_the_fake.total == Decimal("143.40")


def for_client(ad_hoc: AdHocReceiver | None) -> Draft:
    return to_consumer(receiver=resolve_receiver(CLIENT, ad_hoc))


async def test_ad_hoc_name_and_emails_override_the_clients_and_the_rest_stays() -> None:
    posted = await post(for_client(AdHocReceiver(name="Obra Vía Argentina", emails=("obra@example.com",))))
    assert isinstance(posted.answer, Accepted)
    receiver = posted.sent["receiver"]
    assert (receiver["name"], receiver["emails"]) == ("Obra Vía Argentina", ["obra@example.com"])
    assert (receiver["ruc"]["ruc"], receiver["telephones"]) == ("155596713-2-2015", ["200-0101"])


async def test_an_ad_hoc_ruc_comes_without_the_clients_check_digit() -> None:
    draft = for_client(AdHocReceiver(ruc="8-NT-1-123456", receiver_type=ReceiverType.TAXPAYER))
    assert draft.receiver.dv is None
    assert not judged(draft).is_refused
    posted = await post(draft)
    assert posted.sent["receiver"]["ruc"] == {"type": 2, "ruc": "8-NT-1-123456"}


async def test_an_empty_list_of_ad_hoc_emails_means_none() -> None:
    assert "emails" not in (await post(for_client(AdHocReceiver(emails=())))).sent["receiver"]


async def test_without_ad_hoc_values_the_clients_own_stand() -> None:
    posted = await post(for_client(None))
    assert posted.sent["receiver"]["name"] == CLIENT.name
    assert posted.sent["receiver"]["emails"] == ["compras@example.com"]


def test_an_identity_of_a_foreigner_on_a_taxpayer_is_refused() -> None:
    identity = ForeignIdentity(kind="01", number="A1", country="DE")
    assert {finding.rule for finding in judged(for_client(AdHocReceiver(foreign_identity=identity))).errors} == {"1618"}
