"""Whether every webhook that was taken is whole and ends processed, or waits for its document (I10)."""

import hashlib
from datetime import datetime, timedelta

from core.invariants.faults import Fault
from core.invariants.findings import Finding, Findings
from core.ports.webhook_inbox import Delivery, DeliveryState


def check_delivery(delivery: Delivery, *, now: datetime, grace: timedelta, is_lateness_judged: bool) -> Findings:
    """``grace``: how long a delivery may wait to be processed."""
    if hashlib.sha256(delivery.body).hexdigest() != delivery.body_digest:
        yield _about(delivery, Fault.DELIVERY_CHANGED, "its body is not what was received")
    waited = now - (delivery.last_received_at or delivery.received_at)
    if delivery.state is DeliveryState.RECEIVED and is_lateness_judged and waited > grace:
        yield _about(delivery, Fault.DELIVERY_STUCK, f"received {delivery.received_at:%Y-%m-%d %H:%M:%S} UTC")
    if delivery.state is DeliveryState.PROCESSED and delivery.document_id is None:
        yield _about(delivery, Fault.DELIVERY_LOST, "processed, and for no document")


def _about(delivery: Delivery, fault: Fault, detail: str) -> Finding:
    subject = f"webhook delivery {delivery.delivery_id}"
    return Finding(fault=fault, tenant_id=delivery.tenant_id, subject=subject, detail=detail)
