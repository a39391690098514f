"""What the PAC can be asked to tell others: an e-mail to a customer, a webhook to us.

Nothing that it answers here changes what is known of a document. A request is made once: the PAC mails again for each.
"""

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Protocol

from core.codes import DocumentType
from core.identifiers import PacDocumentId
from core.ports.pac_gateway import Misconfigured, NotSent, PacAccount, RawAnswer, Throttled, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """The PAC took the request; whether an e-mail or a webhook arrives, it does not say."""

    raw: RawAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRefused:
    """The PAC refused the request. An unknown document is refused too."""

    raw: RawAnswer
    codes: tuple[str, ...]
    messages: tuple[str, ...]


NoticeAnswer = HandedOver | NoticeRefused | NotSent | Throttled | Misconfigured | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCall:
    """Where the PAC shall call, and how the call proves itself. ``user_id`` comes back in X-User-Id."""

    url: str
    secret: str = field(repr=False)
    user_id: str = ""


class PacNotifier(Protocol):
    """Asks the PAC to tell somebody of a document. No method raises for what the network or the PAC does."""

    @abstractmethod
    async def send_email(
        self,
        account: PacAccount,
        document_type: DocumentType,
        pac_document_id: PacDocumentId,
        *,
        address: str,
        message: str,
    ) -> NoticeAnswer:
        """One e-mail to one address, of an invoice or a credit note. Raises ValueError for a debit note."""

    @abstractmethod
    async def send_webhook(
        self, account: PacAccount, pac_document_id: PacDocumentId, call: WebhookCall
    ) -> NoticeAnswer:
        """The webhook of one document once more."""
