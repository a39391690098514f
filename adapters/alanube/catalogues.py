"""The /dgi/* catalogues (contract section 1, row 17): flat arrays of code and value, without a company."""

from collections.abc import Sequence

from adapters.alanube.bodies import text_of
from adapters.alanube.calls import good_reply, read_entries
from adapters.alanube.client import AlanubeClient
from adapters.alanube.settings import AlanubeSettings
from core.catalogues import CODE_MAX, ENTRIES_MAX, NAME_MAX, CatalogueEntry, CatalogueKind
from core.failures import PacMisconfiguredError, PacRefusedError, PacUnavailableError
from core.ports.pac_catalogues import PacCatalogues
from core.ports.pac_gateway import PacAccount

_NAMES = {
    CatalogueKind.GOODS_AND_SERVICES: "goods-and-services",
    CatalogueKind.LOCATIONS: "locations",
    CatalogueKind.UNITS: "measurement-units",
    CatalogueKind.COUNTRIES: "countries",
}


class AlanubeCatalogues(PacCatalogues):
    """Reads them whole. Entries without a code or a name are passed over; a code is kept as text."""

    def __init__(self, settings: AlanubeSettings, client: AlanubeClient) -> None:
        """``client`` is shared and closed by whoever made it."""
        self._settings = settings
        self._client = client

    async def fetch(self, account: PacAccount, kind: CatalogueKind) -> Sequence[CatalogueEntry]:
        """See the port."""
        outcome = await self._client.send("GET", ("dgi", _NAMES[kind]), token=account.token)
        try:
            reply = good_reply(outcome, self._settings.known_codes)
        except (PacRefusedError, PacMisconfiguredError) as error:
            raise PacUnavailableError(reason=error.message.english) from error
        entries: dict[str, CatalogueEntry] = {}
        for given in read_entries(reply, ENTRIES_MAX):
            raw = given.get("code")
            code = text_of(str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw, CODE_MAX)
            name = text_of(given.get("value"), NAME_MAX)
            if code and name:
                entries.setdefault(code, CatalogueEntry(code=code, name=name))
        if not entries:
            raise PacUnavailableError(reason="the catalogue is empty")
        return tuple(entries.values())
