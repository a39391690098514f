"""Where data lies: database, files, high-water marks; and the key that seals secrets."""

import base64
import binascii
from typing import ClassVar

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from adapters.persistence.s3_settings import SCHEME, S3Settings, bucket_and_prefix
from bootstrap.concern import Concern, has_host, under


class StoreSettings(Concern):
    """Where data lies."""

    model_config: ClassVar[SettingsConfigDict] = under("ISTMO_")
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///var/istmo.db"), description="sqlite:///PATH or postgresql://USER@HOST/DATABASE"
    )
    file_store_url: str = Field(
        default="var/files", description="folder for PDF and XML, or file:///FOLDER, or s3://BUCKET/PREFIX"
    )
    s3_plain_http: bool = Field(
        default=False, description="let an S3 endpoint beyond loopback be http: documents travel in the clear"
    )
    s3_endpoint: str | None = Field(
        default=None, description="https://HOST of an S3-compatible server; without it the region's own"
    )
    s3_region: str = Field(default="us-east-1", min_length=1, description="region of the bucket")
    s3_access_key_id: str | None = Field(
        default=None, min_length=1, description="id of the key to the bucket; without it the machine's own role"
    )
    s3_secret_access_key: SecretStr | None = Field(
        default=None, validate_default=True, description="secret of the key to the bucket"
    )
    high_water_url: str = Field(
        default="var/marks", description="folder of the high-water marks, on another disk than the database"
    )
    departure_days: int = Field(
        default=90,
        ge=1,
        le=3_660,
        description="days of departures kept beside the marks: as old as a backup may be that is ever restored",
    )
    secrets_key: SecretStr = Field(description="32 random bytes in base64; seals the secrets of tenants at rest")
    older_secrets_keys: SecretStr | None = Field(
        default=None, description="keys that sealed before, separated by commas, until `istmo secrets rotate` is done"
    )
    retention_years: int = Field(
        default=5,
        ge=1,
        le=100,
        description="years after the fiscal year that documents are kept; `istmo retention` lists what is older, and "
        "nothing is deleted",
    )

    @field_validator("secrets_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        if len(_decoded(value.get_secret_value())) != 32:
            raise ValueError("must be 32 bytes in base64; make one with `istmo config new-key`")
        return value

    @field_validator("older_secrets_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and any(len(key) != 32 for key in _decoded_all(value)):
            raise ValueError("must be keys of 32 bytes in base64, separated by commas")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_a_known_database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
            return value
        if not url.startswith("postgresql://") or not has_host(url):
            raise ValueError("must look like sqlite:///PATH or postgresql://USER@HOST/DATABASE")
        return value

    @field_validator("file_store_url", "high_water_url")
    @classmethod
    def _is_a_folder(cls, value: str, info: ValidationInfo) -> str:
        if info.field_name == "file_store_url" and value.startswith(SCHEME):
            bucket_and_prefix(value)
            return value
        if "://" in value and not value.startswith("file:///"):
            raise ValueError("must be a folder or begin with file:///")
        return value

    @field_validator("s3_endpoint")
    @classmethod
    def _is_a_safe_endpoint(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None:
            S3Settings(bucket="any", endpoint=value, allow_plain_http=bool(info.data.get("s3_plain_http")))
        return value

    @field_validator("s3_secret_access_key")
    @classmethod
    def _goes_with_its_id(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if (value is None) != (info.data.get("s3_access_key_id") is None):
            raise ValueError("goes with ISTMO_S3_ACCESS_KEY_ID: set both or none")
        return value

    @property
    def s3(self) -> S3Settings:
        """How the bucket of ``file_store_url`` is reached. Raises ValueError where it is none."""
        bucket, prefix = bucket_and_prefix(self.file_store_url)
        secret = self.s3_secret_access_key
        return S3Settings(
            bucket=bucket,
            prefix=prefix,
            endpoint=self.s3_endpoint,
            region=self.s3_region,
            access_key_id=self.s3_access_key_id,
            secret_access_key=None if secret is None else secret.get_secret_value(),
            allow_plain_http=self.s3_plain_http,
        )

    @property
    def is_in_a_bucket(self) -> bool:
        """Whether files lie in S3."""
        return self.file_store_url.startswith(SCHEME)

    @property
    def key_bytes(self) -> bytes:
        """The 32 bytes."""
        return _decoded(self.secrets_key.get_secret_value())

    @property
    def older_key_bytes(self) -> tuple[bytes, ...]:
        """What sealed before; nothing is sealed with them any more."""
        return () if self.older_secrets_keys is None else _decoded_all(self.older_secrets_keys)


def _decoded_all(keys: SecretStr) -> tuple[bytes, ...]:
    return tuple(_decoded(key.strip()) for key in keys.get_secret_value().split(",") if key.strip())


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""
