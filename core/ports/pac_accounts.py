"""Companies and offices at the PAC."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from core.certificates import CertificateFile, CertificateKind
from core.codes import RucType
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PacCompany:
    """A taxpayer as the PAC keeps it. ``affiliation`` is the PAC's own word; only SUBSCRIBED may emit.

    ``security_code``: nine digits (``qr`` on the wire), once they are known. ``ruc_type`` None: the PAC did not say.
    """

    company_id: str
    ruc: str
    ruc_type: RucType | None
    is_active: bool
    affiliation: str | None
    security_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPacCompany:
    """What the PAC wants to know of a taxpayer (contract section 2.5): both certificates with their passwords."""

    name: str
    trade_name: str
    ruc: str
    ruc_type: RucType
    dv: str
    is_main: bool
    logo: str | None
    certificates: Mapping[CertificateKind, CertificateFile]


class AffiliationKind(Enum):
    """The value is the PAC's number."""

    REQUEST = 3  # asks for the affiliation, which the customer accepts in eTax
    SECURITY_CODE = 1  # asks for the code, once it is accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class AffiliationAnswer:
    """What came back. ``address``: what the customer may open, when ``qr`` was no code."""

    affiliation: str | None
    security_code: str | None
    address: str | None


class PacAccounts(Protocol):
    """A tenant's own company at the PAC. Every method raises PacUnavailableError when no answer came,
    PacMisconfiguredError when the credentials are wrong and PacRefusedError when the input is."""

    @abstractmethod
    async def find_office(self, account: PacAccount, code: str) -> PacOffice | None:
        """The company's office with this code, if the PAC has it."""

    @abstractmethod
    async def create_office(self, account: PacAccount, office: NewPacOffice) -> PacOffice:
        """Create it. Not idempotent at the PAC: look first."""


class PacCompanies(Protocol):
    """The taxpayers of this installation at the PAC. Raises as PacAccounts does."""

    @abstractmethod
    async def find_companies(self, ruc: str) -> Sequence[PacCompany]:
        """The installation's companies of a normalised RUC, active or not."""

    @abstractmethod
    async def create_company(self, company: NewPacCompany) -> PacCompany:
        """Create it with the installation's own key. Not idempotent at the PAC: look first.

        Raises PacNotReachedError too, when nothing left this machine; after any other PacUnavailableError the company
        may exist.
        """

    @abstractmethod
    async def get_company(self, account: PacAccount) -> PacCompany:
        """The company as it is now."""

    @abstractmethod
    async def replace_certificates(
        self, account: PacAccount, certificates: Mapping[CertificateKind, CertificateFile]
    ) -> PacCompany:
        """Put new certificates into the slots that are named. May be repeated."""

    @abstractmethod
    async def ask_affiliation(self, account: PacAccount, kind: AffiliationKind) -> AffiliationAnswer:
        """May be repeated: the PAC answers as the company stands."""
