"""The recovery after a restore, made on stores: the commands, the simulation and the tests do it alike."""

from adapters.persistence.stores import Stores
from core.ports.clock import Clock
from core.schedules import Schedules
from core.use_cases.recall_departures import RecallDepartures
from core.use_cases.recover_after_restore import RecoverAfterRestore


def recovery_on(stores: Stores, clock: Clock, schedules: Schedules) -> RecoverAfterRestore:
    """Run it while nothing else runs on the database."""
    recall = RecallDepartures(stores.departures, stores.documents, stores.lost, clock)
    return RecoverAfterRestore(
        stores.directory, stores.documents, stores.series, stores.marks, recall, clock, schedules
    )
