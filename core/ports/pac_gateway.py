"""The PAC, in domain words: what a document's submission, void and look-ups can end in.

``submit`` and ``void`` answer with closed unions. Which status and body belongs to which member is the adapter's
knowledge; what each member means for a document is ``core.lifecycle``'s.
"""

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Protocol

from core.codes import DocumentType
from core.documents import FiscalDocument
from core.identifiers import PacDocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class PacAccount:
    """Whose documents are meant at the PAC. ``token`` None: the installation's own key."""

    company_id: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacDocument:
    """A document as the PAC shows it. Every field may be missing; ``legal_status`` is raw."""

    pac_document_id: PacDocumentId | None
    legal_status: str | None = None
    cufe: str | None = None
    qr: str | None = None
    public_url: str | None = None
    pdf_url: str | None = None
    xml_url: str | None = None
    authorization_protocol: str | None = None
    is_void: bool = False  # the PAC shows its void; that it shows none proves nothing
    codes: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """The answer as it came over the wire. ``status`` None: none came."""

    status: int | None
    body: bytes
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The PAC has the document under an id and did not reject it."""

    raw: RawAnswer
    document: PacDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The PAC refused this body. ``document`` when it did so under an id (2xx and PAC_REJECTED)."""

    raw: RawAnswer
    codes: tuple[str, ...]
    messages: tuple[str, ...]
    is_recognised: bool
    document: PacDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """The PAC says that the number is taken; perhaps by which document."""

    raw: RawAnswer
    pac_document_id: PacDocumentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Not a byte left: name resolution, connection or TLS failed."""

    raw: RawAnswer
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """The PAC asks to slow down (429)."""

    raw: RawAnswer
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconfigured:
    """Credentials, affiliation or certificates are wrong: no document of this tenant can pass."""

    raw: RawAnswer
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Anything else: the document may exist at the PAC. ``hinted_id`` when a broken answer named one."""

    raw: RawAnswer
    reason: str
    hinted_id: PacDocumentId | None = None


SubmitAnswer = Accepted | Rejected | Duplicate | NotSent | Throttled | Misconfigured | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """The PAC registered the void event."""

    raw: RawAnswer
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyVoided:
    """The document has a void event already (0622): this DELETE's or an earlier one's."""

    raw: RawAnswer
    codes: tuple[str, ...]
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidRefused:
    """This DELETE was refused, outside the window for example. Of an earlier one it proves nothing."""

    raw: RawAnswer
    codes: tuple[str, ...]
    messages: tuple[str, ...]
    is_recognised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidNotFound:
    """The PAC says that it has no such document for this company."""

    raw: RawAnswer
    messages: tuple[str, ...] = ()


VoidAnswer = Voided | AlreadyVoided | VoidRefused | VoidNotFound | NotSent | Throttled | Misconfigured | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The PAC shows the document."""

    raw: RawAnswer
    document: PacDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """The PAC says that it has no such document for this company."""

    raw: RawAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """The look-up proved nothing; ask again later."""

    raw: RawAnswer
    reason: str
    retry_after_seconds: float | None = None


LookUpAnswer = Found | NotFound | NoAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """The bytes of a file, checked for their kind and size."""

    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadFailed:
    """Why a file could not be had. ``is_refused``: its address or content broke a rule; an alarm."""

    reason: str
    is_refused: bool = False


DownloadAnswer = Downloaded | DownloadFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class PacCapabilities:
    """What this PAC can do beyond the minimum. Safety never rests on any of it."""

    find_by_number: bool = False
    number_checked_first: bool = False


class PacGateway(Protocol):
    """The only way to the PAC's documents. No method raises for what the network or the PAC does."""

    @property
    @abstractmethod
    def capabilities(self) -> PacCapabilities:
        """What this PAC can do."""

    @abstractmethod
    def encode(self, document: FiscalDocument) -> bytes:
        """The exact bytes that will be posted. Pure: the same document, the same bytes.

        Raises PacFieldUnconfirmedError when the document needs a field whose wire name is not known.
        """

    @abstractmethod
    async def submit(self, account: PacAccount, document_type: DocumentType, body: bytes) -> SubmitAnswer:
        """Post the bytes once. Never repeats a request, whatever happens."""

    @abstractmethod
    def encode_void(self, reason: str) -> bytes:
        """The exact bytes of a void's body. Pure."""

    @abstractmethod
    async def void(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId, body: bytes
    ) -> VoidAnswer:
        """Ask once for the void of a document, an invoice or a credit note. Never repeats a request."""

    @abstractmethod
    async def look_up(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId
    ) -> LookUpAnswer:
        """Read one document with the addresses of its files."""

    @abstractmethod
    async def download_pdf(self, url: str) -> DownloadAnswer:
        """Fetch a PDF from an address that the PAC gave, under the download rules."""

    @abstractmethod
    async def download_xml(self, url: str) -> DownloadAnswer:
        """Fetch the XML, the legal document itself, under the same rules."""
