"""Companies and offices at the PAC."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from core.ports.pac_gateway import PacAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class PacOffice:
    """A branch as the PAC keeps it."""

    pac_office_id: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPacOffice:
    """What the PAC wants to know of a branch."""

    code: str
    address: str
    coordinates: str
    location_code: str
    telephone: str


class PacAccounts(Protocol):
    """A tenant's own company at the PAC. Every method raises PacUnavailableError when no answer came,
    PacMisconfiguredError when the credentials are wrong and PacRefusedError when the input is."""

    @abstractmethod
    async def find_office(self, account: PacAccount, code: str) -> PacOffice | None:
        """The company's office with this code, if the PAC has it."""

    @abstractmethod
    async def create_office(self, account: PacAccount, office: NewPacOffice) -> PacOffice:
        """Create it. Not idempotent at the PAC: look first."""
