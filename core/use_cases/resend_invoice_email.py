"""Have the PAC mail a document again."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import FiscalDocument
from core.identifiers import DocumentId, TenantId
from core.intents import read_intent
from core.notices import (
    EMAIL,
    NoticeOutcome,
    NoticeRequest,
    NoticeResult,
    addresses_for,
    checked_message,
    require_mailable,
    result_of,
)
from core.ports.document_repository import DocumentRepository
from core.ports.pac_notifier import PacNotifier
from core.use_cases.keep_notice import KeepNotice
from core.use_cases.pac_account import FindPacAccount

OPERATION = "resendInvoiceEmail"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResentEmail:
    """What became of the e-mail to each address, in order, and the document."""

    document: FiscalDocument
    results: tuple[NoticeResult, ...]


class ResendInvoiceEmail:
    """Ask the PAC once for each address. A lost answer stays UNKNOWN: the PAC mails again for every request.

    The same key gives back what became of the first call; without a key every call mails again, within the limit.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        find_account: FindPacAccount,
        notifier: PacNotifier,
        keep: KeepNotice,
    ) -> None:
        self._documents = documents
        self._find_account = find_account
        self._notifier = notifier
        self._keep = keep

    async def __call__(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        *,
        emails: Sequence[str] | None = None,
        message: str = "",
        idempotency_key: str | None = None,
        actor: str,
    ) -> ResentEmail:
        """``emails`` None: those of the document's receiver.

        Raises DocumentNotFoundError, EmailOfDebitError, NoticeNotPossibleError, EmailAddressMissingError,
        TooManyEmailAddressesError, MalformedEmailAddressError, MalformedEmailMessageError, NoticeLimitError,
        MalformedIdempotencyKeyError, IdempotencyConflictError, PacCompanyNotConfiguredError, StoreUnavailableError;
        none of them mails anything.
        """
        document = await self._documents.get(tenant_id, document_id)
        pac_document_id = require_mailable(document)
        addresses, text = addresses_for(document, emails), checked_message(message)
        meaning = {"document": document_id, "addresses": addresses, "message": text}
        intent = read_intent(OPERATION, idempotency_key, meaning)
        account = await self._find_account(tenant_id)
        request = NoticeRequest(
            name=intent.key if intent else "",
            fingerprint=intent.fingerprint if intent else "",
            facts={"addresses": " ".join(addresses), "message_characters": str(len(text))},
        )
        attempt, is_ours = await self._keep.begin(
            tenant_id, document_id, EMAIL, request, check=require_mailable, actor=actor
        )
        if not is_ours:
            known = await self._keep.results(tenant_id, document_id, EMAIL, attempt)
            results = [known.get(address, _untold(address)) for address in addresses]
            return ResentEmail(document=document, results=tuple(results))
        results = []
        for address in addresses:
            answer = await self._notifier.send_email(
                account, document.document_type, pac_document_id, address=address, message=text
            )
            results.append(result_of(answer, address=address))
            await self._keep.finish(tenant_id, document_id, EMAIL, attempt, results[-1], actor=actor)
        return ResentEmail(document=await self._documents.get(tenant_id, document_id), results=tuple(results))


def _untold(address: str) -> NoticeResult:
    return NoticeResult(
        outcome=NoticeOutcome.UNKNOWN, reason="the first call with this key told nothing yet", address=address
    )
