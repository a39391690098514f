"""The registry of taxpayers behind GET /check-digit (contract section 2.7), asked once for all who wait."""

import asyncio
from dataclasses import dataclass

from adapters.alanube.bodies import findings_in, read_object, text_of
from adapters.alanube.calls import good_reply, read_entry
from adapters.alanube.client import AlanubeClient
from adapters.alanube.known_codes import is_schema_text
from adapters.alanube.replies import Outcome, Reply
from adapters.alanube.settings import AlanubeSettings
from core.codes import RucType
from core.failures import PacMisconfiguredError, PacRefusedError, PacUnavailableError, RucNotRegisteredError
from core.ports.clock import Clock
from core.ports.pac_gateway import PacAccount
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc, RucRegistry

_CLASSES = {
    "CONTRIBUYENTE": ReceiverClass.TAXPAYER,
    "GOBIERNO": ReceiverClass.GOVERNMENT,
    "CONSUMIDOR FINAL": ReceiverClass.FINAL_CONSUMER,
    "CONSUMIDOR_FINAL": ReceiverClass.FINAL_CONSUMER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    company_id: str  # what one tenant learnt never answers another
    ruc: str
    ruc_type: RucType


class AlanubeRucRegistry(RucRegistry):
    """Asks once however many wait. It remembers nothing: that is the ReferenceBook's."""

    def __init__(self, settings: AlanubeSettings, client: AlanubeClient, clock: Clock) -> None:
        """``client`` is shared and closed by whoever made it."""
        self._settings = settings
        self._client = client
        self._clock = clock
        self._asking: dict[_Question, asyncio.Task[RegisteredRuc]] = {}

    async def verify(self, account: PacAccount, ruc: str, ruc_type: RucType) -> RegisteredRuc:
        """See the port. Wrong credentials are PacUnavailableError here: the registry says nothing about the RUC."""
        question = _Question(company_id=account.company_id, ruc=ruc, ruc_type=ruc_type)
        asking = self._asking.get(question)
        if asking is None:
            asking = asyncio.create_task(self._ask(account, question))
            self._asking[question] = asking
            asking.add_done_callback(lambda _: self._asking.pop(question, None))
        return await asyncio.shield(asking)  # one waiter that gives up must not take the answer from the others

    async def _ask(self, account: PacAccount, question: _Question) -> RegisteredRuc:
        words = self._settings.ruc_type_words
        query = {
            "idCompany": account.company_id,
            "ruc": question.ruc,
            "type": words.natural if question.ruc_type is RucType.NATURAL else words.legal,
        }
        outcome = await self._client.send("GET", ("check-digit",), token=account.token, query=query)
        entry = read_entry(self._good_reply(outcome, question.ruc))
        digits = entry.get("checkDigit")
        dv = str(digits).strip().zfill(2) if isinstance(digits, str | int) else ""
        if len(dv) != 2 or not (dv.isascii() and dv.isdigit()):
            raise PacUnavailableError(reason="the registry's answer has no check digit")
        told = (text_of(entry.get("receiver"), 100) or "").strip().upper()
        return RegisteredRuc(
            ruc=question.ruc,
            ruc_type=question.ruc_type,
            dv=dv,
            receiver_class=_CLASSES.get(told, ReceiverClass.UNRECOGNISED),
            checked_at=self._clock.now(),
        )

    def _good_reply(self, outcome: Outcome, ruc: str) -> Reply:
        try:
            return good_reply(outcome, self._settings.known_codes)
        except PacRefusedError as error:
            if _judges_the_ruc(outcome):
                raise RucNotRegisteredError(ruc=ruc) from error
            raise PacUnavailableError(reason=error.message.english) from error
        except PacMisconfiguredError as error:
            raise PacUnavailableError(reason=error.message.english) from error


def _judges_the_ruc(outcome: Outcome) -> bool:
    """A 400 is how the registry says no, unless the vendor's schema checker complains about our request."""
    if not isinstance(outcome, Reply) or outcome.status not in (400, 422):
        return False
    body = read_object(outcome.body)
    messages = findings_in(body)[1] if body is not None else ()
    return not (messages and all(is_schema_text(message) for message in messages))
