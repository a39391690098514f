"""Somebody else's document becomes one of ours to read: by the QR code on its file."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from core.cufe import Cufe, verify_cufe
from core.documents import Attachment, Change, DocumentKind, FiscalDocument, Recording, Submission
from core.drafts import AmountSource
from core.errors import IstmoError, Wording
from core.events import Event, EventKind
from core.failures import (
    AlreadyImportedError,
    AmountsNeededError,
    IdempotencyConflictError,
    ImportedCufeWrongError,
    MalformedInputError,
    OwnDocumentError,
    QrMissingError,
    QrNotDgiError,
    QrNotReadyError,
    SourceTypeMismatchError,
)
from core.fingerprint import fingerprint
from core.identifiers import DocumentId, TenantId
from core.intents import checked_key
from core.ports.clock import Clock, Identifiers
from core.ports.document_repository import DocumentFilter, DocumentRepository, Reservation
from core.ports.file_reader import FileReader, ReadFile
from core.ports.file_store import FileStore
from core.ports.tenant_resolver import TenantResolver
from core.qr_address import MalformedQrAddressError, is_dgi_host, parse_qr_address
from core.received import ReceivedAmounts, amounts_in, received_document
from core.use_cases.upload_file import Upload

ISSUER_NAME_MAX = 200
IMPORTS_MAX = 100  # of one CUFE; an older call that is repeated is a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """What the caller says beside the file. ``amounts`` None: those of the file's text, when they add up there."""

    upload: Upload
    source: DocumentKind  # what the caller takes it for
    amounts: ReceivedAmounts | None = None
    issuer_name: str = ""
    external_id: str | None = None


class ImportDocument:
    """Read the file, verify its CUFE, keep the document with the file.

    Whatever the key, a CUFE has one live import: another one can be made once that was withdrawn.
    """

    def __init__(
        self,
        tenants: TenantResolver,
        documents: DocumentRepository,
        files: FileStore,
        reader: FileReader,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self._tenants = tenants
        self._documents = documents
        self._files = files
        self._reader = reader
        self._clock = clock
        self._identifiers = identifiers

    async def __call__(
        self, tenant_id: TenantId, wish: ImportWish, *, idempotency_key: str, actor: str
    ) -> FiscalDocument:
        """The document; the same key and file give it back, also when it was withdrawn since.

        Raises FileUnreadableError, QrMissingError, QrNotDgiError, QrNotReadyError, ImportedCufeWrongError,
        SourceTypeMismatchError, OwnDocumentError, AlreadyImportedError, AmountsNeededError, MalformedInputError,
        MalformedIdempotencyKeyError, FileNotStoredError, StoreUnavailableError; none of them leaves a document.
        """
        meaning = fingerprint("createInvoiceFromFile", {"key": checked_key(idempotency_key), "wish": wish})
        issuer_name = _checked_name(wish.issuer_name)
        tenant = await self._tenants.get(tenant_id)
        read = await self._reader.read(await self._files.get(tenant_id, wish.upload.digest))
        cufe, qr = _find_cufe(read)
        found = DocumentKind.of(cufe.parts.document_type)
        if found is not wish.source:
            raise SourceTypeMismatchError(path=("sourceType",), found=found.value, wanted=wish.source.value)
        if (cufe.parts.ruc, cufe.parts.ruc_type) == (tenant.ruc, tenant.ruc_type):
            raise OwnDocumentError
        amounts = wish.amounts or amounts_in(read.text)
        if amounts is None or not amounts.adds_up:
            raise AmountsNeededError(path=("amounts",))
        earlier = await self._imports_of(tenant_id, cufe.text)
        document = await self._made(tenant_id, earlier, meaning)
        if document is None:
            template = received_document(
                tenant,
                cufe.parts,
                amounts,
                document_id=DocumentId(self._identifiers.new_id()),
                cufe=cufe.text,
                qr=qr,
                issuer_name=issuer_name,
                idempotency_key=_next_key(cufe.text, earlier),
                external_id=wish.external_id,
                now=self._clock.now(),
            )
            document = await self._record(template, cufe.text, meaning, amounts.source, wish.upload, actor)
        return await self._attach(document, wish.upload, actor)

    async def _record(
        self, template: FiscalDocument, cufe: str, meaning: str, source: AmountSource, upload: Upload, actor: str
    ) -> FiscalDocument:
        reservation = Reservation(
            tenant_id=template.tenant_id,
            idempotency_key=template.idempotency_key,
            fingerprint=meaning,
            series=template.series,
        )

        def build(number: int) -> Recording:
            facts = {
                "mode": template.mode.value,
                "number": f"{number:010d}",
                "cufe": cufe,
                "amounts": source.value,
                "file_digest": upload.digest,
            }
            event = Event(at=template.created_at, kind=EventKind.RECORDED, actor=actor, facts=facts)
            return Recording(document=replace(template, number=number), body=b"", events=(event,))

        try:
            return (await self._documents.record(reservation, build)).document
        except IdempotencyConflictError:  # another call came after the same import at the same moment
            last = _last_of(await self._imports_of(template.tenant_id, cufe))
            raise AlreadyImportedError(document_id=last.document_id if last else cufe) from None

    async def _made(
        self, tenant_id: TenantId, earlier: Sequence[FiscalDocument], meaning: str
    ) -> FiscalDocument | None:
        """What this same call made before, withdrawn since or not."""
        for each in earlier:
            with suppress(IdempotencyConflictError):
                return await self._documents.find_by_key(tenant_id, each.idempotency_key, meaning)
        return None

    async def _imports_of(self, tenant_id: TenantId, cufe: str) -> Sequence[FiscalDocument]:
        """The imports of a CUFE, newest first."""
        wanted = DocumentFilter(cufe=cufe, submission=(Submission.IMPORTED,))
        return (await self._documents.page(tenant_id, wanted, limit=IMPORTS_MAX, after=None)).documents

    async def _attach(self, document: FiscalDocument, upload: Upload, actor: str) -> FiscalDocument:
        """Its file, also when an earlier call was cut off before it."""
        file = Attachment(
            kind=upload.kind,
            digest=upload.digest,
            size=upload.size,
            file_name=f"{document.cufe}.{upload.kind.value.lower()}",
            is_provisional=False,
            stored_at=self._clock.now(),
        )

        def keep(current: FiscalDocument) -> Change | None:
            if any(held.digest == file.digest for held in current.files):
                return None
            facts = {"file": file.kind.value, "digest": file.digest, "size": str(file.size)}
            stored = Event(at=file.stored_at, kind=EventKind.FILE_STORED, actor=actor, facts=facts)
            return Change(
                document=replace(current, files=(*current.files, file)), events=(stored,), attachments=(file,)
            )

        return await self._documents.update(document.tenant_id, document.document_id, keep)


def _next_key(cufe: str, earlier: Sequence[FiscalDocument]) -> str:
    """The key of the next import. Each follows one that was withdrawn for good, and the store keeps keys unique: so
    at most one is live, also when two come at once. Raises AlreadyImportedError when the last one is live."""
    last = _last_of(earlier)
    if last is None:
        return f"import:{cufe}"
    if last.withdrawn_at is None:
        raise AlreadyImportedError(document_id=last.document_id)
    return _key_after(last)


def _key_after(document: FiscalDocument) -> str:
    return f"import:{document.cufe}:after:{document.document_id}"


def _last_of(imports: Sequence[FiscalDocument]) -> FiscalDocument | None:
    """The import that no other one follows. Not the newest by its id: the clocks of two processes differ."""
    keys = {each.idempotency_key for each in imports}
    return next((each for each in imports if _key_after(each) not in keys), None)


def _find_cufe(read: ReadFile) -> tuple[Cufe, str]:
    """The CUFE of the first QR code that has one, and the code's own text."""
    if not read.qr_texts:
        raise QrMissingError
    problems: list[IstmoError] = []
    for text in read.qr_texts:
        if not is_dgi_host(text):
            reason = Wording("it leads elsewhere", "lleva a otro sitio")
            problems.append(QrNotDgiError(reason=reason.english, reason_es=reason.spanish))
            continue
        try:
            address = parse_qr_address(text)
        except MalformedQrAddressError as error:
            problems.append(_at_the_dgi(text, error))
            continue
        verdict = verify_cufe(address.cufe.text)
        if verdict.valid:
            return address.cufe, text
        problems.append(ImportedCufeWrongError(reason=verdict.reason or Wording("", "")))
    # of several codes, what leads to the DGI says more about the document than what does not
    raise next((each for each in problems if not isinstance(each, QrNotDgiError)), problems[0])


def _at_the_dgi(text: str, error: MalformedQrAddressError) -> IstmoError:
    if "fe" in text.lower().partition("chfe=")[2][:10] or "/facturasporcufe/fe" in text.lower():
        return ImportedCufeWrongError(reason=error.message)
    return QrNotReadyError()


def _checked_name(name: str) -> str:
    stripped = name.strip()
    if len(stripped) > ISSUER_NAME_MAX or not stripped.isprintable():
        problem = Wording("it has up to 200 printable characters", "tiene hasta 200 caracteres imprimibles")
        raise MalformedInputError(path=("issuerName",), problem=problem)
    return stripped
