"""A taxpayer on the way to its first document: what was said, what is done, what comes next. Pure.

The order (contract section 6): the company with its certificates at the PAC, the tenant here, affiliation 3, the
customer's own yes in eTax, affiliation 1 with the security code (``qr``), the first office.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from core.certificates import KeptCertificate
from core.codes import Environment, RucType
from core.errors import Wording
from core.failures import OnboardingDiffersError
from core.identifiers import OfficeId, TenantId

SUBSCRIBED = "SUBSCRIBED"


class Step(Enum):
    """What is to be done next; the value is stable."""

    COMPANY = "company"
    TENANT = "tenant"
    AFFILIATION = "affiliation"
    CUSTOMER = "customer"  # somebody else's: yes in eTax
    SECURITY_CODE = "security_code"
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOffice:
    """The first branch, as CreateOffice takes it."""

    code: str
    address: str
    coordinates: str
    location_code: str
    telephone: str
    billing_points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxpayer:
    """What the PAC and this installation want to know. ``ruc`` is normalised; ``logo`` is an address."""

    name: str
    trade_name: str
    ruc: str
    ruc_type: RucType
    dv: str
    environment: Environment
    is_main: bool = False  # the PAC has one main company a user, and any number of associated ones
    logo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """One taxpayer's way. ``version`` counts changes, so that of two runs at once one gives way.

    ``company_asked_at``: the PAC may be making the company since then. ``affiliation_state`` is the PAC's last word.
    """

    tenant_id: TenantId
    taxpayer: Taxpayer
    office: FirstOffice
    started_at: datetime
    version: int = 0
    company_asked_at: datetime | None = None
    pac_company_id: str | None = None
    certificates: tuple[KeptCertificate, ...] = ()
    tenant_made_at: datetime | None = None
    affiliation_asked_at: datetime | None = None
    affiliation_address: str | None = None
    affiliation_state: str | None = None
    affiliation_seen_at: datetime | None = None
    security_code: str | None = None
    office_id: OfficeId | None = None

    @property
    def is_subscribed(self) -> bool:
        """The customer said yes: only then may the company emit (contract section 2.5)."""
        return self.affiliation_state == SUBSCRIBED

    @property
    def may_issue(self) -> bool:
        """SUBSCRIBED, and its security code is known."""
        return self.is_subscribed and self.security_code is not None

    def next_step(self) -> Step | None:
        """The first thing that is not done; None: everything is."""
        done = (
            (Step.COMPANY, self.pac_company_id is not None),
            (Step.TENANT, self.tenant_made_at is not None),
            (Step.AFFILIATION, self.affiliation_asked_at is not None or self.is_subscribed),
            (Step.CUSTOMER, self.is_subscribed),
            (Step.SECURITY_CODE, self.security_code is not None),
            (Step.OFFICE, self.office_id is not None),
        )
        return next((step for step, is_done in done if not is_done), None)

    def missing(self) -> Wording | None:
        """Why it may not issue, in words; None: it may."""
        step = self.next_step()
        return None if self.may_issue or step is None else _MISSING[step]


_MISSING = {
    Step.COMPANY: Wording("the PAC does not have the company", "el PAC no tiene la empresa"),
    Step.TENANT: Wording("the taxpayer is not registered here", "el contribuyente no está registrado aquí"),
    Step.AFFILIATION: Wording("the affiliation was not asked for", "no se ha pedido la afiliación"),
    Step.CUSTOMER: Wording(
        "the taxpayer has not accepted the affiliation in eTax", "el contribuyente no ha aceptado la afiliación en eTax"
    ),
    Step.SECURITY_CODE: Wording(
        "the PAC has not given the security code (qr)", "el PAC no ha dado el código de seguridad (qr)"
    ),
    Step.OFFICE: Wording("there is no office", "no hay sucursal"),
}


def ask_for_company(onboarding: Onboarding, certificates: tuple[KeptCertificate, ...], now: datetime) -> Onboarding:
    """Before the POST: whoever comes later knows that it may have been done, and with which certificates."""
    return replace(onboarding, company_asked_at=now, certificates=certificates)


def company_refused(onboarding: Onboarding) -> Onboarding:
    """The PAC said no: nothing was made, so it may be asked again."""
    return replace(onboarding, company_asked_at=None, certificates=())


def doubt_ends_at(onboarding: Onboarding, settling: timedelta) -> datetime | None:
    """Until then a lost request may still be carried out; None: none is out."""
    asked = onboarding.company_asked_at
    return None if asked is None or onboarding.pac_company_id is not None else asked + settling


def company_known(onboarding: Onboarding, company_id: str) -> Onboarding:
    """The PAC has it, by our doing or before: of the latter's certificates nothing is known."""
    return replace(onboarding, pac_company_id=company_id)


def affiliation_seen(onboarding: Onboarding, state: str | None, code: str | None, now: datetime) -> Onboarding:
    """The PAC's word on the affiliation; what it does not say any more stays as it was."""
    return replace(
        onboarding,
        affiliation_state=state or onboarding.affiliation_state,
        affiliation_seen_at=now,
        security_code=code or onboarding.security_code,
    )


def certificate_replaced(onboarding: Onboarding, new: tuple[KeptCertificate, ...]) -> Onboarding:
    """The new ones, and the other kind as it was."""
    kinds = {each.kind for each in new}
    kept = tuple(each for each in onboarding.certificates if each.kind not in kinds)
    return replace(onboarding, certificates=tuple(sorted((*kept, *new), key=lambda each: each.kind.value)))


def said_again(onboarding: Onboarding, taxpayer: Taxpayer, office: FirstOffice) -> Onboarding:
    """What a later run says. The office may change until it is made, the company until the PAC was asked for it.

    Raises OnboardingDiffersError.
    """
    if onboarding.company_asked_at is not None or onboarding.pac_company_id is not None:
        for name in ("name", "trade_name", "ruc", "ruc_type", "dv", "environment", "is_main", "logo"):
            if getattr(taxpayer, name) != getattr(onboarding.taxpayer, name):
                raise OnboardingDiffersError(ruc=taxpayer.ruc, field=name)
    return replace(onboarding, taxpayer=taxpayer, office=onboarding.office if onboarding.office_id else office)
