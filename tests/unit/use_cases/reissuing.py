"""Refused documents and their successors, as tests make them."""

from core.documents import FiscalDocument, Submission
from core.events import EventKind
from core.ports.pac_gateway import RawAnswer, Rejected
from core.successors import Changes
from tests.shop import Shop
from tests.unit.use_cases.drafting import ACTOR
from tests.unit.use_cases.told_pac import Told
from tests.world import World

RAW = RawAnswer(status=422, body=b"{}")
MENDED = Changes(terms={"information": "corregida"})


def rejected(*, is_recognised: bool = True) -> Rejected:
    return Rejected(raw=RAW, codes=("1602",), messages=("RUC no existe",), is_recognised=is_recognised)


async def refused(world: World, pac: Told, *, shop: Shop | None = None, is_recognised: bool = True) -> FiscalDocument:
    """The invoice of an order, refused with the only attempt that ever left."""
    shop = shop or await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id or "", enabled=False)
    pac.answers.append(rejected(is_recognised=is_recognised))  # type: ignore[arg-type]
    document = await world.invoice(shop, await world.an_order(shop))
    assert document.submission is Submission.REFUSED
    return document


async def reissued(
    world: World, document: FiscalDocument, changes: Changes = MENDED, key: str = "again", *, wait: float = 10
) -> FiscalDocument:
    return await world.reissue(
        document.tenant_id, document.document_id, changes, idempotency_key=key, wait_seconds=wait, actor=ACTOR
    )


async def facts(world: World, document: FiscalDocument, kind: EventKind) -> list[dict[str, str]]:
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    return [dict(chained.event.facts) for chained in events if chained.event.kind is kind]
