"""The project's Python sources as data, so that every rule is a function over a text that a test can plant."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("core", "adapters", "bootstrap")
EVERYTHING = (*SHIPPED, "examples", "benchmarks", "tests")


@dataclass(frozen=True)
class Source:
    """One Python file. ``path`` is relative to the root, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, filename=self.path)

    @property
    def module(self) -> str:
        """The dotted name; that of the package for an ``__init__.py``."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return len(self.text.splitlines())

    def is_in(self, *packages: str) -> bool:
        """Whether the file belongs to one of the packages."""
        return any(self.module == package or self.module.startswith(f"{package}.") for package in packages)

    @cached_property
    def imported(self) -> tuple[tuple[str, int], ...]:
        """Every imported dotted name with its line; ``from a import b`` gives ``a.b``."""
        return tuple(_imported(self))

    @cached_property
    def aliases(self) -> dict[str, str]:
        """What each imported name stands for: ``from datetime import datetime as dt`` gives dt: datetime.datetime."""
        return dict(_aliases(self))

    def resolved(self, node: ast.expr) -> str | None:
        """The dotted name that an expression such as ``dt.now`` stands for, when it begins with an imported name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.aliases:
            return None
        return ".".join([self.aliases[node.id], *reversed(parts)])


def sources(*folders: str, root: Path = ROOT) -> list[Source]:
    """Every Python file below the folders, in order."""
    files = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return [Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in files]


def _imported(source: Source) -> Iterator[tuple[str, int]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                yield f"{'.' * node.level}{node.module or ''}.{name.name}", node.lineno


def _aliases(source: Source) -> Iterator[tuple[str, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                first = name.name.partition(".")[0]
                yield (name.asname, name.name) if name.asname else (first, first)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                yield name.asname or name.name, f"{node.module}.{name.name}"
