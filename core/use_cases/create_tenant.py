"""A taxpayer starts to issue through this installation."""

from core.codes import Environment, RucType
from core.errors import Wording
from core.failures import MalformedTenantError
from core.identifiers import TenantId
from core.ports.clock import Clock, Identifiers
from core.ports.tenant_resolver import TenantDirectory
from core.taxpayer import DvVerdict, parse_ruc, verify_dv
from core.tenants import DoubtPolicy, Tenant, WebhookAuthentication


class CreateTenant:
    """Keep a tenant with its RUC in the form that is sent, and its DV."""

    def __init__(self, directory: TenantDirectory, clock: Clock, identifiers: Identifiers) -> None:
        self._directory = directory
        self._clock = clock
        self._identifiers = identifiers

    async def __call__(
        self,
        *,
        name: str,
        ruc: str,
        ruc_type: RucType,
        dv: str,
        environment: Environment,
        pac_company_id: str | None,
        doubt_policy: DoubtPolicy = DoubtPolicy.PARK,
        webhook_authentication: WebhookAuthentication = WebhookAuthentication.SHARED_SECRET,
        tenant_id: TenantId | None = None,
    ) -> Tenant:
        """``tenant_id``: one that was chosen before; without it a new one.

        Raises MalformedTenantError, MalformedRucError, CompanyTakenError.
        """
        parsed = parse_ruc(ruc, ruc_type, path=("ruc",))
        if verify_dv(parsed, dv) is DvVerdict.WRONG:
            wrong = Wording(f"the DV of RUC {parsed} is not {dv}", f"el DV del RUC {parsed} no es {dv}")
            raise MalformedTenantError(path=("dv",), problem=wrong)
        if not 2 <= len(name.strip()) <= 100:
            raise MalformedTenantError(
                path=("name",),
                problem=Wording("the name has 2 to 100 characters", "el nombre tiene de 2 a 100 caracteres"),
            )
        tenant = Tenant(
            tenant_id=tenant_id or TenantId(self._identifiers.new_id()),
            name=name.strip(),
            ruc=parsed.normalised,
            ruc_type=ruc_type,
            dv=dv,
            environment=environment,
            created_at=self._clock.now(),
            pac_company_id=pac_company_id,
            doubt_policy=doubt_policy,
            webhook_authentication=webhook_authentication,
        )
        await self._directory.add_tenant(tenant)
        return tenant
