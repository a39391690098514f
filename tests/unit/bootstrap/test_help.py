"""`--help` of every command: it answers without settings, and says what each parameter is."""

import inspect
import io
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from cyclopts import App, Parameter
from rich.console import Console

from bootstrap.cli import build_cli


def leaves(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Callable[..., Any]]]:
    """Every command with its function."""
    for name in app:
        if name.startswith("-"):
            continue
        sub = app[name]
        if sub.default_command is None:
            yield from leaves(sub, (*path, name))
        else:
            yield (*path, name), sub.default_command


COMMANDS = dict(leaves(build_cli()))
PROMISED = [
    *("serve", "worker", "fake-pac", "migrate", "config check", "config show", "config new-key", "tenant create"),
    *("tenant list", "tenant webhook-secret", "tenant pac-key", "office create", "office list", "apikey create"),
    *("apikey revoke", "apikey list", "series set", "series show"),
]


def shown_name(function: Callable[..., Any], name: str) -> str:
    """How a parameter is written on the command line."""
    hint = get_type_hints(function, include_extras=True)[name]
    if get_origin(hint) is Annotated:
        for extra in get_args(hint)[1:]:
            if isinstance(extra, Parameter) and extra.name:
                return str(extra.name[0])
    kind = inspect.signature(function).parameters[name].kind
    if kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL):
        return name.upper()
    return f"--{name.replace('_', '-')}"


def help_of(path: tuple[str, ...]) -> str:
    written = io.StringIO()
    with pytest.raises(SystemExit) as end:
        build_cli()([*path, "--help"], console=Console(file=written, width=200, no_color=True))
    assert end.value.code == 0
    return written.getvalue()


def test_every_promised_command_is_there() -> None:
    assert {tuple(name.split()) for name in PROMISED} <= set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_says_what_the_command_and_each_parameter_does(path: tuple[str, ...]) -> None:
    function, told = COMMANDS[path], help_of(path)
    assert len(inspect.getdoc(function) or "") > 40
    for name in inspect.signature(function).parameters:
        shown = re.escape(shown_name(function, name))
        row = re.search(rf"^.*{shown}(?![\w-]).*$", told, re.MULTILINE)
        assert row, f"{name} is not shown:\n{told}"
        described = re.sub(r"\[[^]]*\]|--\S+|\b[A-Z_-]{2,}\b|[│*]", " ", row.group())
        assert len(described.split()) >= 2, f"{name} has no description: {row.group()}"


def test_help_of_all_lists_every_group() -> None:
    told = help_of(())
    assert [name for name in {path[0] for path in COMMANDS} if name not in told] == []
