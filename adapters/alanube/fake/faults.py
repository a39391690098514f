"""Faults as data: what goes wrong, at which call, decided by count, by predicate or by rate and seed."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from adapters.alanube.fake.wire import WireRequest


class FaultKind(StrEnum):
    """Everything that the fake can do wrong on purpose."""

    # before anything happens
    DROP_BEFORE = "drop_before"  # the connection is refused
    ERROR_503_BEFORE = "error_503_before"
    UNAUTHORIZED_401 = "unauthorized_401"
    FORBIDDEN_403 = "forbidden_403"
    THROTTLED_429 = "throttled_429"  # Retry-After when ``seconds`` is set (ASSUME-013)
    MISCONFIGURED_AP1010 = "misconfigured_ap1010"
    REDIRECT_307 = "redirect_307"
    # the request is processed, the answer does not arrive as it should
    DROP_AFTER_ACCEPT = "drop_after_accept"
    ERROR_500_AFTER_ACCEPT = "error_500_after_accept"
    ERROR_502_AFTER_ACCEPT = "error_502_after_accept"
    TIME_OUT_THEN_ACCEPT_LATE = "time_out_then_accept_late"  # processed ``seconds`` later
    TIME_OUT_AFTER_ACCEPT = "time_out_after_accept"
    SLOW_DRIP = "slow_drip"  # one byte every ``seconds``
    TRUNCATE_BODY = "truncate_body"
    CUT_MID_BODY = "cut_mid_body"
    HTML_200 = "html_200"
    EMPTY_200 = "empty_200"
    NO_ID_200 = "no_id_200"
    INNER_ERROR_200 = "inner_error_200"  # httpStatusCode 500 inside a 200 (seen in another of the vendor's countries)
    UNKNOWN_STATUS = "unknown_status"
    REGRESSED_STATUS = "regressed_status"  # REGISTERED, whatever it is
    PROXY_REPEATS_POST = "proxy_repeats_post"  # processed twice, the second answer arrives
    WEBHOOK_BEFORE_ANSWER = "webhook_before_answer"
    NOT_FOUND_404 = "not_found_404"  # a known id is not found, to be read or (with a ``match``) to be voided
    # webhooks
    DUPLICATE_WEBHOOK = "duplicate_webhook"
    LOSE_WEBHOOK = "lose_webhook"
    DELAY_WEBHOOK = "delay_webhook"  # by ``seconds``: late, and out of order
    WRONG_SECRET_WEBHOOK = "wrong_secret_webhook"  # noqa: S105 - the name of a fault
    # the PDF
    PDF_MISSING = "pdf_missing"  # no URL in the document
    PDF_EXPIRED = "pdf_expired"  # 403 at the URL
    PDF_HTML = "pdf_html"
    PDF_TRUNCATED = "pdf_truncated"
    PDF_REDIRECT = "pdf_redirect"


class Occasion(StrEnum):
    """Where a fault can strike."""

    REQUEST = "request"
    WEBHOOK = "webhook"
    READ = "read"
    DOWNLOAD = "download"


_OCCASIONS = {
    FaultKind.DUPLICATE_WEBHOOK: Occasion.WEBHOOK,
    FaultKind.LOSE_WEBHOOK: Occasion.WEBHOOK,
    FaultKind.DELAY_WEBHOOK: Occasion.WEBHOOK,
    FaultKind.WRONG_SECRET_WEBHOOK: Occasion.WEBHOOK,
    FaultKind.PDF_MISSING: Occasion.READ,
    FaultKind.UNKNOWN_STATUS: Occasion.READ,
    FaultKind.REGRESSED_STATUS: Occasion.READ,
    FaultKind.NOT_FOUND_404: Occasion.READ,
    FaultKind.PDF_EXPIRED: Occasion.DOWNLOAD,
    FaultKind.PDF_HTML: Occasion.DOWNLOAD,
    FaultKind.PDF_TRUNCATED: Occasion.DOWNLOAD,
    FaultKind.PDF_REDIRECT: Occasion.DOWNLOAD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMatch:
    """Which requests a fault is about; None matches all. ``body_contains`` is looked for in the bytes."""

    method: str | None = None
    path_contains: str | None = None
    company_id: str | None = None
    body_contains: str | None = None

    def matches(self, request: WireRequest) -> bool:
        """Whether every named part agrees."""
        return (
            (self.method is None or self.method == request.method)
            and (self.path_contains is None or self.path_contains in request.path)
            and (self.company_id is None or self.company_id == request.query.get("idCompany"))
            and (self.body_contains is None or self.body_contains.encode() in request.body)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """When one kind of fault strikes.

    Without ``match`` a request fault is about POSTs of documents alone, a read fault about GETs of documents.
    ``nth`` counts matching occasions from 1; empty means every one. ``rate`` is a probability, ``times`` an upper
    bound, ``seconds`` what the kind makes of it.
    """

    kind: FaultKind
    match: RequestMatch | None = None
    nth: frozenset[int] = frozenset()
    rate: float = 1.0
    times: int | None = None
    seconds: float | None = None

    @property
    def occasion(self) -> Occasion:
        """Where this rule is asked."""
        return _OCCASIONS.get(self.kind, Occasion.REQUEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """All faults of one run, drawn before it starts. The same plan and the same calls give the same faults."""

    rules: tuple[FaultRule, ...] = ()
    seed: int = 0


@dataclass(slots=True)
class FaultInjector:
    """Walks a plan through the calls. ``fired`` counts what struck, by kind."""

    plan: FaultPlan = field(default_factory=FaultPlan)
    fired: Counter[FaultKind] = field(default_factory=Counter)
    _seen: Counter[int] = field(default_factory=Counter)
    _struck: Counter[int] = field(default_factory=Counter)
    _random: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - reproducible on purpose

    def follow(self, plan: FaultPlan) -> None:
        """Start a plan from its first call; ``fired`` goes on counting."""
        self.plan = plan
        self._seen.clear()
        self._struck.clear()
        self._random = Random(plan.seed)  # noqa: S311 - reproducible on purpose

    def strike(self, occasion: Occasion, request: WireRequest | None = None) -> tuple[FaultRule, ...]:
        """The rules that strike at this occasion, in the plan's order."""
        struck = tuple(
            rule
            for place, rule in enumerate(self.plan.rules)
            if rule.occasion is occasion and self._is_about(rule, request) and self._is_due(place, rule)
        )
        for rule in struck:
            self.fired[rule.kind] += 1
        return struck

    def _is_about(self, rule: FaultRule, request: WireRequest | None) -> bool:
        if request is None:
            return True
        if rule.match is not None:
            return rule.match.matches(request)
        if rule.occasion is Occasion.READ:
            return request.method == "GET"
        return rule.occasion is not Occasion.REQUEST or posts_a_document(request)

    def _is_due(self, place: int, rule: FaultRule) -> bool:
        self._seen[place] += 1
        if rule.nth and self._seen[place] not in rule.nth:
            return False
        if rule.times is not None and self._struck[place] >= rule.times:
            return False
        if rule.rate < 1.0 and self._random.random() >= rule.rate:
            return False
        self._struck[place] += 1
        return True


def posts_a_document(request: WireRequest) -> bool:
    """Whether the request issues a document."""
    return request.method == "POST" and request.path.rstrip("/").endswith(
        ("/invoices", "/credit-notes", "/debit-notes")
    )
