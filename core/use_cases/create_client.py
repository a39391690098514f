"""A receiver that a tenant sells to more than once."""

from dataclasses import replace

from core.codes import ReceiverType
from core.identifiers import ClientId, TenantId
from core.intents import meaning_of, read_intent
from core.ports.clock import Clock, Identifiers
from core.ports.trade_book import TradeBook
from core.trade import KEPT_OF_A_CLIENT, Client
from core.use_cases.ask_registry import AskRegistry
from core.use_cases.client_terms import ReceiverTypes, normalised_client
from core.use_cases.pac_account import FindPacAccount

OPERATION = "createClient"
_NOT_SAID = frozenset({*KEPT_OF_A_CLIENT, "receiver_type"})


class CreateClient:
    """Keep a client. Without a receiver type the registry is asked what its RUC is."""

    def __init__(
        self,
        trade_book: TradeBook,
        find_account: FindPacAccount,
        ask_registry: AskRegistry,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self._trade_book = trade_book
        self._type_of = ReceiverTypes(find_account, ask_registry)
        self._clock = clock
        self._identifiers = identifiers

    async def __call__(
        self,
        tenant_id: TenantId,
        client: Client,
        *,
        receiver_type: ReceiverType | None,
        idempotency_key: str | None = None,
    ) -> Client:
        """``client`` as the caller gave it; its id, time and receiver type are set here. The same key and input give
        the same client back, as it is now, without asking the registry again.

        Raises MalformedClientError, MalformedRucError, MalformedIdempotencyKeyError, IdempotencyConflictError, and,
        only when the type has to be asked for, the errors of ReceiverTypes.
        """
        normalised = normalised_client(client, receiver_type)
        said = meaning_of(normalised, without=_NOT_SAID) | {"receiver_type": receiver_type}
        intent = read_intent(OPERATION, idempotency_key, said)
        if intent is not None:
            made = await self._trade_book.find_made_client(tenant_id, intent)
            if made is not None:
                return made
        kept = replace(
            normalised,
            tenant_id=tenant_id,
            client_id=ClientId(self._identifiers.new_id()),
            receiver_type=receiver_type or await self._type_of(tenant_id, normalised),
            created_at=self._clock.now(),
        )
        return await self._trade_book.add_client(kept, intent=intent)
