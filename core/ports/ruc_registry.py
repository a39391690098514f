"""The registry of taxpayers, asked through the PAC."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from core.codes import RucType
from core.ports.pac_gateway import PacAccount


class ReceiverClass(Enum):
    """What the registry says that a RUC's holder is. UNRECOGNISED is never silently a final consumer."""

    TAXPAYER = "CONTRIBUYENTE"
    GOVERNMENT = "GOBIERNO"
    FINAL_CONSUMER = "CONSUMIDOR_FINAL"
    UNRECOGNISED = "UNRECOGNISED"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredRuc:
    """A RUC that the registry knows, with its two-digit check digit and the age of the answer."""

    ruc: str
    ruc_type: RucType
    dv: str
    receiver_class: ReceiverClass
    checked_at: datetime


class RucRegistry(Protocol):
    """Who a RUC belongs to."""

    @abstractmethod
    async def verify(self, account: PacAccount, ruc: str, ruc_type: RucType) -> RegisteredRuc:
        """Ask the registry.

        Raises RucNotRegisteredError when it knows no such RUC and PacUnavailableError when it does not answer.
        """
