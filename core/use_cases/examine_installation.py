"""``istmo doctor``: every invariant that a live database and file store can show, in bounded memory.

It reads page by page while others write on, so what two pages say of different moments is asked again before it
counts as wrong.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.failures import SecretUnreadableError
from core.identifiers import DeliveryId, DocumentId, TenantId
from core.invariants.certificates import check_certificates
from core.invariants.examination import Examination
from core.invariants.faults import Fault
from core.invariants.findings import Finding, RemoveBlob, name_of, unreadable
from core.invariants.inbox import check_delivery
from core.ports.clock import Clock
from core.ports.onboarding_book import OnboardingBook
from core.ports.store_inspection import BlobInspection, RepeatKind, StoreInspection, UnreadableRow
from core.ports.tenant_resolver import TenantSecrets
from core.ports.webhook_inbox import DeliveryState
from core.tenants import SecretKind
from core.use_cases.examine_administration import ExamineAdministration
from core.use_cases.examine_documents import DocumentsSeen, ExamineDocuments
from core.use_cases.examine_series import ExamineSeries
from core.use_cases.mend_installation import ORPHAN_AGE, MendInstallation
from core.use_cases.settle_lost import ShowLost

TENANT_PAGE = 200
DELIVERY_PAGE = 100
BLOB_PAGE = 500
POINTS_MAX = 2_000  # there are 999
ROWS_MAX = 200  # of each kind of stray or repeated row, per tenant

_FAULT_OF_REPEAT: Mapping[RepeatKind, Fault] = {
    RepeatKind.INTENT: Fault.INTENT_TWICE,
    RepeatKind.CUFE: Fault.CUFE_TWICE,
    RepeatKind.PAC_ID: Fault.PAC_ID_TWICE,
    RepeatKind.LIVE_ORDER: Fault.ORDER_BILLED_TWICE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to examine. ``fix``: make the repairs that are provably safe."""

    tenant_id: TenantId | None = None  # None: all of them
    fix: bool = False
    reads_files: bool = True  # False: only that the files are there
    workers_run: bool = True  # False: they are stopped on purpose, so nothing is late
    late_after: timedelta = timedelta(seconds=120)


class ExamineInstallation:
    """Looks at everything and changes nothing, unless it is asked to fix."""

    def __init__(
        self,
        inspection: StoreInspection,
        blobs: BlobInspection | None,
        secrets: TenantSecrets,
        examine_documents: ExamineDocuments,
        examine_series: ExamineSeries,
        mend: MendInstallation,
        clock: Clock,
        onboardings: OnboardingBook | None = None,
        show_lost: ShowLost | None = None,
    ) -> None:
        """``blobs`` None: this file store cannot be listed, orphans are not looked for. ``onboardings`` None:
        certificates are not looked at. ``show_lost`` None: what a restore has lost is not told."""
        self._show_lost = show_lost
        self._onboardings = onboardings
        self._inspection = inspection
        self._blobs = blobs
        self._secrets = secrets
        self._examine_documents = examine_documents
        self._examine_series = examine_series
        self._mend = mend
        self._clock = clock

    async def __call__(self, request: Request, *, told: Callable[[str], None] = lambda _: None) -> Examination:
        """``told`` is called with what is looked at next. Raises StoreUnavailableError when it cannot look."""
        examination = Examination()
        if request.tenant_id is not None:
            await self._examine_tenant(request.tenant_id, request, examination, told)
            return examination
        await self._look_for_strangers(examination)
        await self._look_at_administration(request, examination)
        after: TenantId | None = None
        while page := await self._inspection.tenants(after=after, limit=TENANT_PAGE):
            for tenant_id in page:
                await self._examine_tenant(tenant_id, request, examination, told)
            after = page[-1]
        return examination

    async def _examine_tenant(
        self, tenant_id: TenantId, request: Request, examination: Examination, told: Callable[[str], None]
    ) -> None:
        told(f"tenant {tenant_id}")
        examination.looked_at["tenants"] += 1
        seen = DocumentsSeen()
        async for found in self._examine_documents(
            tenant_id,
            seen,
            late_after=request.late_after,
            is_lateness_judged=request.workers_run,
            reads_files=request.reads_files,
        ):
            await self._take(found, request, examination)
        is_behind = False
        async for found in self._examine_series(tenant_id, seen):
            is_behind = is_behind or any(finding.fault is Fault.MARK_AHEAD for finding in found)
            await self._take(found, request, examination)
        examination.looked_at.update(seen.counts)
        await self._look_for_lost(tenant_id, examination)
        await self._look_for_repeats(tenant_id, examination)
        await self._look_for_strays(tenant_id, examination)
        await self._look_at_offices(tenant_id, seen, examination)
        await self._look_at_inbox(tenant_id, request, examination)
        await self._look_at_secrets(tenant_id, examination)
        onboarding = await self._onboardings.find(tenant_id) if self._onboardings else None
        if onboarding is not None:
            examination.looked_at["certificates"] += len(onboarding.certificates)
            examination.add(check_certificates(onboarding, self._clock.now()))
        await self._look_for_orphans(tenant_id, request, examination, is_behind=is_behind)

    async def _take(self, found: Iterable[Finding], request: Request, examination: Examination) -> None:
        for finding in found:
            examination.add([finding])
            if not request.fix or finding.remedy is None:
                continue
            done = await self._mend(finding.remedy)
            if done is not None:
                examination.mend(finding, done)

    async def _look_at_administration(self, request: Request, examination: Examination) -> None:
        examine = ExamineAdministration(self._inspection, self._clock)
        async for finding in examine(late_after=request.late_after):
            examination.add([finding])
        examination.looked_at.update({"administrative events": examine.seen} if examine.seen else {})

    async def _look_for_strangers(self, examination: Examination) -> None:
        for tenant_id, what in await self._inspection.strangers(limit=ROWS_MAX):
            detail = f"there are {what} of it, and no such tenant"
            subject = f"tenant {tenant_id}"
            examination.add([Finding(fault=Fault.STRANGE_TENANT, tenant_id=tenant_id, subject=subject, detail=detail)])

    async def _look_for_lost(self, tenant_id: TenantId, examination: Examination) -> None:
        after: DocumentId | None = None
        while self._show_lost is not None:
            page, after = await self._show_lost(tenant_id, after=after)
            for shown in page:
                departure = shown.lost.departure
                subject = f"document {departure.document_id} ({name_of(departure.series)}, {departure.number:010d})"
                detail = f"CUFE {departure.cufe}" + "".join(f", webhooks name {one}" for one in shown.told)
                examination.add(
                    [Finding(fault=Fault.DOCUMENT_LOST, tenant_id=tenant_id, subject=subject, detail=detail)]
                )
            if after is None:
                return

    async def _look_for_repeats(self, tenant_id: TenantId, examination: Examination) -> None:
        for kind, fault in _FAULT_OF_REPEAT.items():
            for repeat in await self._inspection.repeats(tenant_id, kind, limit=ROWS_MAX):
                what = f"documents {', '.join(repeat.document_ids)}"
                subject = f"{kind.value} {repeat.value}"
                examination.add([Finding(fault=fault, tenant_id=tenant_id, subject=subject, detail=what)])

    async def _look_for_strays(self, tenant_id: TenantId, examination: Examination) -> None:
        for stray in await self._inspection.strays(tenant_id, limit=ROWS_MAX):
            what = f"names {stray.parent} {stray.parent_id}, which this tenant does not have"
            subject = f"{stray.what} of {stray.row_id}"
            examination.add([Finding(fault=Fault.STRAY_ROW, tenant_id=tenant_id, subject=subject, detail=what)])

    async def _look_at_offices(self, tenant_id: TenantId, seen: DocumentsSeen, examination: Examination) -> None:
        offices = {
            point.billing_point: point.office_id
            for point in await self._inspection.office_points(tenant_id, limit=1000)
        }
        for billing_point, office_id in sorted(seen.points):
            owner = offices.get(billing_point)
            if owner != office_id:
                what = f"documents name office {office_id}, it belongs to {owner or 'no office'}"
                subject = f"billing point {billing_point}"
                examination.add(
                    [Finding(fault=Fault.OFFICE_DIFFERS, tenant_id=tenant_id, subject=subject, detail=what)]
                )

    async def _look_at_inbox(self, tenant_id: TenantId, request: Request, examination: Examination) -> None:
        after: DeliveryId | None = None
        while page := await self._inspection.deliveries(tenant_id, after=after, limit=DELIVERY_PAGE):
            now = self._clock.now()
            for delivery in page:
                if isinstance(delivery, UnreadableRow):
                    examination.add([unreadable(delivery)])
                    after = DeliveryId(delivery.row_id)
                    continue
                after = delivery.delivery_id
                examination.looked_at["webhook deliveries"] += 1
                if delivery.state is DeliveryState.UNMATCHED:
                    examination.looked_at["webhook deliveries without a document"] += 1
                examination.add(
                    check_delivery(delivery, now=now, grace=request.late_after, is_lateness_judged=request.workers_run)
                )

    async def _look_at_secrets(self, tenant_id: TenantId, examination: Examination) -> None:
        for kind in SecretKind:
            try:
                examination.looked_at["secrets"] += len(await self._secrets.current(tenant_id, kind))
            except SecretUnreadableError as error:
                what = error.message.english
                subject = f"secret {kind.value}"
                examination.add(
                    [Finding(fault=Fault.SECRET_UNREADABLE, tenant_id=tenant_id, subject=subject, detail=what)]
                )

    async def _look_for_orphans(
        self, tenant_id: TenantId, request: Request, examination: Examination, *, is_behind: bool
    ) -> None:
        """A database that lost documents must not cost their files too: then nothing has a remedy."""
        if self._blobs is None:
            return
        after: str | None = None
        while page := await self._blobs.blobs(tenant_id, after=after, limit=BLOB_PAGE):
            after = page[-1].key
            examination.looked_at["files in the store"] += len(page)
            named = await self._inspection.referenced(tenant_id, [blob.digest for blob in page if blob.digest])
            oldest_kept = self._clock.now() - ORPHAN_AGE
            for blob in page:
                if blob.digest in named or (blob.stored_at >= oldest_kept and not blob.digest):
                    continue  # a write that is under way is no orphan
                age = self._clock.now() - blob.stored_at
                is_removable = age > ORPHAN_AGE and not is_behind
                remedy = RemoveBlob(tenant_id=tenant_id, key=blob.key, digest=blob.digest) if is_removable else None
                what = f"{blob.size} bytes, {age.total_seconds() / 3600:.0f} h old"
                orphan = Finding(
                    fault=Fault.ORPHAN_BLOB,
                    tenant_id=tenant_id,
                    subject=f"file {blob.key}",
                    detail=what,
                    remedy=remedy,
                )
                await self._take([orphan], request, examination)
