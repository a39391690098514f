"""Zero-difference statements over a world's stores and fake PAC."""

from core.use_cases.read_at_pac import ReadAtPac
from core.use_cases.read_statement import ReadStatement
from tests.world import World


def statement_reader(world: World, *, documents_max: int | None = 200) -> ReadStatement:
    """The use case, as the installation wires it."""
    stores = world.stores
    return ReadStatement(
        stores.documents,
        stores.inbox,
        stores.directory,
        stores.series,
        stores.numbers,
        ReadAtPac(stores.files, world.find_account, world.circuit, world.pac),
        world.pac,
        world.clock,
        documents_max=documents_max,
    )
