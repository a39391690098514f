"""Companies and offices at Alanube (contract section 1, rows 13 and 14; section 2.6)."""

from typing import Any

from adapters.alanube.bodies import pac_id, text_of
from adapters.alanube.calls import good_reply, read_entries, read_entry
from adapters.alanube.client import AlanubeClient
from adapters.alanube.settings import AlanubeSettings
from adapters.alanube.wire import WireOffice, to_bytes
from core.failures import PacUnavailableError
from core.ports.pac_accounts import NewPacOffice, PacAccounts, PacOffice
from core.ports.pac_gateway import PacAccount

MAIN_OFFICE = "0000"
OFFICES_MAX = 10_000


class AlanubePacAccounts(PacAccounts):
    """A tenant's company at Alanube."""

    def __init__(self, settings: AlanubeSettings, client: AlanubeClient) -> None:
        """``client`` is shared and closed by whoever made it."""
        self._settings = settings
        self._client = client

    async def find_office(self, account: PacAccount, code: str) -> PacOffice | None:
        """Look through the company's offices: a flat array without pages."""
        outcome = await self._client.send("GET", ("companies", account.company_id, "offices"), token=account.token)
        reply = good_reply(outcome, self._settings.known_codes)
        offices = (_office(entry) for entry in read_entries(reply, OFFICES_MAX))
        return next((office for office in offices if office is not None and office.code == code), None)

    async def create_office(self, account: PacAccount, office: NewPacOffice) -> PacOffice:
        """POST once; an answer that cannot be read is PacUnavailableError, and the office may exist: look again."""
        body = to_bytes(
            WireOffice(
                code=office.code,
                type="main" if office.code == MAIN_OFFICE else "associated",
                coordinates=office.coordinates,
                address=office.address,
                telephone=office.telephone,
                location=office.location_code,
            )
        )
        outcome = await self._client.send(
            "POST", ("companies", account.company_id, "offices"), token=account.token, body=body
        )
        created = _office(read_entry(good_reply(outcome, self._settings.known_codes)))
        if created is None:
            raise PacUnavailableError(reason="the PAC's answer names no office id")
        return created


def _office(entry: dict[str, Any]) -> PacOffice | None:
    office_id, code = pac_id(entry.get("id")), text_of(entry.get("code"), 20)
    return PacOffice(pac_office_id=office_id, code=code) if office_id is not None and code is not None else None
