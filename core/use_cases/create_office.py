"""A branch is registered at the PAC and here."""

import re
from collections.abc import Sequence

from core.errors import Wording
from core.failures import MalformedOfficeError, OfficeCodeTakenError, PacRefusedError
from core.identifiers import OfficeId, TenantId
from core.intents import read_intent
from core.ports.clock import Clock, Identifiers
from core.ports.pac_accounts import NewPacOffice, PacAccounts, PacOffice
from core.ports.pac_gateway import PacAccount
from core.ports.tenant_resolver import TenantDirectory
from core.tenants import Office, first_billing_point
from core.use_cases.pac_account import FindPacAccount

OPERATION = "createOffice"
_CODE = re.compile(r"[0-9A-Za-z]{4}", re.ASCII)
_BILLING_POINT = re.compile(r"(?!000)[0-9]{3}", re.ASCII)
_COORDINATES = re.compile(r"[+-]?[0-9]{1,2}\.[0-9]{2,6},[+-]?[0-9]{1,3}\.[0-9]{2,6}", re.ASCII)
_LOCATION = re.compile(r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}", re.ASCII)
_TELEPHONE = re.compile(r"[0-9]{3,4}-[0-9]{4}", re.ASCII)
_SHAPES = (
    ("code", _CODE, Wording("code has 4 letters or digits", "code tiene 4 letras o dígitos")),
    (
        "coordinates",
        _COORDINATES,
        Wording("coordinates look like +8.9892,-79.5201", "coordinates es como +8.9892,-79.5201"),
    ),
    ("location_code", _LOCATION, Wording("locationCode looks like 8-8-7", "locationCode es como 8-8-7")),
    ("telephone", _TELEPHONE, Wording("telephone looks like 200-0101", "telephone es como 200-0101")),
)


class CreateOffice:
    """Create an office. The PAC is asked first whether it has the code already, since creating is not idempotent."""

    def __init__(
        self,
        directory: TenantDirectory,
        find_account: FindPacAccount,
        pac_accounts: PacAccounts,
        clock: Clock,
        identifiers: Identifiers,
        *,
        default_billing_point: str = "001",
    ) -> None:
        self._directory = directory
        self._find_account = find_account
        self._pac_accounts = pac_accounts
        self._clock = clock
        self._identifiers = identifiers
        self._default_billing_point = default_billing_point

    async def __call__(
        self,
        tenant_id: TenantId,
        *,
        code: str,
        address: str,
        coordinates: str,
        location_code: str,
        telephone: str,
        billing_points: Sequence[str] = (),
        idempotency_key: str | None = None,
    ) -> Office:
        """Without billing points the office gets one from its code: the last three digits, 000 takes the default.
        The same key and input give the same office back, without a word to the PAC.

        Raises MalformedOfficeError, MalformedIdempotencyKeyError, IdempotencyConflictError, OfficeCodeTakenError,
        BillingPointTakenError, PacCompanyNotConfiguredError, PacUnavailableError, PacMisconfiguredError,
        PacRefusedError.
        """
        points = tuple(billing_points) or (first_billing_point(code, self._default_billing_point),)
        given = {"code": code, "coordinates": coordinates, "location_code": location_code, "telephone": telephone}
        refuse_malformed(given, address, points)
        said = given | {"address": address, "billing_points": tuple(billing_points)}
        intent = read_intent(OPERATION, idempotency_key, said)
        offices = await self._directory.offices(tenant_id)
        # after the offices: whoever shows among them with this intent is then found by it
        made = await self._directory.find_made_office(tenant_id, intent) if intent is not None else None
        if made is not None:
            return made
        if any(office.code == code for office in offices):
            raise OfficeCodeTakenError(path=("code",), code=code)
        known = await self._registered(
            await self._find_account(tenant_id),
            NewPacOffice(
                code=code,
                address=address,
                coordinates=coordinates,
                location_code=location_code,
                telephone=telephone,
            ),
        )
        office = Office(
            tenant_id=tenant_id,
            office_id=OfficeId(self._identifiers.new_id()),
            code=code,
            pac_office_id=known.pac_office_id,
            address=address,
            coordinates=coordinates,
            location_code=location_code,
            telephone=telephone,
            billing_points=points,
            created_at=self._clock.now(),
        )
        return await self._directory.add_office(office, intent=intent)

    async def _registered(self, account: PacAccount, office: NewPacOffice) -> PacOffice:
        known = await self._pac_accounts.find_office(account, office.code)
        if known is not None:
            return known
        try:
            return await self._pac_accounts.create_office(account, office)
        except PacRefusedError:
            # another task may have registered the code since it was asked for
            known = await self._pac_accounts.find_office(account, office.code)
            if known is None:
                raise
            return known


def refuse_malformed(given: dict[str, str], address: str, points: Sequence[str]) -> None:
    """Raises MalformedOfficeError with the path of the bad field."""
    for name, shape, problem in _SHAPES:
        if not shape.fullmatch(given[name]):
            raise MalformedOfficeError(path=(_camel(name),), problem=problem)
    if not 1 <= len(address) <= 100:
        problem = Wording("address has 1 to 100 characters", "address tiene de 1 a 100 caracteres")
        raise MalformedOfficeError(path=("address",), problem=problem)
    for place, point in enumerate(points):
        if not _BILLING_POINT.fullmatch(point) or points.index(point) != place or place >= 100:
            problem = Wording(
                "billing points are 001 to 999, each once, at most 100",
                "los puntos de facturación van de 001 a 999, cada uno una vez, máximo 100",
            )
            raise MalformedOfficeError(path=("billingPoints", place), problem=problem)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
