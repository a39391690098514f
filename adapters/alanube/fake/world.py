"""Everything that the fake PAC remembers, and the agenda of what happens by itself as the clock moves."""

import heapq
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from adapters.alanube.fake.behaviour import Behaviour
from adapters.alanube.fake.document_shape import DocumentShapes
from adapters.alanube.fake.faults import FaultInjector, FaultKind, Occasion
from adapters.alanube.fake.progression import (
    DGI_AUTHORIZED,
    DGI_REJECTED,
    PAC_REJECTED,
    DocumentMatch,
    Progression,
    Step,
    after,
)
from adapters.alanube.fake.records import (
    Company,
    DueWebhook,
    Exchange,
    FakeDocument,
    SentEmail,
    WebhookDelivery,
)
from adapters.alanube.fake.taxpayer_registry import TaxpayerRegistry
from adapters.alanube.fake.wire import write_json

Clock = Callable[[], datetime]
NumberKey = tuple[str, str, str, str, str]  # company, branch, document type, billing point, numeration
DEFAULT_PROGRESSION = after(timedelta(seconds=2))
_ULID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class World:
    """The state of one fake PAC. No global time, no global randomness."""

    def __init__(self, *, clock: Clock, seed: int, behaviour: Behaviour, base_url: str) -> None:
        """``clock`` answers aware UTC; ``base_url`` is where signed file addresses point."""
        self.clock = clock
        self.seed = seed
        self.base_url = base_url
        self.behaviour = behaviour
        self.registry = TaxpayerRegistry()
        self.faults = FaultInjector()
        self.clear()

    def clear(self) -> None:
        """Forget everything but the settings."""
        self.random = Random(self.seed)  # noqa: S311 - reproducible on purpose
        self.signing_key = self.random.randbytes(32)
        self.progression = DEFAULT_PROGRESSION
        self.scripts: list[tuple[DocumentMatch, Progression]] = []
        self.registry = TaxpayerRegistry()
        self.faults = FaultInjector()
        self.tokens: dict[str, str] = {}
        self.companies: dict[str, Company] = {}
        self.documents: dict[str, FakeDocument] = {}
        self.emails: list[SentEmail] = []
        self.exchanges: deque[Exchange] = deque(maxlen=self.behaviour.kept_exchanges)
        self.deliveries: deque[WebhookDelivery] = deque(maxlen=self.behaviour.kept_exchanges)
        self._by_cufe: dict[tuple[str, str], list[str]] = {}
        self._by_number: dict[NumberKey, str] = {}
        self._steps: dict[str, deque[Step]] = {}
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._webhooks: list[tuple[datetime, int, DueWebhook]] = []
        self._sequence = 0
        self.set_behaviour(self.behaviour)

    def set_behaviour(self, behaviour: Behaviour) -> None:
        """Change the settings; what is decided already stays."""
        self.behaviour = behaviour
        self.shapes = DocumentShapes((behaviour.contingency_start_key, behaviour.contingency_reason_key))

    def mint_id(self, now: datetime) -> str:
        """A ULID of the injected clock and seed."""
        value = (int(now.timestamp() * 1000) << 80) | self.random.getrandbits(80)
        return "".join(_ULID_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))

    def company_of(self, account_id: str, company_id: str | None) -> Company | None:
        """The account's company by id, or its main one. Another account's company does not exist."""
        if company_id is not None:
            company = self.companies.get(company_id)
            return company if company is not None and company.account_id == account_id else None
        own = (each for each in self.companies.values() if each.account_id == account_id)
        return next((each for each in own if each.kind == "main"), None)

    def document_of(self, company_id: str, document_id: str) -> FakeDocument | None:
        """A company's document by id."""
        document = self.documents.get(document_id)
        return document if document is not None and document.company_id == company_id else None

    def documents_by_cufe(self, company_id: str, cufe: str) -> list[FakeDocument]:
        """All documents with a CUFE, an authorised one first."""
        found = [self.documents[each] for each in self._by_cufe.get((company_id, cufe), ())]
        return sorted(found, key=lambda document: document.legal_status != DGI_AUTHORIZED)

    def holder_of(self, key: NumberKey) -> FakeDocument | None:
        """The document that a number belongs to."""
        holder = self.documents.get(self._by_number.get(key, ""))
        if holder is None:
            return None
        rejected = holder.legal_status in (PAC_REJECTED, DGI_REJECTED)
        return None if rejected and self.behaviour.rejected_number_is_free else holder

    def add_document(self, document: FakeDocument, progression: Progression, key: NumberKey | None) -> None:
        """Take a document in: its number when ``key`` is given, its moves, its first webhook."""
        self.documents[document.id] = document
        if document.cufe is not None:
            self._by_cufe.setdefault((document.company_id, document.cufe), []).append(document.id)
        if key is not None:
            self._by_number[key] = document.id
        document.history.append((document.accepted_at, document.legal_status))
        if self.behaviour.webhook_on_acceptance:
            self.announce(document, document.accepted_at)
        self._steps[document.id] = deque(progression.steps)
        for step in progression.steps:
            self.schedule(document.accepted_at + step.after, lambda at: self.move_on(document, at))

    def progression_for(self, document: FakeDocument) -> Progression:
        """The script of a document, the latest first, or the default."""
        for match, progression in reversed(self.scripts):
            if match.matches(document):
                return progression
        return self.progression

    def move_on(self, document: FakeDocument, at: datetime) -> None:
        """Make every move that is due by time and by reads."""
        steps = self._steps.get(document.id)
        while steps and at >= document.accepted_at + steps[0].after and document.reads >= steps[0].reads:
            self.decide(document, steps.popleft(), at)

    def decide(self, document: FakeDocument, step: Step, at: datetime) -> None:
        """Give a document a new status and tell its company."""
        document.legal_status = step.legal_status
        document.government = document.government + step.government
        document.history.append((at, step.legal_status))
        if step.legal_status == DGI_AUTHORIZED and document.protocol is None:
            document.protocol = f"{at.year}{self.random.randrange(10**15):015d}"
        self.announce(document, at)

    def announce(self, document: FakeDocument, at: datetime) -> None:
        """Queue the webhook of a document's present status, when its company has one switched on."""
        target = self.companies[document.company_id].webhook
        if target is not None and target.enabled:
            self.queue_webhook(document, target.url, target.secret, target.user_id, at)

    def queue_webhook(self, document: FakeDocument, url: str, secret: str, user_id: str | None, at: datetime) -> None:
        """Queue one webhook (ASSUME-034); faults of the plan may lose, double, delay or spoil it."""
        kinds = {rule.kind: rule for rule in self.faults.strike(Occasion.WEBHOOK)}
        if FaultKind.LOSE_WEBHOOK in kinds:
            return
        if FaultKind.WRONG_SECRET_WEBHOOK in kinds:
            secret = f"not-{secret}"
        body = {"id": document.id, "legalStatus": document.legal_status}
        if document.cufe is not None:
            body["cufe"] = document.cufe
        body["message"] = f"Document {document.legal_status}"
        headers = {"content-type": "application/json", "X-Pac-Signature": secret}
        if user_id is not None:
            headers["X-User-Id"] = user_id
        delayed = kinds.get(FaultKind.DELAY_WEBHOOK)
        due_at = at + self.behaviour.webhook_delay
        if delayed is not None:
            due_at += timedelta(seconds=60 if delayed.seconds is None else delayed.seconds)
        for _ in range(2 if FaultKind.DUPLICATE_WEBHOOK in kinds else 1):
            self.push_webhook(
                DueWebhook(
                    id=self.mint_id(at),
                    company_id=document.company_id,
                    document_id=document.id,
                    url=url,
                    headers=headers,
                    body=write_json(body),
                    due_at=due_at,
                )
            )

    def push_webhook(self, webhook: DueWebhook) -> None:
        """Put a webhook in the queue."""
        self._sequence += 1
        heapq.heappush(self._webhooks, (webhook.due_at, self._sequence, webhook))

    def pop_webhooks(self, now: datetime) -> list[DueWebhook]:
        """Take every webhook that is due, in the order of its time."""
        due: list[DueWebhook] = []
        while self._webhooks and self._webhooks[0][0] <= now:
            due.append(heapq.heappop(self._webhooks)[2])
        return due

    def schedule(self, at: datetime, action: Callable[[datetime], None]) -> None:
        """Do something when the clock reaches ``at``."""
        self._sequence += 1
        heapq.heappush(self._agenda, (at, self._sequence, action))

    def advance(self, now: datetime) -> None:
        """Do everything that became due until ``now``, each at its own time."""
        while self._agenda and self._agenda[0][0] <= now:
            at, _, action = heapq.heappop(self._agenda)
            action(at)

    def next_due_at(self) -> datetime | None:
        """The next moment at which something happens by itself."""
        moments = [queue[0][0] for queue in (self._agenda, self._webhooks) if queue]
        return min(moments, default=None)
