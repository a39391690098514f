"""One document's plan of faults and crashes, drawn before the run, and the troubles that there are."""

from dataclasses import dataclass
from enum import Enum

from adapters.alanube.fake.behaviour import UNKNOWN_CODE_FORMS, DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind
from core.tenants import DoubtPolicy

CRASHES = ("before_claim", "after_claim_before_send", "after_answer_before_record", "after_record")
FAULTS = (
    FaultKind.DROP_BEFORE,
    FaultKind.ERROR_503_BEFORE,
    FaultKind.UNAUTHORIZED_401,
    FaultKind.THROTTLED_429,
    FaultKind.DROP_AFTER_ACCEPT,
    FaultKind.ERROR_500_AFTER_ACCEPT,
    FaultKind.TIME_OUT_THEN_ACCEPT_LATE,
    FaultKind.TRUNCATE_BODY,
    FaultKind.HTML_200,
    FaultKind.NO_ID_200,
    FaultKind.PROXY_REPEATS_POST,
)
Trouble = FaultKind | str  # a fault of the PAC, or the name of a crash point
TROUBLES: tuple[Trouble, ...] = (*FAULTS, *CRASHES)


class Meanwhile(Enum):
    """What happens when a repetition is decided and has not left yet."""

    NOTHING = "nothing"
    POLICY_FALLS_TO_PARK = "the policy falls to park"
    WEBHOOK_ARRIVES = "the webhook arrives, and a ring to send overtakes its own"  # none came before


@dataclass(frozen=True)
class Plan:
    """``troubles[n]`` strikes the n-th attempt to submit; later attempts go well."""

    troubles: tuple[Trouble, ...]
    policy: DoubtPolicy
    duplicate: DuplicateAnswer
    webhooks_arrive: bool
    unrecognised_is_doubt: bool = False  # the setting of AnswerRules
    meanwhile: Meanwhile = Meanwhile.NOTHING

    @property
    def may_be_refused_wrongly(self) -> bool:
        """The one known hole, closed by the setting: something between us and the PAC repeats the POST, the PAC
        refuses the repetition with a code that no table knows, and no webhook ever tells."""
        return (
            FaultKind.PROXY_REPEATS_POST in self.troubles
            and self.duplicate in UNKNOWN_CODE_FORMS
            and not self.webhooks_arrive
            and not self.unrecognised_is_doubt
        )
