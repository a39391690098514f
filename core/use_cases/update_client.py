"""A client says something else from now on. What was issued to it stays as it is: documents hold their own copy."""

from dataclasses import replace
from datetime import datetime

from core.codes import ReceiverType
from core.failures import ClientChangedError
from core.identifiers import ClientId, TenantId
from core.ports.clock import Clock
from core.ports.trade_book import TradeBook
from core.trade import KEPT_OF_A_CLIENT, Client
from core.use_cases.ask_registry import AskRegistry
from core.use_cases.client_terms import ReceiverTypes, normalised_client
from core.use_cases.pac_account import FindPacAccount


class UpdateClient:
    """Replace what a client says, as a whole. Later orders and invoices, and orders not billed yet, follow it."""

    def __init__(
        self, trade_book: TradeBook, find_account: FindPacAccount, ask_registry: AskRegistry, clock: Clock
    ) -> None:
        self._trade_book = trade_book
        self._type_of = ReceiverTypes(find_account, ask_registry)
        self._clock = clock

    async def __call__(
        self,
        tenant_id: TenantId,
        client_id: ClientId,
        client: Client,
        *,
        receiver_type: ReceiverType | None,
        expected_version: int | None = None,
    ) -> Client:
        """``client`` as the caller gives it; what it leaves out is gone. What it says already is no change, whatever
        the version.

        Raises ClientNotFoundError, ClientChangedError (it does not have ``expected_version`` any more),
        MalformedClientError, MalformedRucError, and, when the type has to be asked for, the errors of ReceiverTypes.
        """
        normalised = normalised_client(client, receiver_type)
        await self._trade_book.get_client(tenant_id, client_id)  # nobody asks the registry for what is not there
        told = replace(normalised, receiver_type=receiver_type or await self._type_of(tenant_id, normalised))
        now = self._clock.now()

        def change(current: Client) -> Client | None:
            wanted = replace(told, **{name: getattr(current, name) for name in KEPT_OF_A_CLIENT})
            if wanted == current:
                return None
            refuse_changed_client(current, expected_version)
            return next_version(wanted, now)

        return await self._trade_book.update_client(tenant_id, client_id, change)


def refuse_changed_client(current: Client, expected_version: int | None) -> None:
    """Raise ClientChangedError when the client is not the one that its editor read."""
    if expected_version is not None and current.version != expected_version:
        raise ClientChangedError(path=("expectedVersion",), client_id=current.client_id, version=current.version)


def next_version(client: Client, now: datetime) -> Client:
    """The client as it is kept after a change."""
    return replace(client, version=client.version + 1, updated_at=now)
