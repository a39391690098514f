"""The fake PAC: one entry for requests, one clock, one seed. Plain synchronous Python behind every door."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.alanube.fake.behaviour import Behaviour
from adapters.alanube.fake.faults import FaultKind, FaultPlan, Occasion
from adapters.alanube.fake.faulty_answers import DEFAULT_LATE_SECONDS, answer_instead, spoilt
from adapters.alanube.fake.file_routes import get_file
from adapters.alanube.fake.progression import DocumentMatch, Progression
from adapters.alanube.fake.records import (
    Company,
    DueWebhook,
    Exchange,
    FakeDocument,
    Office,
    SentEmail,
    WebhookDelivery,
    WebhookTarget,
)
from adapters.alanube.fake.refusals import not_found
from adapters.alanube.fake.router import PREFIX, route
from adapters.alanube.fake.taxpayer_registry import TaxpayerRegistry
from adapters.alanube.fake.wire import WireAnswer, WireRequest
from adapters.alanube.fake.world import Clock, World
from core.codes import RucType
from core.taxpayer import DvVerdict, check_digit, parse_ruc, verify_dv

DEFAULT_BASE_URL = "http://fake-pac.invalid"
DEFAULT_TOKEN = "fake-pac-token"  # noqa: S105 - the documented token of a fake


class FakePacEngine:
    """A PAC in memory. Not thread-safe: one event loop or one thread at a time."""

    def __init__(
        self,
        *,
        clock: Clock,
        seed: int = 0,
        behaviour: Behaviour | None = None,
        base_url: str = DEFAULT_BASE_URL,
    ) -> None:
        """``clock`` answers aware UTC. The same seed, clock and calls give the same ids, faults and answers."""
        self._world = World(clock=clock, seed=seed, behaviour=behaviour or Behaviour(), base_url=base_url)

    # -- requests and time ----------------------------------------------------------------------------------

    def handle(self, request: WireRequest) -> WireAnswer:
        """Answer one request: /pan/v1/* with its faults, or a signed file address."""
        now = self.now()
        self._world.advance(now)
        if request.path.startswith("/files/"):
            answer = get_file(self._world, request, now)
        elif request.path.startswith(f"{PREFIX}/"):
            answer = self._faulty(request, now)
        else:
            answer = not_found("route")
        self._world.exchanges.append(Exchange(at=now, request=request, answer=answer))
        self._world.advance(now)
        return answer

    def _faulty(self, request: WireRequest, now: datetime) -> WireAnswer:
        rules = self._world.faults.strike(Occasion.REQUEST, request)
        instead = answer_instead(rules)
        if instead is not None:
            late = next((rule for rule in rules if rule.kind is FaultKind.TIME_OUT_THEN_ACCEPT_LATE), None)
            if late is not None and instead.faults == (late.kind.value,):
                seconds = DEFAULT_LATE_SECONDS if late.seconds is None else late.seconds
                self._world.schedule(now + timedelta(seconds=seconds), lambda at: self._process_late(request, at))
            return instead
        if any(rule.kind is FaultKind.PROXY_REPEATS_POST for rule in rules):
            route(self._world, request, now)
        return spoilt(route(self._world, request, now), rules)

    def _process_late(self, request: WireRequest, at: datetime) -> None:
        answer = dataclasses.replace(route(self._world, request, at), faults=("accepted_late",))
        self._world.exchanges.append(Exchange(at=at, request=request, answer=answer))

    @property
    def clock(self) -> Clock:
        """The injected clock."""
        return self._world.clock

    def now(self) -> datetime:
        """What the injected clock says."""
        return self._world.clock()

    def advance(self) -> None:
        """Do everything that became due by the clock: moves of documents, late acceptances, affiliations."""
        self._world.advance(self.now())

    def next_due_at(self) -> datetime | None:
        """When something next happens by itself, webhooks included; None: nothing is waiting."""
        return self._world.next_due_at()

    # -- webhooks -------------------------------------------------------------------------------------------

    def take_due_webhooks(self, now: datetime | None = None) -> list[DueWebhook]:
        """Take the webhooks that are due, in order. Whoever takes them delivers them."""
        moment = now if now is not None else self.now()
        self._world.advance(moment)
        return self._world.pop_webhooks(moment)

    def report_delivery(self, webhook: DueWebhook, status: int | None) -> None:
        """Tell what became of a delivery: no answer (None) or a 5xx is tried again, a bounded number of times.

        A delivery that began before a reset is nobody's any more.
        """
        if webhook.document_id not in self._world.documents:
            return
        now = self.now()
        self._world.deliveries.append(WebhookDelivery(webhook=webhook, at=now, status=status))
        delays = self._world.behaviour.webhook_retry_after
        if (status is None or status >= 500) and webhook.attempt <= len(delays):
            again = dataclasses.replace(webhook, attempt=webhook.attempt + 1, due_at=now + delays[webhook.attempt - 1])
            self._world.push_webhook(again)

    def set_webhook(self, company_id: str, target: WebhookTarget | None) -> None:
        """Register or remove a company's webhook. Raises KeyError for an unknown company."""
        self._world.companies[company_id].webhook = target

    def switch_webhooks(self, company_id: str, *, enabled: bool) -> None:
        """Switch a company's webhooks on or off. Raises KeyError when it is unknown or has none registered."""
        target = self._world.companies[company_id].webhook
        if target is None:
            message = f"company {company_id} has no webhook registered"
            raise KeyError(message)
        target.enabled = enabled

    # -- setting up -----------------------------------------------------------------------------------------

    def register_company(
        self,
        *,
        ruc: str,
        name: str,
        dv: str | None = None,
        ruc_type: int = 2,
        trade_name: str | None = None,
        token: str = DEFAULT_TOKEN,
        company_id: str | None = None,
        environment: int = 2,
        affiliated: str = "SUBSCRIBED",
        qr: str | None = "100000001",
        webhook: WebhookTarget | None = None,
        main_office: bool = True,
        is_active: bool = True,
    ) -> Company:
        """A company that may emit at once. The first of a token is its main company.

        Raises MalformedRucError for a bad RUC, ValueError for a DV that is not the RUC's own.
        """
        world, now = self._world, self.now()
        parsed = parse_ruc(ruc, RucType(ruc_type))
        right_dv = dv or check_digit(parsed).dv
        if right_dv is None or verify_dv(parsed, right_dv) is DvVerdict.WRONG:
            message = f"{right_dv} is not the check digit of {parsed}"
            raise ValueError(message)
        account_id = self.register_token(token)
        company = Company(
            id=company_id or world.mint_id(now),
            account_id=account_id,
            kind="associated" if world.company_of(account_id, None) else "main",
            name=name,
            trade_name=trade_name or name,
            ruc=parsed.normalised,
            dv=right_dv,
            ruc_type=ruc_type,
            environment=environment,
            affiliated=affiliated,
            qr=qr,
            webhook=webhook,
            is_active=is_active,
        )
        world.companies[company.id] = company
        if main_office:
            self.register_office(company.id, code="0000")
        return company

    def register_office(
        self,
        company_id: str,
        *,
        code: str,
        office_id: str | None = None,
        address: str = "Calle 50, edificio Istmo, planta baja",
        coordinates: str = "+8.9824,-79.5199",
        telephone: str = "200-0000",
        location: str = "8-8-7",
    ) -> Office:
        """A branch. Code 0000 is the main one. Raises KeyError for an unknown company."""
        office = Office(
            id=office_id or self._world.mint_id(self.now()),
            code=code,
            kind="main" if code == "0000" else "associated",
            coordinates=coordinates,
            address=address,
            telephone=telephone,
            location=location,
        )
        self._world.companies[company_id].offices[office.id] = office
        return office

    def register_token(self, token: str, *, account_of: str | None = None) -> str:
        """Make a token valid, for a new account or for the one of another token; returns the account's id."""
        world = self._world
        if token not in world.tokens:
            world.tokens[token] = world.tokens[account_of] if account_of else world.mint_id(self.now())
        return world.tokens[token]

    def revoke_token(self, token: str) -> None:
        """Make a token worth a 401."""
        self._world.tokens.pop(token, None)

    def reset(self) -> None:
        """Forget everything but clock, seed and settings."""
        self._world.clear()

    # -- scripting ------------------------------------------------------------------------------------------

    @property
    def behaviour(self) -> Behaviour:
        """The settings in force."""
        return self._world.behaviour

    def behave(self, **changes: Any) -> Behaviour:
        """Change settings by name. Raises TypeError for a name that does not exist."""
        self._world.set_behaviour(dataclasses.replace(self._world.behaviour, **changes))
        return self._world.behaviour

    def set_base_url(self, base_url: str) -> None:
        """Where signed file addresses point from now on."""
        self._world.base_url = base_url

    def set_faults(self, plan: FaultPlan) -> None:
        """Start a fault plan from its first call."""
        self._world.faults.follow(plan)

    def set_progression(self, progression: Progression, match: DocumentMatch | None = None) -> None:
        """How documents move from now on: all of them, or those that match."""
        if match is None:
            self._world.progression = progression
        else:
            self._world.scripts.append((match, progression))

    # -- looking --------------------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """Where signed file addresses point."""
        return self._world.base_url

    @property
    def registry(self) -> TaxpayerRegistry:
        """The RUCs that check-digit and rule 1602 know."""
        return self._world.registry

    @property
    def companies(self) -> Sequence[Company]:
        """All companies, in the order of their registration."""
        return tuple(self._world.companies.values())

    @property
    def documents(self) -> Sequence[FakeDocument]:
        """All documents, in the order of their acceptance."""
        return tuple(self._world.documents.values())

    def document(self, document_id: str) -> FakeDocument:
        """One document. Raises KeyError."""
        return self._world.documents[document_id]

    @property
    def emails(self) -> Sequence[SentEmail]:
        """The e-mails that were asked for."""
        return tuple(self._world.emails)

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """The latest requests with their answers, oldest first."""
        return tuple(self._world.exchanges)

    @property
    def deliveries(self) -> Sequence[WebhookDelivery]:
        """The latest webhook attempts that were reported, oldest first."""
        return tuple(self._world.deliveries)

    @property
    def faults_fired(self) -> Counter[FaultKind]:
        """How often each kind of fault struck."""
        return Counter(self._world.faults.fired)
