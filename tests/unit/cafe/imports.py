"""A document of somebody else, as it lies in a store after it was imported."""

from core.documents import DocumentMode, FiscalDocument, Submission
from tests.builders import record_document
from tests.shop import Shop
from tests.world import World


async def an_import(world: World, shop: Shop) -> FiscalDocument:
    """One imported document of the shop."""
    return await record_document(
        world.stores.documents,
        shop.tenant.tenant_id,
        mode=DocumentMode.DGI_IMPORT,
        submission=Submission.IMPORTED,
        next_action_at=None,
    )
