"""The administrators' API, on a connection that sees every taxpayer."""

from dishka import Provider, Scope, provide

from adapters.alanube.reports import AlanubePacReports
from adapters.graphql.admin.context import AdminOperations
from bootstrap.settings import Settings
from core.ports.pac_reports import PacReports
from core.use_cases.admin_keys import AuthenticateAdmin
from core.use_cases.administer import Administer
from core.use_cases.administer_onboarding import AdministerOnboarding
from core.use_cases.close_circuit import CloseCircuit
from core.use_cases.create_once import CreateApiKeyOnce, CreateTenantOnce
from core.use_cases.record_admin_change import RecordAdminChange
from core.use_cases.report_documents import ReportDocuments


class AdminProvider(Provider):
    """What administrators may do."""

    scope = Scope.APP
    reports = provide(AlanubePacReports, provides=PacReports)
    report_documents = provide(ReportDocuments)
    close_circuit = provide(CloseCircuit)
    create_tenant = provide(CreateTenantOnce)
    create_api_key = provide(CreateApiKeyOnce)
    record_change = provide(RecordAdminChange)
    administer = provide(Administer)
    administer_onboarding = provide(AdministerOnboarding)
    operations = provide(AdminOperations)

    @provide
    def authenticate(self, settings: Settings) -> AuthenticateAdmin:
        return AuthenticateAdmin(settings.admin.administrators)
