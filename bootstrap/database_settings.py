"""Who connects to PostgreSQL as whom, how often at once, and for how long anything may wait there."""

from typing import ClassVar

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from bootstrap.concern import Concern, under


class PostgresConcern(Concern):
    """Roles, pools and time-outs on PostgreSQL. SQLite needs none of it."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_")
    owner_database_url: SecretStr | None = Field(
        default=None,
        description="the owner's postgresql:// URL, for migrate, doctor and admin commands; else ISTMO_DATABASE_URL",
    )
    application_role: str = Field(
        default="istmo_app", min_length=1, max_length=63, description="role of ISTMO_DATABASE_URL; migrate grants to it"
    )
    require_row_security: bool = Field(
        default=False, description="serve and worker refuse a role that row-level security does not bind"
    )
    database_writers: int = Field(default=4, ge=1, le=64, description="connections that record documents and webhooks")
    database_claimers: int = Field(
        default=4, ge=1, le=64, description="connections that may wait for a locked document"
    )
    database_readers: int = Field(default=4, ge=1, le=64, description="connections that read")
    database_lock_seconds: float = Field(default=5, gt=0, le=60, description="longest wait for one lock")
    database_statement_seconds: float = Field(default=30, gt=0, le=300, description="longest run of one statement")
    database_pooled: bool | None = Field(
        default=None, description="whether PgBouncer or the like stands between; without it Istmo finds out"
    )

    @field_validator("owner_database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("postgresql://"):
            raise ValueError("must look like postgresql://USER@HOST/DATABASE")
        return value

    def owners_url(self, database_url: SecretStr) -> str:
        """The URL for what only the owner may do."""
        return (self.owner_database_url or database_url).get_secret_value()
