"""Opens the shops of a world through the service's own use cases, before any trouble begins."""

from adapters.alanube.fake.engine import DEFAULT_TOKEN
from adapters.alanube.fake.records import WebhookTarget
from bootstrap.simulation.plans import TenantPlan
from bootstrap.simulation.processes import SimulatedProcess
from bootstrap.simulation.wishes import Shop
from bootstrap.simulation.world import World
from core.codes import Environment, RucType
from core.tenants import DoubtPolicy, Role, SecretKind
from core.use_cases.api_keys import CreateApiKey
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.rotate_secret import RotateSecret

WEBHOOK_SECRET = "canary-webhook-secret-{tenant}-{turn}"  # noqa: S105 - of a fake; looked for where none may be
TENANT_TOKEN = "canary-pac-token-{tenant}-{turn}"  # noqa: S105


async def open_shops(world: World) -> list[Shop]:
    """One for each tenant of the plan."""
    process = world.any_process()
    return [await _open(world, process, place, tenant) for place, tenant in enumerate(world.plan.tenants)]


async def _open(world: World, process: SimulatedProcess, place: int, planned: TenantPlan) -> Shop:
    token = TENANT_TOKEN.format(tenant=place, turn=0) if planned.own_token else None
    name = f"Ferretería {place}, S.A."
    company = world.engine.register_company(
        ruc=f"15500{place:04d}-2-2020", name=name, token=token or DEFAULT_TOKEN, main_office=False
    )
    create_tenant, create_office = await process.get(CreateTenant), await process.get(CreateOffice)
    rotate, create_key = await process.get(RotateSecret), await process.get(CreateApiKey)
    tenant = await create_tenant(
        name=name,
        ruc=company.ruc,
        ruc_type=RucType.LEGAL,
        dv=company.dv,
        environment=Environment.TEST,
        pac_company_id=company.id,
        doubt_policy=planned.policy,
    )
    tenant_id = tenant.tenant_id
    if token is not None:
        await rotate(tenant_id, SecretKind.PAC_KEY, token, keep_previous=False)
    secret = WEBHOOK_SECRET.format(tenant=place, turn=0)
    await rotate(tenant_id, SecretKind.WEBHOOK, secret, keep_previous=False)
    target = WebhookTarget(url=f"https://istmo.invalid/webhooks/pac/{company.id}", secret=secret)
    target.enabled = planned.webhooks
    world.engine.set_webhook(company.id, target)
    await create_office(
        tenant_id,
        code="0000",
        address="Avenida Balboa, local 4",
        coordinates="+8.9892,-79.5201",
        location_code="8-8-7",
        telephone="200-0101",
    )
    key = await create_key(tenant_id, name="simulation", role=Role.ISSUER)
    world.witness.companies[tenant_id] = company.id
    if planned.policy is DoubtPolicy.PARK:
        world.witness.parked.add(tenant_id)
    return Shop(tenant_id=tenant_id, company_id=company.id, api_key=key.secret, token=token)
