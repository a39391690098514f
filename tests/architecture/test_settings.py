"""Every variable that an installation can set says what it means, and secrets cannot be read by accident."""

from typing import Any, ClassVar

import pytest
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from bootstrap.concern import Concern
from bootstrap.settings import CONCERNS, variable_of

SECRET_WORDS = ("KEY", "SECRET", "PASSWORD", "TOKEN", "DATABASE_URL", "REDIS_URL")


JSON_KEYS = "ISTMO_PAC_WIRE_"  # names of keys in the PAC's JSON: nothing to hide


def problems_of(concern: type[Concern]) -> list[str]:
    """What is wrong with one group of variables."""
    problems = []
    if not concern.model_config.get("frozen"):
        problems.append(f"{concern.__name__} is not frozen")
    for name, field in concern.model_fields.items():
        variable = variable_of(concern, name)
        if not variable.startswith("ISTMO_"):
            problems.append(f"{variable} does not begin with ISTMO_")
        if len(field.description or "") < 10:
            problems.append(f"{variable} has no description")
        if variable.startswith(JSON_KEYS):
            continue
        if variable.endswith(SECRET_WORDS) and "SecretStr" not in str(field.annotation):
            problems.append(f"{variable} would be shown")
        if variable.endswith(SECRET_WORDS[:4]) and not field.is_required() and field.default is not None:
            problems.append(f"{variable} has a default")
    return problems


@pytest.mark.parametrize("concern", CONCERNS.values(), ids=lambda concern: concern.__name__)
def test_every_variable_is_described_and_every_secret_hidden(concern: type[Concern]) -> None:
    assert concern.model_fields
    assert problems_of(concern) == []


def test_no_variable_belongs_to_two_concerns() -> None:
    names = [variable_of(concern, field) for concern in CONCERNS.values() for field in concern.model_fields]
    assert len(names) == len(set(names))


class Planted(Concern):
    """Everything that is wrong at once."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(env_prefix="OTHER_", frozen=False)
    pac_key: str = Field(default="secret", description="a key that anybody may read")
    redis_url: Any = "redis://:pw@host"
    sound: SecretStr = Field(default=SecretStr(""), description="ten letters")


def test_planted_slips_are_found() -> None:
    assert problems_of(Planted) == [
        "Planted is not frozen",
        "OTHER_PAC_KEY does not begin with ISTMO_",
        "OTHER_PAC_KEY would be shown",
        "OTHER_PAC_KEY has a default",
        "OTHER_REDIS_URL does not begin with ISTMO_",
        "OTHER_REDIS_URL has no description",
        "OTHER_REDIS_URL would be shown",
        "OTHER_SOUND does not begin with ISTMO_",
    ]
