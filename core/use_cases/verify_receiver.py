"""The receiver's RUC is checked before a number is taken: offline first, then at the registry."""

import asyncio
from dataclasses import dataclass, replace

from core.codes import ReceiverType, RucType
from core.drafts import DraftReceiver
from core.failures import (
    PacUnavailableError,
    ReceiverDvMismatchError,
    ReceiverTypeMismatchError,
)
from core.ports.pac_gateway import PacAccount
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc, RucRegistry
from core.taxpayer import check_digit, parse_ruc

NEEDS_REGISTRY = (ReceiverType.TAXPAYER, ReceiverType.GOVERNMENT)
EXPECTED_CLASS = {ReceiverType.TAXPAYER: ReceiverClass.TAXPAYER, ReceiverType.GOVERNMENT: ReceiverClass.GOVERNMENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedReceiver:
    """The receiver with the DV that holds. ``source``: registry, offline (the registry was away), or none."""

    receiver: DraftReceiver
    source: str


class VerifyReceiver:
    """Complete and check the RUC of a taxpayer or a government body.

    A registry that does not answer does not stop a sale whose RUC has an undisputed check digit; the document's
    timeline says that it was checked offline only. A receiver class that the registry does not name leaves the
    type that the caller gave; nobody ever becomes a final consumer silently.
    """

    def __init__(self, registry: RucRegistry, *, deadline_seconds: float = 5.0) -> None:
        """``deadline_seconds``: the PAC is slow, and a till does not wait for it longer than this."""
        self._registry = registry
        self._deadline_seconds = deadline_seconds

    async def __call__(self, account: PacAccount, receiver: DraftReceiver) -> VerifiedReceiver:
        """Raises MalformedRucError, RucNotRegisteredError, ReceiverDvMismatchError, ReceiverTypeMismatchError,
        and PacUnavailableError when only the registry could tell."""
        if receiver.receiver_type not in NEEDS_REGISTRY or receiver.ruc is None or receiver.ruc_type is None:
            return VerifiedReceiver(receiver=receiver, source="none")
        ruc = parse_ruc(receiver.ruc, receiver.ruc_type, path=("receiver", "ruc"))
        offline = check_digit(ruc)
        try:
            known = await self._ask(account, ruc.normalised, receiver.ruc_type)
        except PacUnavailableError:
            if offline.dv is None:
                raise
            return VerifiedReceiver(receiver=_with_dv(receiver, offline.dv), source="offline")
        _refuse_other_type(receiver, known)
        return VerifiedReceiver(receiver=_with_dv(receiver, known.dv), source="registry")

    async def _ask(self, account: PacAccount, ruc: str, ruc_type: RucType) -> RegisteredRuc:
        try:
            async with asyncio.timeout(self._deadline_seconds):
                return await self._registry.verify(account, ruc, ruc_type)
        except TimeoutError:
            raise PacUnavailableError(reason=f"no answer within {self._deadline_seconds:g} s") from None


def _with_dv(receiver: DraftReceiver, dv: str) -> DraftReceiver:
    if receiver.dv is not None and receiver.dv.zfill(2) != dv:
        raise ReceiverDvMismatchError(path=("receiver", "dv"), ruc=receiver.ruc, registered_dv=dv, given_dv=receiver.dv)
    return replace(receiver, dv=dv)


def _refuse_other_type(receiver: DraftReceiver, known: RegisteredRuc) -> None:
    if known.receiver_class is ReceiverClass.UNRECOGNISED:
        return
    if known.receiver_class is not EXPECTED_CLASS[receiver.receiver_type]:
        raise ReceiverTypeMismatchError(
            path=("receiver", "receiverType"),
            ruc=receiver.ruc,
            registered=known.receiver_class.value,
            given=receiver.receiver_type.name,
        )
