"""What administrators and operators do to bring a taxpayer to its first document, each run kept as one change."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from core.administration import AdminKind
from core.identifiers import TenantId
from core.onboarding import FirstOffice, Onboarding, Taxpayer
from core.ports.onboarding_book import OnboardingBook
from core.use_cases.onboard_taxpayer import OnboardTaxpayer
from core.use_cases.open_certificates import Certificates
from core.use_cases.record_admin_change import AdminChange, RecordAdminChange, Seen
from core.use_cases.replace_certificates import ReplaceCertificates

Told = Callable[[Onboarding], None]
Then = Callable[[Onboarding], Awaitable[Onboarding]]


async def _and_nothing_more(reached: Onboarding) -> Onboarding:
    return reached


def _untold(_: Onboarding) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministerOnboarding:
    """``actor`` as in AdminEvent. ``then``: what belongs to the same change, such as waiting for the taxpayer.

    A run that fails half-way leaves the step that it reached in its event.
    """

    record: RecordAdminChange
    book: OnboardingBook
    advance: OnboardTaxpayer
    certificates: ReplaceCertificates

    async def onboard(
        self,
        actor: str,
        taxpayer: Taxpayer,
        office: FirstOffice,
        certificates: Certificates,
        *,
        told: Told = _untold,
        then: Then = _and_nothing_more,
    ) -> Onboarding:
        """See OnboardTaxpayer."""
        before = await self.book.find_by_ruc(taxpayer.ruc)
        change = AdminChange(
            actor=actor,
            kind=AdminKind.ONBOARDING_ADVANCED,
            tenant_id=before.tenant_id if before is not None else None,
            facts={"name": taxpayer.name, "ruc": taxpayer.ruc},
        )
        notes, listening = _noting(told)

        async def act() -> Onboarding:
            return await then(await self.advance(taxpayer, office, certificates, told=listening))

        return await self.record(change, act, lambda after: _seen(before, after), notes)

    async def resume(
        self, actor: str, tenant_id: TenantId, *, told: Told = _untold, then: Then = _and_nothing_more
    ) -> Onboarding:
        """See OnboardTaxpayer.resume."""
        before = await self.book.find(tenant_id)
        change = AdminChange(actor=actor, kind=AdminKind.ONBOARDING_ADVANCED, tenant_id=tenant_id)
        notes, listening = _noting(told)

        async def act() -> Onboarding:
            return await then(await self.advance.resume(tenant_id, told=listening))

        return await self.record(change, act, lambda after: _seen(before, after), notes)

    async def replace_certificates(self, actor: str, tenant_id: TenantId, certificates: Certificates) -> Onboarding:
        """See ReplaceCertificates. The event names the slots and the ends."""
        slots = " ".join(sorted(kind.value for kind in certificates))
        change = AdminChange(
            actor=actor, kind=AdminKind.CERTIFICATES_REPLACED, tenant_id=tenant_id, facts={"slots": slots}
        )

        def seen(after: Onboarding) -> Seen:
            return Seen(facts={f"{kept.kind.value}_ends": f"{kept.not_after:%Y-%m-%d}" for kept in after.certificates})

        return await self.record(change, lambda: self.certificates(tenant_id, certificates), seen)


def _noting(told: Told) -> tuple[dict[str, str], Told]:
    """Facts that grow with each step, and who listens for the steps."""
    notes: dict[str, str] = {}

    def listening(reached: Onboarding) -> None:
        step = reached.next_step()
        notes["next_step"] = "none" if step is None else step.value
        told(reached)

    return notes, listening


def _seen(before: Onboarding | None, after: Onboarding) -> Seen:
    step = after.next_step()
    return Seen(
        tenant_id=after.tenant_id,
        facts={"next_step": "none" if step is None else step.value},
        is_change=before is None or _known(before) != _known(after),
    )


def _known(onboarding: Onboarding) -> Onboarding:
    """Without what every look at the PAC touches."""
    return replace(onboarding, version=0, affiliation_seen_at=None)
