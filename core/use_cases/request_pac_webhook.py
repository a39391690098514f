"""Have the PAC send the webhook of a document once more."""

from dataclasses import dataclass

from core.documents import FiscalDocument
from core.failures import WebhookSecretMissingError
from core.identifiers import DocumentId, TenantId
from core.notices import WEBHOOK, NoticeRequest, NoticeResult, id_at_the_pac, result_of
from core.ports.document_repository import DocumentRepository
from core.ports.pac_notifier import PacNotifier, WebhookCall
from core.ports.tenant_resolver import TenantSecrets
from core.tenants import SecretKind
from core.use_cases.keep_notice import KeepNotice
from core.use_cases.pac_account import FindPacAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDoor:
    """Where the PAC reaches this installation: scheme, host and perhaps a path, without a slash at the end."""

    public_url: str

    def address_of(self, company_id: str) -> str:
        """The address of one company's webhooks."""
        return f"{self.public_url.rstrip('/')}/webhooks/pac/{company_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedWebhook:
    """What became of the request, and the document."""

    document: FiscalDocument
    result: NoticeResult


class RequestPacWebhook:
    """Ask the PAC once. It calls this installation's own door with the taxpayer's newest secret: neither is the
    caller's to choose. What comes is taken like any other webhook, as a reason to look and never as a status."""

    def __init__(
        self,
        documents: DocumentRepository,
        secrets: TenantSecrets,
        find_account: FindPacAccount,
        notifier: PacNotifier,
        keep: KeepNotice,
        door: WebhookDoor,
    ) -> None:
        self._documents = documents
        self._secrets = secrets
        self._find_account = find_account
        self._notifier = notifier
        self._keep = keep
        self._door = door

    async def __call__(self, tenant_id: TenantId, document_id: DocumentId, *, actor: str) -> RequestedWebhook:
        """Raises DocumentNotFoundError, NoticeNotPossibleError, WebhookSecretMissingError, NoticeLimitError,
        PacCompanyNotConfiguredError, SecretUnreadableError, StoreUnavailableError; the PAC hears of none of them."""
        document = await self._documents.get(tenant_id, document_id)
        pac_document_id = id_at_the_pac(document)
        account = await self._find_account(tenant_id)
        secrets = await self._secrets.current(tenant_id, SecretKind.WEBHOOK)
        if not secrets:
            raise WebhookSecretMissingError
        attempt, _ = await self._keep.begin(
            tenant_id, document_id, WEBHOOK, NoticeRequest(), check=id_at_the_pac, actor=actor
        )
        call = WebhookCall(url=self._door.address_of(account.company_id), secret=secrets[0], user_id=attempt)
        answer = await self._notifier.send_webhook(account, pac_document_id, call)
        result = result_of(answer, secret=secrets[0])
        await self._keep.finish(tenant_id, document_id, WEBHOOK, attempt, result, actor=actor)
        return RequestedWebhook(document=await self._documents.get(tenant_id, document_id), result=result)
