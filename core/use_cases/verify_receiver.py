"""The receiver's RUC is checked before a number is taken: offline first, then at the registry."""

from dataclasses import dataclass, replace

from core.codes import ReceiverType
from core.drafts import DraftReceiver
from core.failures import ReceiverDvMismatchError, ReceiverTypeMismatchError
from core.identifiers import TenantId
from core.ports.pac_gateway import PacAccount
from core.ports.ruc_registry import ReceiverClass
from core.taxpayer import parse_ruc
from core.use_cases.ask_registry import AskRegistry, RucAnswer

NEEDS_REGISTRY = (ReceiverType.TAXPAYER, ReceiverType.GOVERNMENT)
EXPECTED_CLASS = {ReceiverType.TAXPAYER: ReceiverClass.TAXPAYER, ReceiverType.GOVERNMENT: ReceiverClass.GOVERNMENT}
NOT_ASKED = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedReceiver:
    """The receiver with the DV that holds. ``source`` is a RucSource's value, or "none" for who needs no check."""

    receiver: DraftReceiver
    source: str
    disagreement: str = ""  # how the registry differs from the DGI's paper or from its last answer


class VerifyReceiver:
    """Complete and check the RUC of a taxpayer or a government body.

    A registry that does not answer does not stop a sale whose RUC it knew not long ago or that has an undisputed
    check digit; the document's timeline says where the answer came from. A receiver class that the registry does not
    name leaves the type that the caller gave; nobody ever becomes a final consumer silently.
    """

    def __init__(self, ask_registry: AskRegistry) -> None:
        self._ask_registry = ask_registry

    async def __call__(self, tenant_id: TenantId, account: PacAccount, receiver: DraftReceiver) -> VerifiedReceiver:
        """Raises MalformedRucError, RucNotRegisteredError, ReceiverDvMismatchError, ReceiverTypeMismatchError,
        and PacUnavailableError when only the registry could tell."""
        if receiver.receiver_type not in NEEDS_REGISTRY or receiver.ruc is None or receiver.ruc_type is None:
            return VerifiedReceiver(receiver=receiver, source=NOT_ASKED)
        ruc = parse_ruc(receiver.ruc, receiver.ruc_type, path=("receiver", "ruc"))
        answer = await self._ask_registry(tenant_id, account, ruc)
        _refuse_other_type(receiver, answer)
        return VerifiedReceiver(
            receiver=_with_dv(receiver, answer.dv), source=answer.source.value, disagreement=answer.disagreement
        )


def _with_dv(receiver: DraftReceiver, dv: str) -> DraftReceiver:
    if receiver.dv is not None and receiver.dv.zfill(2) != dv:
        raise ReceiverDvMismatchError(path=("receiver", "dv"), ruc=receiver.ruc, registered_dv=dv, given_dv=receiver.dv)
    return replace(receiver, dv=dv)


def _refuse_other_type(receiver: DraftReceiver, answer: RucAnswer) -> None:
    if answer.receiver_class is None or answer.receiver_class is ReceiverClass.UNRECOGNISED:
        return
    if answer.receiver_class is not EXPECTED_CLASS[receiver.receiver_type]:
        raise ReceiverTypeMismatchError(
            path=("receiver", "receiverType"),
            ruc=receiver.ruc,
            registered=answer.receiver_class.value,
            given=receiver.receiver_type.name,
        )
