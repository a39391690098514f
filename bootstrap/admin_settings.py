"""Who may administer this installation over HTTP."""

from typing import ClassVar

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from bootstrap.concern import Concern, under
from core.use_cases.admin_keys import NAME, AdminKey

_HEX = frozenset("0123456789abcdef")


class AdminSettings(Concern):
    """The administrators' API is served where there is a key, and nowhere else."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_ADMIN_")
    keys: str = Field(
        default="",
        description="NAME:SHA256 of each administrator's key, separated by commas (`istmo admin-key create`); "
        "without any, /admin/graphql is not served",
    )

    @field_validator("keys")
    @classmethod
    def _are_keys(cls, value: str) -> str:
        entries = [_parts(entry) for entry in _entries(value)]
        if any(not NAME.fullmatch(name) or len(digest) != 64 or not set(digest) <= _HEX for name, digest in entries):
            raise ValueError("must look like alice:0123...cdef,bob:..., as `istmo admin-key create` prints it")
        if len({name for name, _ in entries}) != len(entries):
            raise ValueError("must name each administrator once")
        return value

    @property
    def administrators(self) -> tuple[AdminKey, ...]:
        """Every key in force."""
        return tuple(AdminKey(name=name, secret_digest=digest) for name, digest in map(_parts, _entries(self.keys)))


def _entries(value: str) -> list[str]:
    return [entry.strip() for entry in value.split(",") if entry.strip()]


def _parts(entry: str) -> tuple[str, str]:
    name, _, digest = entry.partition(":")
    return name.strip(), digest.strip()
