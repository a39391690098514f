"""What is known of a RUC, and how old it is: the registry is asked when it must be, and its absence stops nothing."""

from datetime import timedelta

import pytest

from adapters.persistence.in_memory_store import in_memory_stores
from adapters.scheduler.manual_clock import ManualClock
from core.codes import RucType
from core.failures import PacUnavailableError, RucNotRegisteredError
from core.identifiers import TenantId
from core.ports.pac_gateway import PacAccount
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc
from core.taxpayer import parse_ruc
from core.use_cases.ask_registry import AskRegistry, RegistryTerms, RucAnswer, RucSource
from tests.unit.use_cases.registries import Registry

ACCOUNT = PacAccount(company_id="01J9ZK4T7Q8R2M5N6P7S8T9V0W")
MINE, THEIRS = TenantId("01MINE"), TenantId("01THEIRS")
RUC = parse_ruc("155000001-2-2020", RucType.LEGAL)
DISPUTED = parse_ruc("PE-1234-5678", RucType.NATURAL)
DAY = 86400.0


class Asking:
    """One registry, one book, and whoever asks."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.registry = Registry(self.clock)
        terms = RegistryTerms(deadline_seconds=0.05)
        self.book = in_memory_stores().reference_book
        self._ask = AskRegistry(self.registry, self.book, self.clock, terms)

    async def __call__(self, tenant_id: TenantId = MINE, ruc: object = RUC) -> RucAnswer:
        return await self._ask(tenant_id, ACCOUNT, ruc)  # type: ignore[arg-type]


@pytest.fixture
def asking() -> Asking:
    return Asking()


async def test_an_answer_is_told_again_until_it_is_a_day_old(asking: Asking) -> None:
    first = await asking()
    assert (first.source, first.dv, first.receiver_class) == (RucSource.REGISTRY, "40", ReceiverClass.TAXPAYER)
    asking.clock.advance(DAY - 1)
    again = await asking()
    assert (again.source, again.checked_at, asking.registry.asked) == (RucSource.CACHE, first.checked_at, 1)
    asking.clock.advance(1)
    assert (await asking()).source is RucSource.REGISTRY


async def test_what_one_tenant_learnt_answers_no_other(asking: Asking) -> None:
    await asking(MINE)
    assert (await asking(THEIRS)).source is RucSource.REGISTRY


async def test_an_old_answer_serves_while_the_registry_is_away_and_says_so(asking: Asking) -> None:
    first = await asking()
    asking.clock.advance(29 * DAY)
    asking.registry.is_away = True
    told = await asking()
    assert (told.source, told.checked_at) == (RucSource.STALE_CACHE, first.checked_at)
    asking.clock.advance(DAY)
    assert (await asking()).source is RucSource.OFFLINE


@pytest.mark.parametrize("trouble", ["is_away", "hangs"])
async def test_the_check_digit_alone_serves_a_registry_that_never_answered(asking: Asking, trouble: str) -> None:
    setattr(asking.registry, trouble, True)
    told = await asking()
    assert (told.source, told.dv, told.receiver_class, told.checked_at) == (RucSource.OFFLINE, "40", None, None)
    with pytest.raises(PacUnavailableError):
        await asking(ruc=DISPUTED)


async def test_a_ruc_that_the_registry_knows_no_more_is_forgotten(asking: Asking) -> None:
    await asking()
    asking.clock.advance(DAY)
    asking.registry.knows_it = False
    with pytest.raises(RucNotRegisteredError):
        await asking()
    asking.registry.is_away = True
    assert (await asking()).source is RucSource.OFFLINE


async def test_a_registry_that_differs_from_the_papers_check_digit_is_believed_and_named(asking: Asking) -> None:
    asking.registry.dv = "41"
    told = await asking()
    assert (told.dv, told.disagreement) == ("41", "DV 41 at the registry, 40 by the DGI's paper")
    assert (await asking()).disagreement == told.disagreement


async def test_a_registry_that_changed_its_mind_is_named_once(asking: Asking) -> None:
    await asking()
    asking.clock.advance(DAY)
    asking.registry.receiver_class = ReceiverClass.GOVERNMENT
    assert (await asking()).disagreement == "GOBIERNO DV 40 at the registry, CONTRIBUYENTE DV 40 before"
    assert (await asking()).disagreement == ""


async def test_a_clock_that_was_set_back_makes_no_answer_immortal(asking: Asking) -> None:
    from_later = RegisteredRuc(
        ruc=RUC.normalised,
        ruc_type=RUC.ruc_type,
        dv="40",
        receiver_class=ReceiverClass.TAXPAYER,
        checked_at=asking.clock.now() + timedelta(hours=1),
    )
    await asking.book.keep_ruc(MINE, from_later)
    assert (await asking()).source is RucSource.REGISTRY
