"""Which RUCs the fake knows, and what check-digit and rule 1602 make of that."""

from dataclasses import dataclass, field

from core.codes import RucType
from core.taxpayer import MalformedRucError, Ruc, RucForm, check_digit, parse_ruc

TAXPAYER = "CONTRIBUYENTE"
GOVERNMENT = "GOBIERNO"
CONSUMER = "CONSUMIDOR_FINAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredTaxpayer:
    """What the registry says about a RUC. ``dv`` None: two digits that the PAC cannot tell either."""

    ruc: str
    dv: str
    receiver: str


@dataclass(slots=True)
class TaxpayerRegistry:
    """Known RUCs by their normalised text and type.

    Unless ``strict``, every well-formed RUC exists: a legal NT number as government, everything else as taxpayer.
    A RUC in ``unknown`` never exists.
    """

    known: dict[tuple[str, int], str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def register(self, ruc: str, ruc_type: int, receiver: str) -> None:
        """Make a RUC known with its class. Raises MalformedRucError."""
        normalised = parse_ruc(ruc, RucType(ruc_type)).normalised
        self.known[(normalised, ruc_type)] = receiver
        self.unknown.discard(normalised)

    def forget(self, ruc: str) -> None:
        """Make a RUC unknown whatever the policy."""
        self.unknown.add(ruc)
        for key in [key for key in self.known if key[0] == ruc]:
            del self.known[key]

    def find(self, text: str, ruc_type: int, *, strict: bool) -> RegisteredTaxpayer | None:
        """The taxpayer, or None when the RUC is malformed or unknown."""
        ruc = readable_ruc(text, ruc_type)
        if ruc is None or ruc.normalised in self.unknown:
            return None
        receiver = self.known.get((ruc.normalised, ruc_type))
        if receiver is None:
            if strict:
                return None
            receiver = GOVERNMENT if ruc.form is RucForm.STATE_BODY else TAXPAYER
        return RegisteredTaxpayer(ruc=ruc.normalised, dv=check_digit(ruc).dv or "00", receiver=receiver)


def readable_ruc(text: str, ruc_type: int) -> Ruc | None:
    """The RUC, or None when it is malformed (1601)."""
    try:
        ruc = parse_ruc(text, RucType(ruc_type))
    except MalformedRucError:
        return None
    return ruc if ruc.fits_a_document else None
