"""Scalars for what is not to be seen again. Both are taken from variables alone: a query's text is kept and counted."""

import base64
import binascii
from typing import Any, NoReturn

from ariadne import ScalarType
from graphql import ValueNode

from core.errors import Wording
from core.failures import MalformedInputError

SECRET_CHARACTERS_MAX = 1_000
_NOT_A_SECRET = Wording(
    f"a text of at most {SECRET_CHARACTERS_MAX} characters is needed",
    f"se necesita un texto de máximo {SECRET_CHARACTERS_MAX} caracteres",
)
_NOT_BASE64 = Wording("it is not base64", "no es base64")
_IN_THE_QUERY = Wording("send it as a variable", "envíelo como variable")


def read_secret(value: object) -> str:
    """Raises MalformedInputError, whose words never hold the value."""
    if not isinstance(value, str) or len(value) > SECRET_CHARACTERS_MAX:
        raise MalformedInputError(problem=_NOT_A_SECRET)
    return value


def read_base64(value: object) -> bytes:
    """Line breaks may be in it, as the command of that name makes them. Raises MalformedInputError."""
    text = value.replace("\r", "").replace("\n", "") if isinstance(value, str) else "-"
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedInputError(problem=_NOT_BASE64) from None


def _refuse_literal(_node: ValueNode, _variables: dict[str, Any] | None = None) -> NoReturn:
    raise MalformedInputError(problem=_IN_THE_QUERY)


def _refuse_to_show(_value: object) -> NoReturn:
    raise TypeError("a secret is never shown")


def secret_scalars() -> list[ScalarType]:
    """The scalars, ready to be bound to the administrators' schema."""
    return [
        ScalarType("Secret", serializer=_refuse_to_show, value_parser=read_secret, literal_parser=_refuse_literal),
        ScalarType("Base64", serializer=_refuse_to_show, value_parser=read_base64, literal_parser=_refuse_literal),
    ]
