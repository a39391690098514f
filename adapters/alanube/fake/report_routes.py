"""Counts of documents, by analogy with the vendor's other country: no one has seen them for Panama (ASSUME-014)."""

from datetime import date, datetime, timedelta

from adapters.alanube.fake.records import Finding
from adapters.alanube.fake.refusals import refusal
from adapters.alanube.fake.wire import WireAnswer, WireRequest, json_answer
from adapters.alanube.fake.world import World
from core.issue_time import panama_date

LONGEST_REPORT = timedelta(days=90)


def count_documents(world: World, company_ids: set[str], request: WireRequest, now: datetime) -> WireAnswer:
    """``{total}`` of the companies' documents by ``legalStatus``, issued from ``dateFrom`` to ``dateUntil``."""
    today = panama_date(now)
    first = _day(request.query.get("dateFrom"), today - LONGEST_REPORT)
    last = _day(request.query.get("dateUntil"), today)
    if first is None or last is None or not timedelta(0) <= last - first <= LONGEST_REPORT:
        wrong = Finding(code="AP10078", message="dateFrom and dateUntil must span at most 90 days", field="dateFrom")
        return refusal(world.behaviour.error_style, [wrong])
    status = request.query.get("legalStatus")
    total = sum(
        document.company_id in company_ids
        and (status is None or document.legal_status == status)
        and first <= panama_date(document.issued_at) <= last
        for document in world.documents.values()
    )
    return json_answer(200, {"total": total})


def _day(text: str | None, otherwise: date) -> date | None:
    if text is None:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
