"""What an installation knows of its PAC beyond the published contract, and how hard the softer fiscal rules are."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from adapters.alanube.known_codes import (
    ALREADY_VOIDED,
    DUPLICATE,
    MISCONFIGURED,
    REJECTION,
    VOID_REFUSAL,
    KnownCodes,
)
from adapters.alanube.settings import WireOptions
from bootstrap.concern import Concern, under
from core.errors import IstmoError
from core.preflight import PreflightSettings, Severity

Codes = Annotated[frozenset[str], NoDecode]
_PLACE = "once the PAC has told it"


def _split(value: object) -> object:
    return frozenset(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class WireSettings(Concern):
    """Keys of the PAC's wire that no public source confirms. Unset: a document that needs one is refused."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_PAC_WIRE_")
    foreign_key: str | None = Field(default=None, description=f"the receiver's key for a foreigner, {_PLACE}")
    foreign_kind_key: str | None = Field(default=None, description=f"the key of a foreigner's document kind, {_PLACE}")
    country_name_key: str | None = Field(default=None, description=f"the key of an unlisted country's name, {_PLACE}")
    export_place: Literal["receiver", "root"] | None = Field(
        default=None, description=f"where the export group stands, receiver or root, {_PLACE}"
    )
    contingency_start_key: str | None = Field(default=None, description=f"the key of a contingency's start, {_PLACE}")
    contingency_reason_key: str | None = Field(default=None, description=f"the key of its reason, {_PLACE}")
    oti_key: str | None = Field(default=None, description=f"the key of an item's other taxes (OTI), {_PLACE}")
    retention_code_key: str = Field(default="code", description="the key of the retention's code (inferred)")
    retention_amount_key: str = Field(default="amount", description="the key of the retention's amount (inferred)")

    def options(self) -> WireOptions:
        """For the mapping."""
        return WireOptions(**self.model_dump())


class CodeSettings(Concern):
    """Error codes that this installation's PAC was seen to use, on top of those that Istmo knows."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_PAC_CODES_")
    duplicate: Codes = Field(default=frozenset(), description="codes that say that a number is taken, with commas")
    misconfigured: Codes = Field(default=frozenset(), description="codes that say that no document of a company passes")
    rejection: Codes = Field(default=frozenset(), description="codes that refuse the one document that was sent")

    already_voided: Codes = Field(default=frozenset(), description="codes that say that a document is void already")
    void_refusal: Codes = Field(default=frozenset(), description="codes that refuse a void, with commas")

    _commas = field_validator(
        "duplicate", "misconfigured", "rejection", "already_voided", "void_refusal", mode="before"
    )(_split)

    def known(self) -> KnownCodes:
        """The tables in force."""
        return KnownCodes(
            duplicate=DUPLICATE | self.duplicate,
            misconfigured=MISCONFIGURED | self.misconfigured,
            rejection=REJECTION | self.rejection,
            already_voided=ALREADY_VOIDED | self.already_voided,
            void_refusal=VOID_REFUSAL | self.void_refusal,
        )


class PreflightConcern(Concern):
    """How hard the rules are that no official text confirms, by their codes in docs/errors.md."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_PREFLIGHT_")
    errors: Codes = Field(default=frozenset(), description="rule codes that refuse a document, with commas")
    warnings: Codes = Field(default=frozenset(), description="rule codes that only warn")
    off: Codes = Field(default=frozenset(), description="rule codes that are not checked")
    high_unit_price: Decimal = Field(default=Decimal(100_000), gt=0, description="above it a unit price warns (2050)")
    high_total: Decimal = Field(default=Decimal(1_000_000), gt=0, description="above it a total warns (2509)")
    high_consumer_total: Decimal = Field(
        default=Decimal(10_000), gt=0, description="above it a final consumer's total warns (2515)"
    )
    credit_note_days: int = Field(
        default=180, ge=1, le=3650, description="how old an invoice may be to be credited, in days"
    )
    longest_name: int = Field(default=100, ge=100, le=200, description="characters of a receiver's name (1605)")

    _commas = field_validator("errors", "warnings", "off", mode="before")(_split)

    @field_validator("errors", "warnings", "off")
    @classmethod
    def _can_be_set(cls, value: frozenset[str]) -> frozenset[str]:
        try:
            PreflightSettings(severities=dict.fromkeys(value, Severity.WARNING))
        except IstmoError as error:
            raise ValueError(f"{error.message.english} {error.hint.english}") from error
        return value

    def settings(self) -> PreflightSettings:
        """For the core. A code that is named twice is as hard as its hardest naming."""
        severities = dict.fromkeys(self.off, Severity.OFF)
        severities |= dict.fromkeys(self.warnings, Severity.WARNING)
        severities |= dict.fromkeys(self.errors, Severity.ERROR)
        return PreflightSettings(
            severities=severities,
            high_unit_price=self.high_unit_price,
            high_total=self.high_total,
            high_consumer_total=self.high_consumer_total,
            credit_note_window=timedelta(days=self.credit_note_days),
            longest_name=self.longest_name,
        )
