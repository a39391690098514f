"""Alanube's count of documents: nobody has seen it for Panama (ASSUME-014)."""

from datetime import date

from adapters.alanube.calls import good_reply, read_entry
from adapters.alanube.client import AlanubeClient
from adapters.alanube.settings import AlanubeSettings
from core.documents import LegalStatus
from core.failures import PacUnavailableError
from core.ports.pac_gateway import PacAccount
from core.ports.pac_reports import PacReports


class AlanubePacReports(PacReports):
    """See the port."""

    def __init__(self, settings: AlanubeSettings, client: AlanubeClient) -> None:
        """``client`` is shared and closed by whoever made it."""
        self._settings = settings
        self._client = client

    async def count(self, account: PacAccount, first: date, last: date, legal_status: LegalStatus | None) -> int:
        """See the port."""
        query = {"dateFrom": first.isoformat(), "dateUntil": last.isoformat()}
        if legal_status is not None:
            query["legalStatus"] = legal_status.value
        path = ("reports", "companies", account.company_id, "documents", "total")
        outcome = await self._client.send("GET", path, token=account.token, query=query)
        total = read_entry(good_reply(outcome, self._settings.known_codes)).get("total")
        if not isinstance(total, int) or isinstance(total, bool) or total < 0:
            raise PacUnavailableError(reason="the PAC's answer names no total")
        return total
