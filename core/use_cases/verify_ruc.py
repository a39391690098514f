"""Who a RUC belongs to, for whoever asks before there is a document."""

from core.codes import RucType
from core.identifiers import TenantId
from core.taxpayer import parse_ruc
from core.use_cases.ask_registry import AskRegistry, RucAnswer
from core.use_cases.pac_account import FindPacAccount


class VerifyRuc:
    """Answer with the check digit, the receiver class, the source and the age of the answer."""

    def __init__(self, ask_registry: AskRegistry, find_account: FindPacAccount) -> None:
        self._ask_registry = ask_registry
        self._find_account = find_account

    async def __call__(self, tenant_id: TenantId, ruc: str, ruc_type: RucType) -> RucAnswer:
        """Raises MalformedRucError, RucNotRegisteredError, PacCompanyNotConfiguredError, and PacUnavailableError when
        only the registry could tell."""
        parsed = parse_ruc(ruc, ruc_type, path=("ruc",))
        account = await self._find_account(tenant_id)
        return await self._ask_registry(tenant_id, account, parsed)
