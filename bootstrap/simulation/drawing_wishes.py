"""Draws what callers want of their documents later, each kind apart, so that one more kind changes nothing else."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from adapters.alanube.fake.behaviour import UNKNOWN_CODE_FORMS
from adapters.alanube.fake.faults import FaultKind
from bootstrap.simulation.plans import DocumentPlan, Fate, Outage, OutageForm, PacFault, PaymentPlan, WorldPlan

SOON = (1.0, 30.0, 300.0, 6 * 3600.0)
_REISSUED_AFTER = (0.0, 0.5, 5.0, 60.0, 890.0, 920.0)
_PAID_AFTER = (0.0, 1.0, 30.0, 30.0, 300.0)
_REVERSED_AFTER = (0.0, 1.0, 60.0, 600.0)
_LATE_BY = (950.0, 1100.0, 1500.0, 2000.0)  # of a webhook; what the PAC may still accept is watched for 900 seconds
_AWAY_FROM = (900.0, 950.0, 1000.0)  # while the PAC is away, a successor waits here and evidence comes in


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterShares:
    """Which share of the documents has each kind of wish; ``late_evidence`` is a share of the worlds."""

    credited: float = 0.0
    debited: float = 0.0
    corrected: float = 0.0  # of those that are made to be refused or rejected
    corrected_for_nothing: float = 0.0  # of the others
    paid: float = 0.0
    late_evidence: float = 0.0
    corrected_late: float = 0.35  # of all documents of such a world: any of them may be refused and valid


NOTHING_LATER = LaterShares()
USUALLY_LATER = LaterShares(
    credited=0.01, debited=0.01, corrected=0.2, corrected_for_nothing=0.01, paid=0.06, late_evidence=0.12
)


def with_later_wishes(plan: WorldPlan, shares: LaterShares) -> WorldPlan:
    """The plan with the wishes. Which are drawn depends on its seed and the shares alone."""
    plan = replace(plan, documents=tuple(_wanting(plan.seed, shares, plan.documents)))
    dice = random.Random(f"istmo late evidence {plan.seed}")  # noqa: S311 - repeatable by design
    return _with_late_evidence(dice, shares, plan) if dice.random() < shares.late_evidence else plan


def _wanting(seed: int, shares: LaterShares, documents: tuple[DocumentPlan, ...]) -> Iterator[DocumentPlan]:
    steps = (
        (_credited, random.Random(f"istmo credits {seed}")),  # noqa: S311 - repeatable by design
        (_debited, random.Random(f"istmo debits {seed}")),  # noqa: S311
        (_corrected, random.Random(f"istmo corrections {seed}")),  # noqa: S311
        (_paid, random.Random(f"istmo payments {seed}")),  # noqa: S311
    )
    for document in documents:
        wanting = document
        for step, dice in steps:
            wanting = step(dice, shares, wanting)
        yield wanting


def _credited(dice: random.Random, shares: LaterShares, document: DocumentPlan) -> DocumentPlan:
    """At the moment at which its void is asked for, too."""
    if dice.random() >= shares.credited:
        return document
    after = dice.choice(SOON) if document.void_after is None else document.void_after
    return replace(document, credit_after=after, is_credit_asked_twice=dice.random() < 0.3)


def _debited(dice: random.Random, shares: LaterShares, document: DocumentPlan) -> DocumentPlan:
    """At the moment at which its void is asked for, too."""
    if dice.random() >= shares.debited:
        return document
    after = dice.choice(SOON) if document.void_after is None else document.void_after
    return replace(document, debit_after=after)


def _corrected(dice: random.Random, shares: LaterShares, document: DocumentPlan) -> DocumentPlan:
    share = shares.corrected_for_nothing if document.fate is Fate.AUTHORISED else shares.corrected
    return corrected(dice, document) if dice.random() < share else document


def _paid(dice: random.Random, shares: LaterShares, document: DocumentPlan) -> DocumentPlan:
    return replace(document, payments=tuple(_payments(dice, document))) if dice.random() < shares.paid else document


def corrected(dice: random.Random, document: DocumentPlan) -> DocumentPlan:
    """Its caller asks for its successor at a moment at which much else may still be on its way."""
    return replace(
        document,
        reissue_after=dice.choice(_REISSUED_AFTER),
        is_reissue_asked_twice=dice.random() < 0.2,
        is_reissued_wrongly=document.fate is not Fate.AUTHORISED and dice.random() < 0.2,
        is_given_up=dice.random() < 0.5,
    )


def _payments(dice: random.Random, document: DocumentPlan) -> Iterator[PaymentPlan]:
    """One or two, in parts that need not be the whole; around the moment of a void or a credit note."""
    others = [at for at in (document.void_after, document.credit_after) if at is not None]
    moments = [*_PAID_AFTER, *others, *others]
    for _ in range(dice.choice((1, 1, 2))):
        is_reversed = dice.random() < 0.4
        yield PaymentPlan(
            after=dice.choice(moments),
            cents=dice.randint(1, 2 * document.cents),
            is_recorded_twice=dice.random() < 0.2,
            reversed_after=dice.choice(_REVERSED_AFTER) if is_reversed else None,
            is_reversed_twice=is_reversed and dice.random() < 0.3,
        )


def _with_late_evidence(dice: random.Random, shares: LaterShares, plan: WorldPlan) -> WorldPlan:
    """The PAC has what it refused, and says so when the successor is on its way, or has left."""
    faults = (
        PacFault(kind=FaultKind.PROXY_REPEATS_POST, rate=0.3),
        PacFault(kind=FaultKind.DELAY_WEBHOOK, rate=0.8, seconds=dice.choice(_LATE_BY)),
    )
    outage = Outage(
        at=dice.choice(_AWAY_FROM), seconds=dice.choice((600.0, 1200.0, 1800.0)), form=dice.choice(tuple(OutageForm))
    )
    return replace(
        plan,
        duplicate=dice.choice(UNKNOWN_CODE_FORMS),
        unrecognised_is_doubt=False,
        tenants=tuple(replace(tenant, webhooks=True) for tenant in plan.tenants),
        documents=tuple(
            corrected(dice, document) if dice.random() < shares.corrected_late else document
            for document in plan.documents
        ),
        pac_faults=(*faults, *plan.pac_faults),
        faults_end=900.0,
        outages=(*plan.outages, outage),
    )
