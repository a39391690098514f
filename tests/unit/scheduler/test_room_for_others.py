"""One tenant's rings never take every handler of the embedded runner."""

import asyncio

from adapters.scheduler.embedded_runner import EmbeddedLimits, EmbeddedRunner
from adapters.scheduler.manual_clock import ManualClock, SeededChance
from adapters.scheduler.periodic_sweep import SweepPace
from core.identifiers import DocumentId, TenantId
from core.ports.job_queue import Job, JobKind


async def nothing_due() -> int:
    return 0


async def test_a_tenant_whose_pac_hangs_leaves_room_for_the_rings_of_others() -> None:
    limits = EmbeddedLimits(handlers_max=3, handlers_per_tenant_max=2, stop_seconds=0.05)
    runner = EmbeddedRunner(clock=ManualClock(), chance=SeededChance(1), pace=SweepPace(), limits=limits)
    answered, done = asyncio.Event(), []

    async def handle(job: Job) -> None:
        if job.tenant_id == "slow":
            await answered.wait()
        done.append((job.tenant_id, job.subject_id))

    await runner.start(handler=handle, sweep=nothing_due)
    for number in range(5):
        await runner.ring(Job(kind=JobKind.SUBMIT, tenant_id=TenantId("slow"), subject_id=DocumentId(str(number))))
    await runner.ring(Job(kind=JobKind.SUBMIT, tenant_id=TenantId("quick"), subject_id=DocumentId("1")))
    await ManualClock().settle()
    assert done == [("quick", "1")]
    answered.set()
    await ManualClock().settle()
    assert len(done) == 6, "what waited for its tenant's turn is handled too"
    await runner.stop()
