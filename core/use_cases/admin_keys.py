"""Keys of the installation's administrators. Only their SHA-256 is kept, in the settings and not in the database:
whoever can write to the database cannot make one, and without any the admin API is not there."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import Wording
from core.failures import MalformedInputError, NotAuthenticatedError
from core.ports.clock import Chance

PREFIX = "istmo_admin_"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_BEARER = re.compile(r"Bearer (istmo_admin_[0-9A-Za-z_-]{20,200})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminKey:
    """Who, and the SHA-256 of the secret in hex."""

    name: str
    secret_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAdminKey:
    """A key just made. ``secret`` exists nowhere else and never again."""

    key: AdminKey
    secret: str = field(repr=False)


class CreateAdminKey:
    """Make a key. It opens something once its digest stands in the settings."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def __call__(self, name: str) -> NewAdminKey:
        """Raises MalformedInputError for a name that has other than small letters, digits and hyphens."""
        if not NAME.fullmatch(name):
            problem = Wording(
                "a name has 1 to 40 small letters, digits and hyphens",
                "un nombre tiene de 1 a 40 letras minúsculas, dígitos y guiones",
            )
            raise MalformedInputError(path=("name",), problem=problem)
        secret = PREFIX + self._chance.secret()
        return NewAdminKey(key=AdminKey(name=name, secret_digest=_digest(secret)), secret=secret)


class AuthenticateAdmin:
    """Which administrator sends a request, from its Authorization header."""

    def __init__(self, keys: Sequence[AdminKey]) -> None:
        self._keys = tuple(keys)

    def __call__(self, authorization: str | None) -> AdminKey:
        """Raises NotAuthenticatedError for a missing, malformed or unknown key, all alike."""
        bearer = _BEARER.fullmatch(authorization or "")
        digest = _digest(bearer[1]) if bearer else ""
        found = [key for key in self._keys if hmac.compare_digest(key.secret_digest, digest)]
        if not found:
            raise NotAuthenticatedError
        return found[0]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
