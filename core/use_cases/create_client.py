"""A receiver that a tenant sells to more than once."""

from dataclasses import replace

from core.codes import ReceiverType, RucType
from core.errors import Wording
from core.failures import MalformedClientError, ReceiverClassUnknownError
from core.identifiers import ClientId, TenantId
from core.intents import meaning_of, read_intent
from core.ports.clock import Clock, Identifiers
from core.ports.ruc_registry import ReceiverClass
from core.ports.trade_book import TradeBook
from core.taxpayer import DvVerdict, parse_ruc, verify_dv
from core.trade import Client
from core.use_cases.ask_registry import AskRegistry
from core.use_cases.pac_account import FindPacAccount

OPERATION = "createClient"
_NOT_SAID = frozenset({"tenant_id", "client_id", "created_at", "receiver_type"})
_TYPE_OF_CLASS = {
    ReceiverClass.TAXPAYER: ReceiverType.TAXPAYER,
    ReceiverClass.GOVERNMENT: ReceiverType.GOVERNMENT,
    ReceiverClass.FINAL_CONSUMER: ReceiverType.FINAL_CONSUMER,
}


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
        self._find_account = find_account
        self._ask_registry = ask_registry
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
        the same client back, without asking the registry again.

        Raises MalformedClientError, MalformedRucError, MalformedIdempotencyKeyError, IdempotencyConflictError,
        ReceiverClassUnknownError (say the type yourself), and, only when the type has to be asked for,
        RucNotRegisteredError, PacUnavailableError, PacCompanyNotConfiguredError.
        """
        _refuse_malformed(client, receiver_type)
        normalised = client
        if client.ruc is not None and client.contributor_type is not None:
            ruc = parse_ruc(client.ruc, client.contributor_type, path=("ruc",))
            if client.dv is not None and verify_dv(ruc, client.dv.zfill(2)) is DvVerdict.WRONG:
                wrong = Wording(f"the DV of RUC {ruc} is not {client.dv}", f"el DV del RUC {ruc} no es {client.dv}")
                raise MalformedClientError(path=("dv",), problem=wrong)
            normalised = replace(client, ruc=ruc.normalised, dv=client.dv.zfill(2) if client.dv else None)
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
            receiver_type=receiver_type or await self._ask(tenant_id, normalised),
            created_at=self._clock.now(),
        )
        return await self._trade_book.add_client(kept, intent=intent)

    async def _ask(self, tenant_id: TenantId, client: Client) -> ReceiverType:
        if client.ruc is None or client.contributor_type is None:
            raise ReceiverClassUnknownError(path=("receiverType",), ruc=client.ruc or "-")
        account = await self._find_account(tenant_id)
        answer = await self._ask_registry(tenant_id, account, parse_ruc(client.ruc, client.contributor_type))
        receiver_type = _TYPE_OF_CLASS.get(answer.receiver_class or ReceiverClass.UNRECOGNISED)
        if receiver_type is None:
            raise ReceiverClassUnknownError(path=("receiverType",), ruc=client.ruc)
        return receiver_type


def _refuse_malformed(client: Client, receiver_type: ReceiverType | None) -> None:
    if not 2 <= len(client.name.strip()) <= 200 or not client.name.isprintable():
        raise MalformedClientError(
            path=("name",),
            problem=Wording("the name has 2 to 200 printable characters", "el nombre tiene de 2 a 200 caracteres"),
        )
    if client.ruc is not None and client.contributor_type is None:
        raise MalformedClientError(
            path=("contributorType",),
            problem=Wording("a RUC needs its contributor type", "un RUC necesita su tipo de contribuyente"),
        )
    if receiver_type in (ReceiverType.TAXPAYER, ReceiverType.GOVERNMENT) and client.ruc is None:
        raise MalformedClientError(
            path=("ruc",),
            problem=Wording("a taxpayer or government client needs a RUC", "un contribuyente o gobierno necesita RUC"),
        )
    if receiver_type is ReceiverType.FINAL_CONSUMER and client.contributor_type is RucType.LEGAL:
        raise MalformedClientError(
            path=("receiverType",),
            problem=Wording(
                "a legal person is no final consumer (DGI rule 1621)",
                "una persona jurídica no es consumidor final (regla 1621 de la DGI)",
            ),
        )
