"""The administrators' endpoint beside the API's, over one world in memory."""

import hashlib
from dataclasses import dataclass
from typing import Any

import httpx
from litestar import Litestar

from adapters.alanube.client import AlanubeClient
from adapters.alanube.companies import AlanubePacCompanies
from adapters.alanube.fake.engine import DEFAULT_TOKEN
from adapters.alanube.fake.in_memory_gateway import EngineTransport
from adapters.alanube.reports import AlanubePacReports
from adapters.alanube.settings import AlanubeSettings
from adapters.certificates.p12_reader import P12CertificateReader
from adapters.graphql.admin.context import AdminOperations
from adapters.graphql.admin.handlers import build_admin_handlers
from adapters.graphql.handlers import build_graphql_handlers
from adapters.graphql.settings import GraphqlSettings
from core.ports.pac_accounts import PacCompanies
from core.use_cases.admin_keys import AdminKey, AuthenticateAdmin
from core.use_cases.administer import Administer
from core.use_cases.administer_onboarding import AdministerOnboarding
from core.use_cases.api_keys import CreateApiKey, RevokeApiKey
from core.use_cases.close_circuit import CloseCircuit
from core.use_cases.create_once import CreateApiKeyOnce, CreateTenantOnce
from core.use_cases.onboard_taxpayer import OnboardTaxpayer
from core.use_cases.record_admin_change import RecordAdminChange
from core.use_cases.replace_certificates import ReplaceCertificates
from core.use_cases.report_documents import ReportDocuments
from core.use_cases.reseal_secrets import ResealSecrets
from core.use_cases.set_doubt_policy import SetDoubtPolicy
from core.use_cases.set_series import SetSeries
from tests.shop import Shop
from tests.unit.graphql.api import PUBLIC_URL, operations_of
from tests.world import World

ADMIN_SECRET = "istmo_admin_" + "a" * 43


def settings_of(world: World) -> AlanubeSettings:
    """The installation's account at the world's PAC."""
    return AlanubeSettings(
        base_url=world.engine.base_url, token=DEFAULT_TOKEN, plain_http_hosts=frozenset({"fake-pac.invalid"})
    )


def client_of(world: World, settings: AlanubeSettings) -> AlanubeClient:
    """Straight into the world's PAC."""
    return AlanubeClient(settings, world.clock, transport=EngineTransport(world.engine))


def administer_of(world: World) -> Administer:
    """Every change of the installation but onboarding."""
    stores = world.stores
    create_key = CreateApiKey(stores.tenants, stores.directory, world.clock, world.identifiers, world.chance)
    return Administer(
        record=RecordAdminChange(stores.administration, world.clock),
        new_tenant=world.create_tenant,
        new_tenant_once=CreateTenantOnce(stores.tenants, world.create_tenant),
        new_office=world.create_office,
        new_api_key=create_key,
        new_api_key_once=CreateApiKeyOnce(stores.directory, create_key),
        end_api_key=RevokeApiKey(stores.directory, world.clock),
        rotate_secret=world.rotate_secret,
        doubt_policy=SetDoubtPolicy(stores.tenants, stores.directory),
        circuit=CloseCircuit(stores.tenants, stores.circuits),
        series=SetSeries(stores.tenants, stores.series, world.clock),
        reseal=ResealSecrets(stores.directory, stores.secrets),
    )


def admin_operations_of(world: World, companies: PacCompanies | None = None) -> AdminOperations:
    """As ``bootstrap.admin_wiring`` wires them."""
    stores, settings = world.stores, settings_of(world)
    client = client_of(world, settings)
    reader = P12CertificateReader()
    companies = companies or AlanubePacCompanies(settings, client)
    administrator = AdminKey(name="alice", secret_digest=hashlib.sha256(ADMIN_SECRET.encode()).hexdigest())
    return AdminOperations(
        authenticate=AuthenticateAdmin([administrator]),
        administer=administer_of(world),
        administer_onboarding=AdministerOnboarding(
            record=RecordAdminChange(stores.administration, world.clock),
            book=stores.onboardings,
            advance=OnboardTaxpayer(
                stores.onboardings,
                stores.tenants,
                stores.directory,
                companies,
                reader,
                world.create_tenant,
                world.create_office,
                world.clock,
                world.identifiers,
                settling_seconds=world.schedules.settling,
            ),
            certificates=ReplaceCertificates(stores.onboardings, world.find_account, companies, reader, world.clock),
        ),
        administration=stores.administration,
        report_documents=ReportDocuments(
            stores.tenants,
            stores.directory,
            stores.documents,
            world.find_account,
            AlanubePacReports(settings, client),
        ),
        tenants=stores.tenants,
        directory=stores.directory,
        secrets=stores.secrets,
        circuits=stores.circuits,
        onboardings=stores.onboardings,
        clock=world.clock,
    )


@dataclass
class AdminApi:
    """Both endpoints on one server. ``companies`` may stand between the use cases and the PAC."""

    world: World
    shop: Shop
    companies: PacCompanies | None = None

    def __post_init__(self) -> None:
        settings = GraphqlSettings(public_url=PUBLIC_URL)
        handlers = [
            *build_graphql_handlers(operations_of(self.world), settings),
            *build_admin_handlers(admin_operations_of(self.world, self.companies), settings),
        ]
        app = Litestar(route_handlers=handlers, openapi_config=None, logging_config=None)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://istmo.test"
        )

    async def post(
        self, query: str, variables: Any = None, *, key: str = ADMIN_SECRET, path: str = "/admin/graphql"
    ) -> httpx.Response:
        """The raw answer."""
        body = {"query": query, "variables": variables or {}}
        return await self.http.post(path, json=body, headers={"Authorization": f"Bearer {key}"})

    async def run(self, query: str, variables: Any = None) -> Any:
        """The data of a query that must succeed."""
        answer = await self.post(query, variables)
        content = answer.json()
        assert answer.status_code == 200, content
        assert "errors" not in content, content
        return content["data"]


async def start_admin_api() -> AdminApi:
    """One shop."""
    world = World()
    return AdminApi(world=world, shop=await world.open_shop())
