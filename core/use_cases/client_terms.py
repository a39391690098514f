"""What is asked of every client, new or changed: it is well formed, and its receiver type is known."""

from dataclasses import replace

from core.codes import ReceiverType, RucType
from core.errors import Wording
from core.failures import ClientArchivedError, MalformedClientError, ReceiverClassUnknownError
from core.identifiers import ClientId, TenantId
from core.ports.ruc_registry import ReceiverClass
from core.ports.trade_book import TradeBook
from core.taxpayer import DvVerdict, parse_ruc, verify_dv
from core.trade import Client
from core.use_cases.ask_registry import AskRegistry
from core.use_cases.pac_account import FindPacAccount

_TYPE_OF_CLASS = {
    ReceiverClass.TAXPAYER: ReceiverType.TAXPAYER,
    ReceiverClass.GOVERNMENT: ReceiverType.GOVERNMENT,
    ReceiverClass.FINAL_CONSUMER: ReceiverType.FINAL_CONSUMER,
}


def normalised_client(client: Client, receiver_type: ReceiverType | None) -> Client:
    """The client with its RUC and DV in the form that is kept. Raises MalformedClientError, MalformedRucError."""
    _refuse_malformed(client, receiver_type)
    if client.ruc is None or client.contributor_type is None:
        return client
    ruc = parse_ruc(client.ruc, client.contributor_type, path=("ruc",))
    if client.dv is not None and verify_dv(ruc, client.dv.zfill(2)) is DvVerdict.WRONG:
        wrong = Wording(f"the DV of RUC {ruc} is not {client.dv}", f"el DV del RUC {ruc} no es {client.dv}")
        raise MalformedClientError(path=("dv",), problem=wrong)
    return replace(client, ruc=ruc.normalised, dv=client.dv.zfill(2) if client.dv else None)


async def find_active_client(trade_book: TradeBook, tenant_id: TenantId, client_id: ClientId) -> Client:
    """The client of a new order or invoice. Raises ClientNotFoundError, ClientArchivedError."""
    client = await trade_book.get_client(tenant_id, client_id)
    if client.archived_at is not None:
        raise ClientArchivedError(path=("clientId",), client_id=client_id)
    return client


class ReceiverTypes:
    """What kind of receiver a client is, asked of the registry where nobody says it."""

    def __init__(self, find_account: FindPacAccount, ask_registry: AskRegistry) -> None:
        self._find_account = find_account
        self._ask_registry = ask_registry

    async def __call__(self, tenant_id: TenantId, client: Client) -> ReceiverType:
        """Raises ReceiverClassUnknownError (say the type yourself), RucNotRegisteredError, PacUnavailableError,
        PacCompanyNotConfiguredError."""
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
