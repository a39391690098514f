"""What a simulated world will live through, as frozen plain data that is drawn before it runs and shrinks well.

Times are seconds since the world began, durations are seconds. Nothing in a plan refers to an object.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from adapters.alanube.fake.behaviour import DuplicateAnswer, ErrorStyle, RepeatedVoid
from adapters.alanube.fake.faults import FaultKind
from core.tenants import DoubtPolicy


class Door(StrEnum):
    """Where callers and the PAC's webhooks come in."""

    USE_CASES = "use_cases"
    HTTP = "http"  # the real Litestar app: GraphQL and the webhook route


class DocumentKind(StrEnum):
    """What a caller asks for first. Voids, notes, payments and corrections are later wishes about it."""

    INVOICE = "invoice"


class Fate(StrEnum):
    """What the PAC and the DGI make of a document that reaches them whole."""

    AUTHORISED = "authorised"
    REFUSED_BY_PAC = "refused_by_pac"  # 2xx with an id and PAC_REJECTED
    REFUSED_BY_DGI = "refused_by_dgi"  # PAC_AUTHORIZED, then DGI_REJECTED


class OutageForm(StrEnum):
    """How the PAC is away."""

    REFUSED = "refused"
    HANGING = "hanging"
    ERROR_503 = "error_503"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From ``at`` (included) for ``seconds``."""

    at: float
    seconds: float

    def holds(self, moment: float) -> bool:
        """Whether the moment lies in it."""
        return self.at <= moment < self.at + self.seconds

    @property
    def end(self) -> float:
        """The first moment after it."""
        return self.at + self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage(Window):
    """The PAC is away: no request is processed."""

    form: OutageForm = OutageForm.REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantPlan:
    """One taxpayer with its own company at the PAC."""

    policy: DoubtPolicy = DoubtPolicy.PARK
    webhooks: bool = True
    own_token: bool = False  # at the PAC, instead of the installation's


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPlan:
    """Money that comes for a document ``after`` its caller was answered; its caller records it with one key."""

    after: float
    cents: int
    is_recorded_twice: bool = False  # the same call at the same moment
    reversed_after: float | None = None  # it counts no longer, so long after it was recorded
    is_reversed_twice: bool = False  # by two requests with keys of their own, at the same moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPlan:
    """One intent of one caller. It asks again with the same key until it gets an answer."""

    at: float
    tenant: int = 0
    kind: DocumentKind = DocumentKind.INVOICE
    fate: Fate = Fate.AUTHORISED
    wait: float = 10.0  # waitSeconds; 0 rings the doorbell
    cents: int = 1000  # unit price
    lines: int = 1
    is_asked_twice: bool = False  # the same call at the same moment (B03)
    is_asked_otherwise: bool = False  # the same key with another price at the same moment (B04)
    leaves_after: float | None = None  # the caller's connection breaks so long after it asked, and it asks again
    void_after: float | None = None  # its caller asks to void it so long after it was answered
    is_void_asked_twice: bool = False  # by two requests with keys of their own, at the same moment (B70)
    credit_after: float | None = None  # its caller asks for a credit note of all that is left of it
    is_credit_asked_twice: bool = False  # by two requests with keys of their own, at the same moment
    debit_after: float | None = None  # its caller charges interest on it with a debit note
    reissue_after: float | None = None  # its caller asks for its corrected successor, and again while it is too early
    is_reissue_asked_twice: bool = False  # the same call at the same moment, and one with a key of its own
    is_reissued_wrongly: bool = False  # the successor makes the same mistake, and is corrected in its turn
    is_given_up: bool = False  # an operator gives it up by name where it is quarantined and the PAC does not hold it
    payments: tuple[PaymentPlan, ...] = ()

    @property
    def last_wish_at(self) -> float:
        """When its caller first asks for the last thing that was planned."""
        after = [self.void_after, self.credit_after, self.debit_after, self.reissue_after]
        after += [payment.after + (payment.reversed_after or 0.0) for payment in self.payments]
        return self.at + max((seconds for seconds in after if seconds is not None), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacFault:
    """One rule of the fake's fault plan. ``nth`` empty: by ``rate``. Where the kind is about requests it is about POSTs
    of documents, unless it is on reads or on voids."""

    kind: FaultKind
    nth: tuple[int, ...] = ()
    rate: float = 1.0
    times: int | None = None
    seconds: float | None = None
    is_on_reads: bool = False
    is_on_voids: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """A process ends the ``nth`` time that any process reaches ``point``; ``downtime`` later it starts again.

    ``is_whole_machine``: all processes end at once.
    """

    point: str
    nth: int = 1
    downtime: float = 5.0
    is_whole_machine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A process is told to end (SIGTERM) or ends (SIGKILL) at a time, wherever it is."""

    at: float
    process: int = 0
    is_graceful: bool = False
    downtime: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """A secret changes at ``at`` on one side and ``lag`` later on the other."""

    at: float
    lag: float
    tenant: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockJump:
    """The wall clock of one process is wrong by ``skew`` for a while (B17)."""

    at: float
    seconds: float
    process: int = 0
    skew: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TailLoss:
    """At ``lost_at`` the machine dies and the database comes back as it was at ``copied_at``; then `recover` runs."""

    copied_at: float
    lost_at: float
    downtime: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldPlan:
    """A whole world. Everything that is not written here follows from ``seed``."""

    seed: int
    door: Door = Door.USE_CASES
    processes: int = 2
    tenants: tuple[TenantPlan, ...] = (TenantPlan(),)
    documents: tuple[DocumentPlan, ...] = ()
    pac_faults: tuple[PacFault, ...] = ()
    faults_end: float = 600.0  # from here on the PAC and the network behave
    crashes: tuple[Crash, ...] = ()
    stops: tuple[Stop, ...] = ()
    outages: tuple[Outage, ...] = ()
    dgi_silences: tuple[Window, ...] = ()
    full_disks: tuple[Window, ...] = ()  # the database cannot write
    full_file_stores: tuple[Window, ...] = ()
    lost_rings: tuple[Window, ...] = ()  # the doorbell's memory is gone
    doubled_rings: tuple[Window, ...] = ()
    webhook_rotations: tuple[Rotation, ...] = ()
    token_rotations: tuple[Rotation, ...] = ()
    certificate_expiries: tuple[Window, ...] = ()
    clock_jumps: tuple[ClockJump, ...] = ()
    tail_loss: TailLoss | None = None
    duplicate: DuplicateAnswer = DuplicateAnswer.BAD_REQUEST_KNOWN_CODE
    repeated_void: RepeatedVoid = RepeatedVoid.REFUSED_KNOWN_CODE
    void_in_view: bool = False  # a GET shows the void
    error_style: ErrorStyle = ErrorStyle.ERRORS_ARRAY
    wrapped_document: bool = True
    accepted_status: int = 200
    decision_seconds: float = 2.0  # until the DGI decides
    decision_reads: int = 0  # and after so many GETs
    webhook_on_acceptance: bool = True  # PAC_AUTHORIZED is told too
    unrecognised_is_doubt: bool = False
    one_at_a_time_in_doubt: bool = False
    has_shared_doorbell: bool = True  # as with Redis; False: each process rings for itself

    @property
    def last_trouble_at(self) -> float:
        """When the last planned trouble is over."""
        windows = (
            *self.outages,
            *self.dgi_silences,
            *self.full_disks,
            *self.full_file_stores,
            *self.lost_rings,
            *self.doubled_rings,
            *self.certificate_expiries,
        )
        moments = [self.faults_end, *(window.end for window in windows)]
        moments += [stop.at + stop.downtime for stop in self.stops]
        moments += [jump.at + jump.seconds for jump in self.clock_jumps]
        moments += [turn.at + turn.lag for turn in (*self.webhook_rotations, *self.token_rotations)]
        if self.tail_loss is not None:
            moments.append(self.tail_loss.lost_at + self.tail_loss.downtime)
        moments += [document.last_wish_at for document in self.documents]
        return max(moments)


@dataclass(slots=True, kw_only=True)
class Coverage:
    """How often what was planned really struck, by name."""

    struck: dict[str, int] = field(default_factory=dict)

    def note(self, name: str, times: int = 1) -> None:
        """Count one more."""
        self.struck[name] = self.struck.get(name, 0) + times


def plan_as_json(plan: WorldPlan) -> bytes:
    """The plan as a file that ``plan_from_json`` reads."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1)


def plan_from_json(text: bytes) -> WorldPlan:
    """Raises ValueError for anything that is no plan."""
    try:
        return msgspec.json.decode(text, type=WorldPlan)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
