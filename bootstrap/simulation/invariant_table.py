"""Every invariant of the service by its id: how a simulation checks it, or why it does not.

A1 to A36 are the invariants in their long form, I1 to I15 those of the submission protocol (docs/submission.md).
"""

from dataclasses import dataclass
from enum import StrEnum


class When(StrEnum):
    """When an invariant is looked at."""

    STEP = "after every change of a document"
    POST = "when a POST or DELETE leaves a process"
    END = "at the end of a world"
    PAC = "at the end of a world, by what the PAC itself holds"
    DOCTOR = "at the end of a world, by the examination of `istmo doctor`"
    TWICE = "by running the same plans twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """``accused_as``: the ids under which a violation is told; empty: its own."""

    what: str
    when: tuple[When, ...]
    accused_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """Why a simulation cannot, or need not, look at it."""

    what: str
    reason: str


INVARIANTS: dict[str, Checked | Excused] = {
    "A1": Checked(
        what="one document for one intent, one successor",
        when=(When.STEP, When.END, When.PAC, When.DOCTOR),
        accused_as=("A1", "I1"),
    ),
    "A2": Checked(what="one authorised document for one number", when=(When.PAC,)),
    "A3": Checked(what="a number has one owner, for ever", when=(When.STEP, When.DOCTOR), accused_as=("A3", "I2")),
    "A4": Checked(what="no number without an account", when=(When.DOCTOR,), accused_as=("I4",)),
    "A5": Checked(what="what the PAC authorised is known here, or quarantined", when=(When.PAC,)),
    "A6": Checked(what="refused here: not authorised at the PAC", when=(When.PAC,)),
    "A7": Checked(what="the recorded bytes are posted, each time", when=(When.POST, When.PAC), accused_as=("A7", "I5")),
    "A8": Checked(what="a key and an input give one answer; another input a conflict", when=(When.END,)),
    "A9": Checked(what="no POST without a claim that is committed", when=(When.POST,)),
    "A10": Checked(
        what="no second POST before the settling time (less by what a clock is wrong), none under park",
        when=(When.STEP, When.POST),
    ),
    "A11": Checked(what="the legal status only rises", when=(When.STEP,)),
    "A12": Checked(what="the first final status is kept", when=(When.STEP,)),
    "A13": Checked(what="a CUFE never changes", when=(When.STEP, When.END, When.DOCTOR)),
    "A14": Checked(what="authorised: CUFE, id and protocol are there", when=(When.STEP, When.END)),
    "A15": Checked(what="no status that the PAC does not show", when=(When.STEP, When.PAC)),
    "A16": Checked(
        what="whatever is unfinished has a due time", when=(When.STEP, When.DOCTOR), accused_as=("A16", "I8")
    ),
    "A17": Checked(what="everything comes to rest within 26 hours of the last fault", when=(When.STEP, When.END)),
    "A18": Checked(what="one current file of a kind, whole and a PDF", when=(When.DOCTOR,), accused_as=("I9",)),
    "A19": Checked(what="authorised: the final files are there", when=(When.END,)),
    "A20": Checked(
        what="no row without its file (a file without a row is swept up by `istmo doctor --fix`)",
        when=(When.DOCTOR,),
        accused_as=("I9",),
    ),
    "A21": Checked(
        what="an acknowledged void ends, or waits for its document", when=(When.STEP, When.END, When.DOCTOR)
    ),
    "A22": Checked(what="only what the DGI authorised is voided (the window is the PAC's to judge)", when=(When.POST,)),
    "A23": Checked(what="void here, void at the PAC", when=(When.STEP, When.PAC, When.DOCTOR)),
    "A24": Checked(what="credits never exceed their invoice", when=(When.PAC, When.DOCTOR), accused_as=("A24", "I12")),
    "A25": Checked(what="a void and a note never both; nothing is paid for what is void", when=(When.PAC, When.DOCTOR)),
    "A26": Checked(
        what="nobody finds another tenant's document", when=(When.END, When.DOCTOR), accused_as=("A26", "I13")
    ),
    "A27": Checked(what="the PAC is called for a tenant's own company", when=(When.POST, When.PAC)),
    "A28": Checked(what="no secret in plain text in the database (logs have tests of their own)", when=(When.END,)),
    "A29": Excused(
        what="connections go to allowed hosts alone",
        reason="There is no network here; downloads and their addresses are attacked in tests/unit/alanube.",
    ),
    "A30": Checked(
        what="each change has its event, and the chain verifies",
        when=(When.STEP, When.DOCTOR),
        accused_as=("A30", "I14"),
    ),
    "A31": Checked(what="one worker holds a claim; tokens only grow", when=(When.STEP, When.POST)),
    "A32": Checked(what="what a caller was told is there after any crash", when=(When.END,)),
    "A33": Checked(what="losing every ring loses no work", when=(When.END,), accused_as=("A17",)),
    "A34": Checked(
        what="totals to the cent, here and at the PAC", when=(When.DOCTOR, When.PAC), accused_as=("A34", "I11")
    ),
    "A35": Checked(what="equal plans, equal traces", when=(When.TWICE,)),
    "A36": Checked(
        what="a restore never gives a number again that the PAC has seen",
        when=(When.STEP, When.PAC, When.DOCTOR),
    ),
    "I1": Checked(what="as A1; an order has one live invoice", when=(When.DOCTOR,)),
    "I2": Checked(what="as A3", when=(When.DOCTOR,)),
    "I3": Checked(
        what="as A2; a second id is noticed; no successor leaves, or is valid, beside a valid original",
        when=(When.POST, When.PAC, When.DOCTOR),
    ),
    "I4": Checked(what="as A4", when=(When.DOCTOR,)),
    "I5": Checked(what="as A7", when=(When.DOCTOR,)),
    "I6": Checked(what="ACCEPTED never goes back; states agree with their events", when=(When.STEP, When.DOCTOR)),
    "I7": Excused(
        what="no network call while a transaction is open",
        reason="By construction: a unit is a plain function, and what awaits is refused (tests/unit/persistence).",
    ),
    "I8": Checked(what="as A16; nothing is overdue at the end", when=(When.DOCTOR,)),
    "I9": Checked(what="as A18 and A20", when=(When.DOCTOR,)),
    "I10": Checked(
        what="each authentic webhook is kept once and ends processed or waiting", when=(When.END, When.DOCTOR)
    ),
    "I11": Checked(what="as A34", when=(When.DOCTOR,)),
    "I12": Checked(what="as A24", when=(When.DOCTOR,)),
    "I13": Checked(what="as A26", when=(When.DOCTOR,)),
    "I14": Checked(what="as A30", when=(When.DOCTOR,)),
    "I15": Checked(what="as A17", when=(When.END,), accused_as=("A17",)),
}
