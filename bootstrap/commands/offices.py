"""Commands about branches."""

from bootstrap.commands.session import Installation, operator, run_with_container
from bootstrap.commands.speaking import say, say_table
from core.identifiers import TenantId
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.use_cases.administer import Administer


def create(
    tenant: str,
    *,
    code: str,
    address: str,
    coordinates: str,
    location: str,
    telephone: str,
    billing_point: tuple[str, ...] = (),
) -> None:
    """Register a branch at the PAC (unless it has the code already) and here. Prints its id alone on a line.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    code
        Four characters, 0000 is the head office. Part of every CUFE.
    address
        1 to 100 characters.
    coordinates
        Such as +8.9892,-79.5201.
    location
        Province-district-corregimiento without zero fill, such as 8-8-7.
    telephone
        Such as 200-0101.
    billing_point
        001 to 999, may be repeated; the first is the default. Without any: the last three digits of the code.
    """

    async def act(container: Installation) -> str:
        office = await (await container.get(Administer)).create_office(
            operator(),
            TenantId(tenant),
            code=code,
            address=address,
            coordinates=coordinates,
            location_code=location,
            telephone=telephone,
            billing_points=billing_point,
        )
        return office.office_id

    say(run_with_container(act))


def list_offices(tenant: str) -> None:
    """List the branches of a taxpayer: id, code, billing points, address, id at the PAC.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    """

    async def act(container: Installation) -> list[tuple[str, ...]]:
        owner = await (await container.get(TenantResolver)).get(TenantId(tenant))
        offices = await (await container.get(TenantDirectory)).offices(owner.tenant_id)
        return [
            (each.office_id, each.code, " ".join(each.billing_points), each.address, each.pac_office_id)
            for each in offices
        ]

    say_table(("office", "code", "billing points", "address", "pac office"), run_with_container(act))
