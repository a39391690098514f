"""Rules about time: the issue date (1519, 1520, 1535) and contingency (1506 to 1509)."""

from collections.abc import Iterator

from core.drafts import DraftContingency
from core.errors import Wording
from core.issue_time import business_days_ahead, panama_date
from core.preflight.lengths import has_length
from core.preflight.verdict import Case, Confidence, Finding, Rule, Severity

ISSUED_LONG_AGO = Rule(
    code="issued_long_ago",
    dgi="1519",
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "The issue date is more than {days} days in the past.", "La fecha de emisión tiene más de {days} días."
    ),
    hint=Wording("Check the issue date.", "Revise la fecha de emisión."),
)
ISSUED_TOO_FAR_AHEAD = Rule(
    code="issued_too_far_ahead",
    dgi="1520",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "The issue date is more than {days} business days ahead.",
        "La fecha de emisión está a más de {days} días hábiles.",
    ),
    hint=Wording("Issue it when the day has come.", "Emítala cuando llegue la fecha."),
)
ISSUED_AHEAD = Rule(
    code="issued_ahead",
    dgi="1535",
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "The issue date is more than {hours} hours ahead.", "La fecha de emisión está a más de {hours} horas."
    ),
    hint=Wording("Check the issue date and the clock.", "Revise la fecha de emisión y el reloj."),
)
CONTINGENCY_MISSING = Rule(
    code="contingency_missing",
    dgi="1506",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Emission {emission} needs the start and the reason of the contingency.",
        "La emisión {emission} requiere el inicio y el motivo de la contingencia.",
    ),
    hint=Wording("Give contingency, or use emission 01.", "Indique contingency o use la emisión 01."),
)
CONTINGENCY_NOT_EXPECTED = Rule(
    code="contingency_not_expected",
    dgi="1506",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Emission {emission} is not a contingency, yet one is given.",
        "La emisión {emission} no es de contingencia, pero se indicó una.",
    ),
    hint=Wording("Remove contingency, or use emission 02 or 04.", "Quite contingency o use la emisión 02 o 04."),
)
CONTINGENCY_AFTER_ISSUE = Rule(
    code="contingency_after_issue",
    dgi="1507",
    confidence=Confidence.MEDIUM,
    message=Wording("The contingency starts after the issue date.", "La contingencia inicia después de la emisión."),
    hint=Wording("Correct contingency.startedAt.", "Corrija contingency.startedAt."),
)
CONTINGENCY_LONG = Rule(
    code="contingency_long",
    dgi="1508",
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "The contingency has lasted more than {hours} hours.", "La contingencia lleva más de {hours} horas."
    ),
    hint=Wording("The reason must explain why.", "El motivo debe explicar por qué."),
)
CONTINGENCY_REASON = Rule(
    code="contingency_reason_length",
    dgi="1509",
    confidence=Confidence.HIGH,
    message=Wording(
        "The reason of the contingency must have 15 to 250 characters.",
        "El motivo de la contingencia debe tener de 15 a 250 caracteres.",
    ),
    hint=Wording("Say what happened.", "Explique lo sucedido."),
)
MOMENT_WITHOUT_ZONE = Rule(
    code="moment_without_zone",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("The time has no time zone.", "La hora no tiene zona horaria."),
    hint=Wording("Write it with its offset: -05:00 in Panama.", "Escríbala con su desfase: -05:00 en Panamá."),
)


def judge(case: Case) -> Iterator[Finding]:
    """The issue date against ``now``, the contingency against the issue date, and zones of all moments."""
    settings, ahead = case.settings, case.issued_at - case.now
    if -ahead > settings.oldest_issue:
        yield ISSUED_LONG_AGO.at("issuedAt", days=settings.oldest_issue.days)
    days_ahead = business_days_ahead(panama_date(case.now), panama_date(case.issued_at))
    if days_ahead > settings.furthest_business_days:
        yield ISSUED_TOO_FAR_AHEAD.at("issuedAt", days=settings.furthest_business_days)
    elif ahead > settings.furthest_issue:
        yield ISSUED_AHEAD.at("issuedAt", hours=int(settings.furthest_issue.total_seconds() // 3600))
    for place, reference in enumerate(case.draft.references):
        if reference.issued_at.utcoffset() is None:
            yield MOMENT_WITHOUT_ZONE.at("references", place, "issuedAt")
    contingency, emission = case.draft.contingency, case.draft.emission
    if contingency is None:
        if emission.is_contingency:
            yield CONTINGENCY_MISSING.at("contingency", emission=emission)
    elif not emission.is_contingency:
        yield CONTINGENCY_NOT_EXPECTED.at("contingency", emission=emission)
    else:
        yield from _judge_contingency(case, contingency)


def _judge_contingency(case: Case, contingency: DraftContingency) -> Iterator[Finding]:
    if not has_length(contingency.reason, 15, 250):
        yield CONTINGENCY_REASON.at("contingency", "reason")
    if contingency.started_at.utcoffset() is None:
        yield MOMENT_WITHOUT_ZONE.at("contingency", "startedAt")
        return
    lasted = case.issued_at - contingency.started_at
    if lasted.total_seconds() < 0:
        yield CONTINGENCY_AFTER_ISSUE.at("contingency", "startedAt")
    elif lasted > case.settings.longest_contingency:
        hours = int(case.settings.longest_contingency.total_seconds() // 3600)
        yield CONTINGENCY_LONG.at("contingency", "startedAt", hours=hours)
