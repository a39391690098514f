"""One torture run: load, faults and kill -9; then peace, and the verdict."""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.identifiers import ApiKeyId, DocumentId, PacDocumentId
from core.use_cases.decide_document import AdoptPacDocument
from tests.integration.processes import ISTMO
from tests.torture.callers import Answered, Callers
from tests.torture.fleet import Member
from tests.torture.installation import Installation, installed
from tests.torture.interruptions import Interrupted, Interruptions
from tests.torture.ledger import Ledger, Row
from tests.torture.plan import Aim, Bounds, Kill, Plan
from tests.torture.posts import KEPT, Posts
from tests.torture.verdict import Verdict, judge

AIM_SECONDS = 4.0  # how long a kill waits for its aim before it takes any moment
OPERATOR = ApiKeyId("torture-operator")
Told = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a run did and found."""

    plan: Plan
    kills: Counter[Interrupted]  # each under one state
    present: Counter[Interrupted]  # each under every state that there was
    victims: Counter[str]
    documents_posted: int  # documents that a kill caught between the first byte and the recorded answer
    documents_claimed: int
    kill_seconds: float
    answered: Answered
    faults_fired: dict[str, int]
    posts: int
    posts_cut_off: int
    posted_again: int
    submissions: Counter[str]
    adopted_by_operator: int
    verdict: Verdict
    doctor: str | None  # None: it is not there yet
    problems: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All kills."""
        return sum(self.kills.values())

    def lines(self) -> list[str]:
        """The table that a run prints."""
        found = self.verdict
        lines = [f"{self.plan.engine.value}, seed {self.plan.seed}: {self.total} kills in {self.kill_seconds:.0f} s"]
        lines += [f"  {self.kills[state]:5} {self.present[state]:5}  {state.value}" for state in Interrupted]
        lines += [
            f"  victims: {_shown(self.victims)}",
            f"  documents caught: {self.documents_posted} posted and not recorded, {self.documents_claimed} claimed",
            f"  intents: {len(self.answered.wanted)}, asked again after a lost answer: {self.answered.repeated}",
            f"  POSTs at the PAC: {self.posts} and {self.posts_cut_off} cut off before their last byte",
            f"  numbers posted more than once: {self.posted_again}",
            f"  faults that struck: {_shown(self.faults_fired)}; repeated numbers get {self.plan.duplicate_form()}",
            f"  at rest: {_shown(self.submissions)}; adopted by an operator first: {self.adopted_by_operator}",
            f"  lost {len(found.lost)}, doubled {len(found.doubled)}, half-written {len(found.half_written)}",
            f"  doctor: {self.doctor or 'THERE IS NO istmo doctor: NOT CHECKED'}",
        ]
        return lines + [f"  ! {each}" for each in (*found.lost, *found.doubled, *found.half_written, *self.problems)]


def _shown(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"


@dataclass(slots=True)
class Progress:
    """How far the killing is; runs beside each other share one."""

    kills: int = 0
    in_flight: int = 0

    def is_enough(self, bounds: Bounds) -> bool:
        """Whether both goals are reached."""
        return self.kills >= bounds.kills and self.in_flight >= bounds.in_flight


async def torture(plan: Plan, folder: Path, told: Told, progress: Progress | None = None) -> Outcome:
    """Run ``plan`` below ``folder``. Raises AssertionError when the run itself fails, never for what it finds."""
    async with installed(plan, folder) as installation:
        ledger, posts = Ledger(installation.reading_url), Posts()
        try:
            return await _torture(installation, ledger, posts, told, progress or Progress())
        finally:
            ledger.close()


async def _torture(installation: Installation, ledger: Ledger, posts: Posts, told: Told, progress: Progress) -> Outcome:
    plan, pac = installation.plan, installation.pac
    await pac.tell("behaviour", {"kept_exchanges": KEPT})
    await pac.tell("faults", plan.faults())
    callers, interruptions = Callers(installation), Interruptions(installation, ledger, posts)
    started = time.monotonic()
    async with callers.issuing():
        await _kill(installation, ledger, interruptions, callers, told, progress)
        kill_seconds = time.monotonic() - started
        return await _rest(installation, ledger, posts, callers, interruptions, told, kill_seconds)


async def _rest(
    installation: Installation,
    ledger: Ledger,
    posts: Posts,
    callers: Callers,
    interruptions: Interruptions,
    told: Told,
    kill_seconds: float,
) -> Outcome:
    plan, pac = installation.plan, installation.pac
    fired = (await pac.look("state"))["faultsFired"]
    await pac.tell("faults", {"rules": []})
    await asyncio.gather(*(member.until_ready() for member in installation.victims))
    await callers.finish()
    told("faults off, callers answered; waiting for rest")
    problems = []
    rows = await _until_rest(plan, ledger, posts, installation)
    problems += [f"not at rest in time: {row.describes}" for row in rows if not row.is_at_rest]
    adopted = await _adopt(installation, rows)
    if adopted:
        rows = await _until_rest(plan, ledger, posts, installation)
    verdict = judge(installation, rows, await pac.look("documents"), callers.answered, posts)
    doctor, is_healthy = await _ask_doctor(installation)
    if not is_healthy:
        problems.append(f"istmo doctor: {doctor}")
    for member in installation.victims:
        code = await member.stop()
        if code:
            problems.append(f"{member.name} ended with {code}:\n{member.end_of_log()}")
    return Outcome(
        plan=plan,
        kills=interruptions.counts,
        present=interruptions.present,
        victims=interruptions.victims,
        documents_posted=interruptions.documents_posted,
        documents_claimed=interruptions.documents_claimed,
        kill_seconds=kill_seconds,
        answered=callers.answered,
        faults_fired=fired,
        posts=len(posts.seen),
        posts_cut_off=len(posts.cut_off),
        posted_again=posts.repeated(),
        submissions=Counter(row.submission for row in rows),
        adopted_by_operator=adopted,
        verdict=verdict,
        doctor=doctor,
        problems=problems,
    )


async def _kill(
    installation: Installation,
    ledger: Ledger,
    interruptions: Interruptions,
    callers: Callers,
    told: Told,
    progress: Progress,
) -> None:
    bounds = installation.plan.bounds
    deadline = time.monotonic() + bounds.seconds
    for count, kill in enumerate(installation.plan.kills()):
        is_late = time.monotonic() > deadline and count >= bounds.kills_least
        if is_late or progress.is_enough(bounds):
            return
        callers.fail_fast()
        victim, was_ready = await _choose(installation, ledger, kill)
        await asyncio.sleep(kill.delay)
        pid = await victim.kill()
        await asyncio.sleep(0.03)  # what was on the wire arrives
        state = await interruptions.count(victim.name, pid, was_ready=was_ready)
        await victim.start()
        progress.kills += 1
        progress.in_flight += state is Interrupted.POSTED
        if progress.kills % 10 == 0:
            told(f"{progress.kills} kills, {progress.in_flight} in flight; last: {state.value}")


async def _choose(installation: Installation, ledger: Ledger, kill: Kill) -> tuple[Member, bool]:
    """Who dies now, and whether it was ready. It waits for the aim, and not for ever."""
    victims = installation.victims
    place = kill.victim % len(victims)
    in_order = victims[place:] + victims[:place]
    drawn = in_order[0]
    if kill.aim is Aim.STARTING:
        return drawn, await drawn.is_ready()
    for member in in_order:
        if await member.is_ready():
            drawn = member
            break
    else:
        await drawn.until_ready()
    if kill.aim is Aim.ANY_MOMENT:
        return drawn, True
    until = time.monotonic() + AIM_SECONDS
    while time.monotonic() < until:
        by_pid = {member.pid: member for member in victims if member.is_running}
        workers = {int(worker.rpartition(":")[2]) for _, worker in ledger.sending()}
        sending = sorted(workers & by_pid.keys())
        if sending:
            return by_pid[sending[kill.victim % len(sending)]], True
        await asyncio.sleep(0.01)
    return drawn, True


async def _until_rest(plan: Plan, ledger: Ledger, posts: Posts, installation: Installation) -> list[Row]:
    """All rows once none of them waits for anything, or as they stand when the time is over."""
    until = time.monotonic() + plan.bounds.rest_seconds
    while True:
        await posts.look(installation.pac)
        rows = ledger.documents()
        is_quiet = ledger.deliveries_waiting() == 0 and all(row.is_at_rest for row in rows)
        if is_quiet or time.monotonic() > until:
            return rows
        await asyncio.sleep(0.5)


async def _adopt(installation: Installation, rows: list[Row]) -> int:
    """What an operator does about a quarantined document: looks it up at the PAC and adopts its id there."""
    at_the_pac: list[dict[str, Any]] = await installation.pac.look("documents")
    by_cufe = {document["cufe"]: document for document in at_the_pac}
    adopt = await installation.container.get(AdoptPacDocument)
    adopted = 0
    for row in rows:
        document = by_cufe.get(row.expected_cufe)
        if row.submission != "QUARANTINED" or document is None:
            continue
        tenant_id = next(shop.tenant_id for shop in installation.shops if shop.tenant_id == row.tenant_id)
        await adopt(tenant_id, DocumentId(row.document_id), PacDocumentId(document["id"]), OPERATOR)
        adopted += 1
    return adopted


async def _ask_doctor(installation: Installation) -> tuple[str | None, bool]:
    code, _ = await _istmo(installation, "doctor", "--help")
    if code:
        return None, True
    code, said = await _istmo(installation, "doctor", "--json")
    try:
        seen = json.loads(said)
    except ValueError:
        return f"exit code {code}: {said[-500:]}", False
    found = {fault["code"]: fault["count"] for fault in seen["faults"]}
    looked = _shown(seen["looked_at"])
    if code == 0 and seen["healthy"]:
        return f"healthy ({looked}; notices: {_shown(found)})", True
    return f"exit code {code}: {_shown(found)}: {json.dumps(seen['findings'])[:1500]}", False


async def _istmo(installation: Installation, *arguments: str) -> tuple[int, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")}
    process = await asyncio.create_subprocess_exec(
        str(ISTMO),
        *arguments,
        env=plain | dict(installation.environment),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(120):
        said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode(errors="replace")
