"""How long the PAC asks us to wait: seconds or an HTTP date, within bounds."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from adapters.alanube.replies import Reply

LONGEST_WAIT_SECONDS = 3600.0


def retry_after_seconds(reply: Reply) -> float | None:
    """Seconds from 0 to an hour; None when nothing readable was asked.

    A date is measured against the answer's own ``Date``, so the PAC's clock may be wrong.
    """
    asked = reply.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", asked, re.ASCII):
        return min(float(asked), LONGEST_WAIT_SECONDS)
    until = _http_date(asked)
    if until is None:
        return None
    sent_at = _http_date(reply.headers.get("date", "")) or reply.received_at
    return min(max((until - sent_at).total_seconds(), 0.0), LONGEST_WAIT_SECONDS)


def _http_date(text: str) -> datetime | None:
    if not text or len(text) > 40:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
