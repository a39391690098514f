"""Writes the tables of variables from bootstrap/settings.py: ``python -m tests.docs.configuration_table``."""

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bootstrap.concern import Concern
from bootstrap.settings import CONCERNS, variable_of
from tests.docs.marked_places import DOCS, README, write_marked

NAME = "configuration_table"
PAGE = DOCS / "configuration.md"


def table() -> str:
    """Every variable in one table, for the README."""
    rows = [row for concern in CONCERNS.values() for row in _rows(concern)]
    return "\n".join(["| variable | default | meaning |", "| --- | --- | --- |", *rows])


def tables_by_concern() -> str:
    """The same under one heading per concern, with what the concern is about."""
    parts = []
    for name, concern in CONCERNS.items():
        parts += [f"### {name}: {_about(concern)}", "", "| variable | default | meaning |", "| --- | --- | --- |"]
        parts += [*_rows(concern), ""]
    return "\n".join(parts).strip()


def _about(concern: type[Concern]) -> str:
    first = (concern.__doc__ or "").strip().splitlines()[0].rstrip(".")
    return f"{first[0].lower()}{first[1:]}"


def _rows(concern: type[Concern]) -> list[str]:
    return [
        f"| `{variable_of(concern, name)}` | {_default(field)} | {_meaning(field)} |"
        for name, field in concern.model_fields.items()
    ]


def _meaning(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "\\|")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default in (None, frozenset(), ()):
        return "none"
    if isinstance(default, bool):
        return "`true`" if default else "`false`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def main() -> None:
    """Write both pages."""
    write_marked(README, NAME, table())
    write_marked(PAGE, NAME, tables_by_concern())


if __name__ == "__main__":
    main()
