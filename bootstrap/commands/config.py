"""Commands about settings."""

import base64
import os
import secrets

from bootstrap.commands.speaking import complain, say, say_table
from bootstrap.failures import SettingsError


def check() -> None:
    """Read the environment and say everything that is wrong with it. Exit code 1 when something is."""
    from bootstrap.settings import CONCERNS, load_settings, variable_of

    known = {variable_of(concern, field) for concern in CONCERNS.values() for field in concern.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith("ISTMO_") and name not in known)
    try:
        load_settings()
        problems = []
    except SettingsError as error:
        problems = error.problems
    for problem in problems:
        complain(f"{problem.variable} {problem.reason}")
    for name in unknown:
        complain(f"{name} is not a variable of Istmo: a slip of the pen? (`istmo config show` lists them)")
    if problems or unknown:
        raise SystemExit(1)
    say("settings are complete")


def show() -> None:
    """List every variable with its meaning, its default and whether it is set. Secrets are never shown."""
    from pydantic_core import PydanticUndefined

    from bootstrap.settings import CONCERNS, variable_of

    rows = []
    for concern in CONCERNS.values():
        for name, field in concern.model_fields.items():
            variable = variable_of(concern, name)
            is_secret = "SecretStr" in str(field.annotation)
            default = "required" if field.default is PydanticUndefined else _shown(field.default)
            given = os.environ.get(variable)
            value = "-" if given is None else "(set)" if is_secret else given
            rows.append((variable, value, default, field.description or ""))
    say_table(("variable", "value", "default", "meaning"), rows)


def new_key() -> None:
    """Print 32 random bytes in base64, for ISTMO_SECRETS_KEY. Keep it apart from the database's backups."""
    say(base64.b64encode(secrets.token_bytes(32)).decode())


def _shown(default: object) -> str:
    from pydantic import SecretStr

    match default:
        case None | frozenset():
            return "none"
        case SecretStr():
            return default.get_secret_value()
        case _:
            return str(default)
