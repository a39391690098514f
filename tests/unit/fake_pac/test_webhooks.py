"""Webhooks as the engine queues them: who gets them, when, how often, and how they go wrong."""

import json
from datetime import timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.records import WebhookTarget
from tests.unit.fake_pac.pac_at_hand import PacAtHand, codes_of, consumer_invoice, invoice
from tests.unit.fake_pac.wire_schemas import schema

TARGET = "https://istmo.example/webhooks/pac/company"


@pytest.fixture
def told(pac: PacAtHand) -> PacAtHand:
    """A PAC whose company has a webhook."""
    target = WebhookTarget(url=TARGET, secret="a shared secret", user_id="user-1")
    pac.engine.set_webhook(pac.company.id, target)
    return pac


def spoil(pac: PacAtHand, kind: FaultKind, **rule: object) -> None:
    pac.engine.set_faults(FaultPlan(rules=(FaultRule(kind=kind, **rule),)))  # type: ignore[arg-type]


def statuses(pac: PacAtHand) -> list[str]:
    return [json.loads(webhook.body)["legalStatus"] for webhook in pac.engine.take_due_webhooks()]


def test_tells_each_change_of_status_with_the_secret_verbatim(told: PacAtHand) -> None:
    document = told.authorised()

    webhooks = told.engine.take_due_webhooks()

    assert [json.loads(each.body)["legalStatus"] for each in webhooks] == ["PAC_AUTHORIZED", "DGI_AUTHORIZED"]
    for webhook in webhooks:
        body = json.loads(webhook.body)
        schema("webhook").validate(body)
        assert (body["id"], body["cufe"]) == (document.id, document.cufe)
        assert webhook.url == TARGET
        assert webhook.headers["X-Pac-Signature"] == "a shared secret"
        assert webhook.headers["X-User-Id"] == "user-1"
    assert told.engine.take_due_webhooks() == []


def test_a_company_without_a_webhook_is_told_nothing(pac: PacAtHand) -> None:
    pac.authorised()

    assert pac.engine.take_due_webhooks() == []


def test_webhooks_can_be_switched_off_and_on_again(told: PacAtHand) -> None:
    told.engine.switch_webhooks(told.company.id, enabled=False)
    told.authorised(invoice(1))
    assert statuses(told) == []

    told.engine.switch_webhooks(told.company.id, enabled=True)

    told.authorised(invoice(2))
    assert statuses(told) == ["PAC_AUTHORIZED", "DGI_AUTHORIZED"]


def test_the_acceptance_is_told_only_when_the_setting_says_so(told: PacAtHand) -> None:
    told.engine.behave(webhook_on_acceptance=False)
    told.authorised()

    assert statuses(told) == ["DGI_AUTHORIZED"]


def test_a_webhook_waits_for_its_delay(told: PacAtHand) -> None:
    told.engine.behave(webhook_delay=timedelta(minutes=1))
    told.issue()

    assert statuses(told) == []
    assert told.engine.next_due_at() is not None
    told.wait(minutes=1)
    assert statuses(told) == ["PAC_AUTHORIZED"]


def test_a_lost_webhook_never_comes(told: PacAtHand) -> None:
    spoil(told, FaultKind.LOSE_WEBHOOK)
    told.authorised()
    told.wait(days=30)

    assert statuses(told) == []
    assert told.engine.faults_fired[FaultKind.LOSE_WEBHOOK] == 2


def test_a_duplicated_webhook_comes_twice(told: PacAtHand) -> None:
    spoil(told, FaultKind.DUPLICATE_WEBHOOK, nth=frozenset({2}))
    told.authorised()

    assert statuses(told) == ["PAC_AUTHORIZED", "DGI_AUTHORIZED", "DGI_AUTHORIZED"]


def test_a_delayed_webhook_comes_out_of_order(told: PacAtHand) -> None:
    spoil(told, FaultKind.DELAY_WEBHOOK, nth=frozenset({1}), seconds=3600.0)
    told.authorised()
    told.wait(hours=2)

    assert statuses(told) == ["DGI_AUTHORIZED", "PAC_AUTHORIZED"]


def test_a_webhook_can_carry_a_wrong_secret(told: PacAtHand) -> None:
    spoil(told, FaultKind.WRONG_SECRET_WEBHOOK)
    told.issue()

    assert told.engine.take_due_webhooks()[0].headers["X-Pac-Signature"] != "a shared secret"


@pytest.mark.parametrize("status", [500, 503, None])
def test_a_failed_delivery_is_tried_again_a_bounded_number_of_times(told: PacAtHand, status: int | None) -> None:
    told.issue(consumer_invoice())
    attempts = 0
    for _ in range(20):
        for webhook in told.engine.take_due_webhooks():
            if json.loads(webhook.body)["legalStatus"] == "PAC_AUTHORIZED":
                attempts += 1
                assert webhook.attempt == attempts
                told.engine.report_delivery(webhook, status)
        told.wait(minutes=10)

    assert attempts == 5
    assert [delivery.status for delivery in told.engine.deliveries] == [status] * 5


@pytest.mark.parametrize("status", [200, 204, 403, 404])
def test_an_answered_delivery_is_not_tried_again(told: PacAtHand, status: int) -> None:
    told.issue()
    webhook = told.engine.take_due_webhooks()[0]

    told.engine.report_delivery(webhook, status)
    told.wait(hours=1)

    assert all(each.id != webhook.id for each in told.engine.take_due_webhooks())


def test_a_webhook_can_be_asked_for_again_with_another_target(pac: PacAtHand) -> None:
    document = pac.authorised()
    body = {
        "documentId": document.id,
        "webhookUrl": "https://elsewhere.example/hook",
        "userId": "user-2",
        "webhookSecret": "another secret",
    }

    assert pac.call("POST", "/documents/notify-webhook", body).status == 200

    (webhook,) = pac.engine.take_due_webhooks()
    assert (webhook.url, webhook.headers["X-Pac-Signature"]) == (
        "https://elsewhere.example/hook",
        "another secret",
    )
    assert json.loads(webhook.body)["legalStatus"] == "DGI_AUTHORIZED"


def test_a_webhook_on_demand_needs_a_document_and_an_address(pac: PacAtHand) -> None:
    document = pac.authorised()
    good = {"documentId": document.id, "webhookUrl": "https://e.example/h", "webhookSecret": "s"}

    unknown = good | {"documentId": "01JA0B1C2D3E4F5G6H7J8K9M0N"}
    assert pac.call("POST", "/documents/notify-webhook", unknown).status == 404
    no_address = good | {"webhookUrl": "file:///etc/passwd"}
    assert codes_of(pac.call("POST", "/documents/notify-webhook", no_address)) == {"AP10078"}
    assert pac.engine.take_due_webhooks() == []
