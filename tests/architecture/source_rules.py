"""The rules of the layout, each a pure function from one source to what it does wrong, as ``path:line: why``."""

import ast
import sys
from collections.abc import Callable, Iterator

from tests.architecture.source_tree import SHIPPED, Source

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 70

OUTSIDE_WORLD = frozenset(
    [
        "socket",
        "socketserver",
        "ssl",
        "select",
        "selectors",
        "http",
        "urllib.request",
        "ftplib",
        "smtplib",
        "poplib",
        "imaplib",
        "telnetlib",
        "xmlrpc",
        "subprocess",
        "multiprocessing",
        "threading",
        "queue",
        "signal",
        "os",
        "pathlib",
        "shutil",
        "tempfile",
        "glob",
        "io",
        "fcntl",
        "mmap",
        "sqlite3",
        "dbm",
        "shelve",
        "pickle",
        "ctypes",
        "webbrowser",
    ]
)
# Their details are technical causes, or said to whoever holds a terminal; commands speak English.
FOR_OPERATORS = frozenset(
    {"PacUnavailableError", "BackupDamagedError", "BundleUnreadableError", "DemoRefusedError", "ArchiveTooLargeError"}
)
IMPURE_MODULES = frozenset({"time", "random", "secrets"})
IMPURE_NAMES = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "uuid.uuid1",
        "uuid.uuid4",
        "uuid.getnode",
        "asyncio.sleep",
        "os.urandom",
        "os.environ",
        "os.getenv",
    }
)
IMPURE_BUILTINS = frozenset({"open", "print", "input", "exec", "eval", "__import__"})
HTTP_CLIENTS = frozenset(
    [
        "httpx",
        "httpcore",
        "aiohttp",
        "requests",
        "urllib3",
        "urllib.request",
        "http.client",
        "ftplib",
        "smtplib",
        "xmlrpc.client",
        "websockets",
    ]
)
CONNECTING_NAMES = frozenset({"socket.create_connection", "asyncio.open_connection"})
CONNECTING_METHODS = frozenset({"create_connection", "open_connection", "sock_connect"})
SOCKET_METHODS = frozenset({"connect", "connect_ex"})  # of a socket, wherever the module knows sockets
DATABASE_MODULES = frozenset(["sqlalchemy", "alembic", "aiosqlite", "psycopg", "psycopg_pool", "sqlite3"])
BANNED_STEMS = frozenset(
    [
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "base",
        "manager",
        "managers",
        "service",
        "dto",
        "misc",
        "interfaces",
    ]
)

Rule = Callable[[Source], Iterator[str]]


def core_stands_on_the_standard_library(source: Source) -> Iterator[str]:
    """Core imports core and the pure part of the standard library, by allow-list."""
    if not source.is_in("core"):
        return
    for name, line in source.imported:
        top = name.partition(".")[0]
        if top != "core" and (top not in sys.stdlib_module_names or _is_below(name, OUTSIDE_WORLD)):
            yield f"{source.path}:{line}: core imports {name}"


def core_is_pure(source: Source) -> Iterator[str]:
    """Clock, ids and chance are ports; no name that reads them or the machine is used, called or not."""
    if not source.is_in("core"):
        return
    for name, line in source.imported:
        if _is_below(name, IMPURE_MODULES) or name in IMPURE_NAMES:
            yield f"{source.path}:{line}: core imports {name}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            name = source.resolved(node) or ""
            if name in IMPURE_NAMES or _is_below(name, IMPURE_MODULES):
                yield f"{source.path}:{node.lineno}: core uses {name}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_BUILTINS:
            yield f"{source.path}:{node.lineno}: core calls {node.func.id}()"


def outbound_http_is_the_pac_adapters(source: Source) -> Iterator[str]:
    """What is shipped calls out over HTTP in ``adapters.alanube`` alone."""
    if not source.is_in(*SHIPPED) or source.is_in("adapters.alanube"):
        return
    for name, line in source.imported:
        if _is_below(name, HTTP_CLIENTS) or name in CONNECTING_NAMES:
            yield f"{source.path}:{line}: {name} outside adapters.alanube"
    knows_sockets = any(_is_below(name, frozenset({"socket"})) for name, _ in source.imported)
    methods = CONNECTING_METHODS | SOCKET_METHODS if knows_sockets else CONNECTING_METHODS
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and (source.resolved(node) in CONNECTING_NAMES or node.attr in methods):
            yield f"{source.path}:{node.lineno}: {ast.unparse(node)} outside adapters.alanube"


def dishka_is_bootstraps(source: Source) -> Iterator[str]:
    """Only bootstrap knows that there is a container; adapters take use cases as plain arguments."""
    if source.is_in("bootstrap", "tests"):  # tests build the graph with providers that override
        return
    yield from _imports_of(source, frozenset({"dishka"}), "outside bootstrap")


def sql_is_persistences(source: Source) -> Iterator[str]:
    """No statement, driver or connection is seen above ``adapters.persistence``."""
    if not source.is_in(*SHIPPED) or source.is_in("adapters.persistence"):
        return
    yield from _imports_of(source, DATABASE_MODULES, "outside adapters.persistence")


def environment_is_bootstraps(source: Source) -> Iterator[str]:
    """Settings are passed in: nothing below bootstrap reads the environment."""
    if not source.is_in("core", "adapters"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and source.resolved(node) in {"os.environ", "os.getenv"}:
            yield f"{source.path}:{node.lineno}: reads the environment"
    for name, line in source.imported:
        if name in {"os.environ", "os.getenv"}:
            yield f"{source.path}:{line}: reads the environment"


def annotations_are_real(source: Source) -> Iterator[str]:
    """TYPE_CHECKING hides names that dishka and Litestar resolve at run time."""
    for name, line in source.imported:
        if name.rpartition(".")[2] == "TYPE_CHECKING":
            yield f"{source.path}:{line}: TYPE_CHECKING"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING":
            yield f"{source.path}:{node.lineno}: TYPE_CHECKING"


def errors_speak_both_languages(source: Source) -> Iterator[str]:
    """What an error tells people in a detail is a Wording: a sentence in one language would stand in the other's."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error")):
            continue
        if source.path.startswith("tests/") or node.func.id in FOR_OPERATORS:
            continue
        for keyword in node.keywords:
            if " " in _plain_words(keyword.value).strip():
                yield f"{source.path}:{node.lineno}: {node.func.id}.{keyword.arg} is in one language"


def _plain_words(value: ast.expr) -> str:
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def names_say_what_is_inside(source: Source) -> Iterator[str]:
    """A module named after nothing collects everything."""
    for part in source.module.split("."):
        stem = part.strip("_")
        if stem in BANNED_STEMS or stem.rpartition("_")[2] in {"utils", "helpers", "misc"}:
            yield f"{source.path}:1: the name {part} says nothing"


def files_are_short(source: Source) -> Iterator[str]:
    """A file that is longer holds two subjects."""
    if source.lines > FILE_LINES_MAX:
        yield f"{source.path}: {source.lines} lines"


def functions_are_short(source: Source) -> Iterator[str]:
    """From ``def`` to the last line, docstring included, decorators not."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{source.path}::{node.name}: {lines} lines"


def _imports_of(source: Source, modules: frozenset[str], where: str) -> Iterator[str]:
    for name, line in source.imported:
        if _is_below(name, modules):
            yield f"{source.path}:{line}: {name} {where}"


def _is_below(name: str, modules: frozenset[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:length]) in modules for length in range(1, len(parts) + 1))
