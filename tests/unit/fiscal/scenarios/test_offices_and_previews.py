"""Office and billing point, and the dry run that takes no number, through the use cases."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from core.codes import DocumentType, OperationNature, ReceiverType, RetentionCode, RucType
from core.documents import DocumentMode
from core.drafts import Draft, DraftLine, DraftReceiver, DraftReference
from core.failures import BillingPointNotOfOfficeError, ClientNotFoundError, OfficeNotFoundError
from core.identifiers import ClientId, OfficeId
from core.preflight import PreflightSettings
from core.receivers import AdHocReceiver
from core.trade import Client
from core.use_cases.create_invoice import NewInvoice
from core.use_cases.preview_document import PreviewDocument
from tests.unit.fiscal.fiscal_drafts import LINE
from tests.world import Shop, World


def previewing(world: World) -> PreviewDocument:
    stores = world.stores
    return PreviewDocument(
        stores.tenants,
        stores.directory,
        stores.trade_book,
        world.find_account,
        world.verify_receiver,
        world.pac,
        world.clock,
        PreflightSettings(),
    )


def an_invoice(shop: Shop, **changes: object) -> NewInvoice:
    draft = Draft(
        document_type=DocumentType.DOMESTIC_INVOICE,
        receiver=DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER),
        lines=(LINE,),
    )
    invoice = NewInvoice(draft=draft, client_id=shop.client.client_id)
    return replace(invoice, **changes)  # type: ignore[arg-type]


async def with_branch(world: World) -> tuple[Shop, OfficeId]:
    shop = await world.open_shop()
    branch = await world.create_office(
        shop.tenant.tenant_id,
        code="0002",
        address="Vía España, local 9",
        coordinates="+8.9892,-79.5201",
        location_code="8-8-7",
        telephone="200-0102",
        billing_points=("002", "012"),
    )
    return shop, branch.office_id


async def test_the_billing_point_finds_its_office_and_the_branch_stands_in_the_cufe() -> None:
    world = World()
    shop, branch = await with_branch(world)
    issued = await world.create_invoice(
        shop.tenant.tenant_id,
        an_invoice(shop, billing_point="012"),
        mode=DocumentMode.DGI,
        idempotency_key="one",
        wait_seconds=5,
        actor="caller:test",
    )
    assert issued.office_id == branch
    assert (issued.expected_cufe[28:32], issued.expected_cufe[50:53]) == ("0002", "012")
    (at_the_pac,) = world.engine.documents
    assert (at_the_pac.office_code, at_the_pac.billing_point) == ("0002", "012")
    assert at_the_pac.cufe == issued.expected_cufe


async def test_a_preview_is_what_is_issued_later_and_takes_no_number() -> None:
    world = World()
    shop, branch = await with_branch(world)
    invoice = an_invoice(shop, office_id=branch)
    preview = await previewing(world)(shop.tenant.tenant_id, invoice)
    assert preview.verdict.findings == ()
    assert not world.engine.documents
    issued = await world.create_invoice(
        shop.tenant.tenant_id,
        invoice,
        mode=DocumentMode.DGI,
        idempotency_key="one",
        wait_seconds=5,
        actor="caller:test",
    )
    assert issued.number == 1
    assert preview.totals == issued.totals
    assert preview.draft == issued.draft
    assert preview.cufe is not None
    assert preview.payload.body is not None
    for place in preview.cufe.places:
        assert place.text in (None, issued.expected_cufe[place.first - 1 : place.last])
    shown = json.loads(preview.payload.body)
    sent = dict(world.engine.documents[0].payload)
    for name in ("numeration", "securityCode", "issueDate"):
        del shown["information"][name], sent["information"][name]
    assert shown == json.loads(json.dumps(sent, default=float))


async def test_a_preview_of_a_credit_note_finds_what_it_may_not_name() -> None:
    world = World()
    shop = await world.open_shop()
    reference = DraftReference(issued_at=world.clock.now(), cufe="FE04")
    draft = replace(
        an_invoice(shop).draft,
        document_type=DocumentType.REFERRING_CREDIT_NOTE,
        nature=OperationNature.RETURN,
        sale_type=None,
        references=(reference,),
    )
    preview = await previewing(world)(shop.tenant.tenant_id, an_invoice(shop, draft=draft))
    assert {finding.rule for finding in preview.verdict.errors} == {"1703"}
    assert preview.totals is not None
    assert preview.totals.total == Decimal("128.40")


async def test_a_missing_retention_code_is_a_finding_beside_the_others() -> None:
    world = World()
    shop = await world.open_shop()
    withholding = await world.create_client(
        shop.tenant.tenant_id,
        Client(
            tenant_id=shop.tenant.tenant_id,
            client_id=ClientId(""),
            name="Retiene, S.A.",
            receiver_type=ReceiverType.TAXPAYER,
            created_at=world.clock.now(),
            contributor_type=RucType.LEGAL,
            ruc="155704849-2-2021",
            address="Calle 1",
            location_code="8-8-7",
            withholds=True,
        ),
        receiver_type=ReceiverType.TAXPAYER,
    )
    line = DraftLine(description="x", quantity=Decimal(1), unit_price=Decimal(1))
    draft = replace(an_invoice(shop).draft, lines=(line,))
    invoice = an_invoice(shop, draft=draft, client_id=withholding.client_id)
    preview = await previewing(world)(shop.tenant.tenant_id, invoice)
    codes = {finding.code for finding in preview.verdict.errors}
    assert {"description_length", "retention_code_missing"} <= codes
    with_code = replace(invoice, draft=replace(draft, retention=RetentionCode.PURCHASE))
    again = await previewing(world)(shop.tenant.tenant_id, with_code)
    assert "retention_code_missing" not in {finding.code for finding in again.verdict.errors}


async def test_a_ruc_that_the_registry_does_not_know_is_a_finding() -> None:
    world = World()
    shop = await world.open_shop()
    world.engine.registry.forget("155704849-2-2021")
    ad_hoc = AdHocReceiver(ruc="155704849-2-2021")
    preview = await previewing(world)(shop.tenant.tenant_id, an_invoice(shop, receiver=ad_hoc))
    assert [finding.code for finding in preview.verdict.errors] == ["ruc_not_registered"]
    assert preview.payload.body is not None


async def test_a_wrong_receiver_is_a_finding_and_not_a_failure() -> None:
    world = World()
    shop = await world.open_shop()
    ad_hoc = AdHocReceiver(ruc="155704849-2-2021", dv="99")
    preview = await previewing(world)(shop.tenant.tenant_id, an_invoice(shop, receiver=ad_hoc))
    assert {"receiver_dv_mismatch", "receiver_dv_wrong"} <= {finding.code for finding in preview.verdict.errors}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"office_id": OfficeId("none")}, OfficeNotFoundError),
        ({"billing_point": "999"}, BillingPointNotOfOfficeError),
        ({"client_id": ClientId("none")}, ClientNotFoundError),
    ],
)
async def test_a_preview_of_nobodys_office_or_client_is_refused(
    changes: dict[str, object], error: type[Exception]
) -> None:
    world = World()
    shop = await world.open_shop()
    with pytest.raises(error):
        await previewing(world)(shop.tenant.tenant_id, an_invoice(shop, **changes))
