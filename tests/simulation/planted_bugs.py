"""All planted bugs, in the order in which the docs list them."""

from types import ModuleType

from tests.simulation import (
    planted_answers,
    planted_doubt,
    planted_evidence,
    planted_following,
    planted_payments,
    planted_restores,
    planted_sending,
    planted_successors,
    planted_voids,
    planted_worlds,
)
from tests.simulation.planted_bug import PlantedBug

CHAPTERS: dict[str, ModuleType] = {
    "Recording and sending": planted_sending,
    "What an answer proves": planted_answers,
    "Doubt": planted_doubt,
    "Evidence and webhooks": planted_evidence,
    "Following to the end": planted_following,
    "Voids": planted_voids,
    "Corrected documents": planted_successors,
    "Notes and payments": planted_payments,
    "Workers, tenants and restores": planted_worlds,
    "What a restore has forgotten": planted_restores,
}


def bugs_of(module: ModuleType) -> list[PlantedBug]:
    """In the order in which the module has them."""
    return [found for found in vars(module).values() if isinstance(found, PlantedBug)]


def all_bugs() -> list[PlantedBug]:
    """Every one of them."""
    return [bug for module in CHAPTERS.values() for bug in bugs_of(module)]
