"""How long a document can be voided."""

from typing import ClassVar

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from bootstrap.concern import Concern, under
from core.voids import VoidWindow


class VoidSettings(Concern):
    """The window of a void, in hours from the document's issue time. The PAC has the last word."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_VOID_")
    window_hours: float = Field(
        default=182, gt=0, le=1000, description="from the issue time; after it a void is refused before it is sent"
    )
    warn_hours: float = Field(
        default=168,
        gt=0,
        le=1000,
        validate_default=True,
        description="from the issue time; from here on a warning says that it closes",
    )

    @field_validator("warn_hours")
    @classmethod
    def _warns_before_it_closes(cls, value: float, others: ValidationInfo) -> float:
        if value > others.data.get("window_hours", value):
            raise ValueError("must not be more than ISTMO_VOID_WINDOW_HOURS")
        return value

    def window(self) -> VoidWindow:
        """For the use cases."""
        return VoidWindow(hours=self.window_hours, warn_hours=self.warn_hours)
