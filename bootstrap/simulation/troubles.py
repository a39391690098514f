"""What the plan does to a world at its appointed times."""

from datetime import timedelta

from adapters.alanube.fake.faults import FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.progression import (
    DGI_AUTHORIZED,
    DGI_REJECTED,
    PAC_REJECTED,
    DocumentMatch,
    Progression,
    Step,
)
from adapters.alanube.fake.records import Finding, WebhookTarget
from bootstrap.simulation.opening import TENANT_TOKEN, WEBHOOK_SECRET
from bootstrap.simulation.plans import ClockJump, PacFault, Rotation, Stop, TailLoss, Window
from bootstrap.simulation.reading import plain_stores
from bootstrap.simulation.tail_loss import lose_the_tail
from bootstrap.simulation.wishes import REFUSED_BY_DGI_RUC, REFUSED_BY_PAC_RUC, Shop
from bootstrap.simulation.world import World
from core.tenants import SecretKind
from core.use_cases.rotate_secret import RotateSecret

_REFUSAL = Finding(code="2501", message="El total no corresponde")


class Troubles:
    """Sets the timers of a plan's troubles."""

    def __init__(self, world: World, shops: list[Shop]) -> None:
        self._world = world
        self._shops = shops
        self._turns: dict[str, int] = {}
        self._tokens_at_pac: dict[str, str] = {}
        self._told: dict[tuple[str, SecretKind], tuple[Shop, str]] = {}  # what was rotated, for whoever restores

    def begin(self) -> None:
        """From here on everything goes wrong that was planned."""
        world, plan = self._world, self._world.plan
        world.is_armed = True
        world.engine.set_faults(FaultPlan(rules=tuple(map(_rule, plan.pac_faults)), seed=plan.seed))
        world.after(plan.faults_end, self._end_faults())
        self._decide_after(plan.decision_seconds)
        for silence in plan.dgi_silences:
            world.after(silence.at, self._be_silent(silence))
        for expiry in plan.certificate_expiries:
            world.after(expiry.at, self._expire(expiry))
        for stop in plan.stops:
            world.after(stop.at, self._stop(stop))
        for turn in plan.webhook_rotations:
            world.after(turn.at, self._rotate_webhook_secret(turn))
        for turn in plan.token_rotations:
            world.after(turn.at, self._rotate_token(turn))
        for jump in plan.clock_jumps:
            world.after(jump.at, self._jump(jump))
        if plan.tail_loss is not None:
            world.after(plan.tail_loss.copied_at, self._lose_tail(plan.tail_loss))

    async def _end_faults(self) -> None:
        self._world.engine.set_faults(FaultPlan())

    def _decide_after(self, seconds: float) -> None:
        """How the DGI decides on what comes from now on."""
        engine, plan = self._world.engine, self._world.plan
        later = timedelta(seconds=seconds)
        reads = plan.decision_reads
        engine.set_progression(Progression(steps=(Step(legal_status=DGI_AUTHORIZED, after=later, reads=reads),)))
        rejected = Step(legal_status=DGI_REJECTED, after=later, government=(_REFUSAL,))
        engine.set_progression(Progression(steps=(rejected,)), DocumentMatch(receiver_ruc=REFUSED_BY_DGI_RUC))
        refused = Progression(first_status=PAC_REJECTED)
        engine.set_progression(refused, DocumentMatch(receiver_ruc=REFUSED_BY_PAC_RUC))

    async def _be_silent(self, silence: Window) -> None:
        """What comes meanwhile is decided when the silence is over, or as much later as it came."""
        world = self._world
        world.coverage.note("DGI silent")
        self._decide_after(silence.seconds)
        world.after(silence.seconds, self._speak_again())

    async def _speak_again(self) -> None:
        self._decide_after(self._world.plan.decision_seconds)

    async def _expire(self, expiry: Window) -> None:
        """The company's certificate: every document gets AP1010 until it is renewed."""
        world = self._world
        world.coverage.note("certificate expired")
        kept = {company.id: company.qr for company in world.engine.companies}
        for company in world.engine.companies:
            company.qr = None
        world.after(expiry.seconds, self._renew(kept))

    async def _renew(self, kept: dict[str, str | None]) -> None:
        for company in self._world.engine.companies:
            company.qr = kept[company.id] or "100000001"

    async def _stop(self, stop: Stop) -> None:
        world = self._world
        process = world.processes[stop.process % len(world.processes)]
        world.coverage.note("SIGTERM" if stop.is_graceful else "SIGKILL at a time")
        if stop.is_graceful:
            await process.stop()
        await world.end_processes([process], stop.downtime)

    async def _rotate_webhook_secret(self, turn: Rotation) -> None:
        """Ours first, beside the old one; the PAC's ``lag`` later."""
        world, shop = self._world, self._shops[turn.tenant % len(self._shops)]
        secret = WEBHOOK_SECRET.format(tenant=turn.tenant, turn=self._next_turn("webhook"))
        await self._keep(shop, SecretKind.WEBHOOK, secret, keep_previous=True)
        world.coverage.note("webhook secret rotated")
        world.after(turn.lag, self._give_pac_secret(shop, secret))

    async def _give_pac_secret(self, shop: Shop, secret: str) -> None:
        engine = self._world.engine
        company = next(company for company in engine.companies if company.id == shop.company_id)
        was = company.webhook
        if was is not None:
            engine.set_webhook(shop.company_id, WebhookTarget(url=was.url, secret=secret, enabled=was.enabled))

    async def _rotate_token(self, turn: Rotation) -> None:
        """The PAC's side first: the old token is worth a 401 until ours is told, ``lag`` later."""
        world, shop = self._world, self._shops[turn.tenant % len(self._shops)]
        token = TENANT_TOKEN.format(tenant=turn.tenant, turn=self._next_turn("token"))
        old = self._tokens_at_pac.get(shop.company_id, shop.token)
        if old is None:
            return  # the installation's own token is everybody's: it is not rotated by one tenant
        world.engine.register_token(token, account_of=old)
        world.engine.revoke_token(old)
        self._tokens_at_pac[shop.company_id] = token
        world.coverage.note("PAC token rotated")
        world.after(turn.lag, self._keep(shop, SecretKind.PAC_KEY, token, keep_previous=False))

    async def _keep(self, shop: Shop, kind: SecretKind, secret: str, *, keep_previous: bool) -> None:
        """As the operator's command does it: past any process."""
        self._told[shop.tenant_id, kind] = (shop, secret)
        stores = plain_stores(self._world)
        rotate = RotateSecret(stores.tenants, stores.secrets, self._world.clock)
        await rotate(shop.tenant_id, kind, secret, keep_previous=keep_previous)

    async def _jump(self, jump: ClockJump) -> None:
        world = self._world
        process = world.processes[jump.process % len(world.processes)]
        process.clock.skew_seconds = jump.skew
        world.alarm.sooner()
        world.coverage.note("clock jumped")
        world.after(jump.seconds, self._set_right(jump))

    async def _set_right(self, jump: ClockJump) -> None:
        process = self._world.processes[jump.process % len(self._world.processes)]
        process.clock.skew_seconds = 0.0
        self._world.alarm.sooner()

    async def _lose_tail(self, loss: TailLoss) -> None:
        image = self._world.disk.image()
        self._world.after(loss.lost_at - loss.copied_at, self._restore(image, loss.downtime))

    async def _restore(self, image: bytes, downtime: float) -> None:
        """The copy has the secrets of its time: whoever restores sets again what was rotated since."""
        await lose_the_tail(self._world, image)
        for (_, kind), (shop, secret) in list(self._told.items()):
            await self._keep(shop, kind, secret, keep_previous=kind is SecretKind.WEBHOOK)
        await self._world.end_processes(list(self._world.processes), downtime)

    def _next_turn(self, of: str) -> int:
        self._turns[of] = self._turns.get(of, 0) + 1
        return self._turns[of]


def _rule(fault: PacFault) -> FaultRule:
    return FaultRule(
        kind=fault.kind,
        match=_match(fault),
        nth=frozenset(fault.nth),
        rate=fault.rate,
        times=fault.times,
        seconds=fault.seconds,
    )


def _match(fault: PacFault) -> RequestMatch | None:
    if fault.is_on_voids:
        return RequestMatch(method="DELETE", path_contains="/invoices/")
    return RequestMatch(method="GET", path_contains="/invoices/") if fault.is_on_reads else None
