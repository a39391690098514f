"""What a restore may leave behind: a document that left for the PAC and that the database does not know."""

from adapters.persistence.sql_lost_documents import lost_document_columns
from core.departures import departure_of
from core.identifiers import TenantId
from core.invariants.faults import Fault
from core.lost_documents import LostDocument
from tests.builders import a_document
from tests.integration.administration_damages import Damage
from tests.integration.busy_installation import Installation


def lose_document(installation: Installation) -> None:
    """The newest number of its series, which nothing here explains any more."""
    document = a_document(TenantId(installation.names["tenant"]), number=900)
    now = installation.clock.now()
    row = lost_document_columns(LostDocument(departure=departure_of(document, b"{}", at=now), noticed_at=now))
    names, values = ", ".join(row), ", ".join(f":lost_{name}" for name in row)
    installation.run(
        f"INSERT INTO lost_documents ({names}) VALUES ({values})",  # noqa: S608
        **{f"lost_{name}": value for name, value in row.items()},
    )


LOST_DAMAGES: dict[str, tuple[Damage, Fault]] = {
    "a document that left before a restore": (lose_document, Fault.DOCUMENT_LOST),
}
