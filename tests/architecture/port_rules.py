"""What a port is and what an adapter owes it, over classes, so that a test can plant one that falls short."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType

import adapters
import bootstrap
import core.ports
from tests.architecture.source_tree import Source

NOT_IMPORTABLE_ALONE = "adapters.persistence.migrations"  # runs inside alembic, on a database


def modules_of(package: ModuleType) -> list[ModuleType]:
    """Every module of a package, imported."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(each.name) for each in found if not each.name.startswith(NOT_IMPORTABLE_ALONE)]


def classes_in(modules: Sequence[ModuleType]) -> list[type]:
    """Every class that the modules define themselves."""
    found = (value for module in modules for value in vars(module).values() if inspect.isclass(value))
    here = {module.__name__ for module in modules}
    return list(dict.fromkeys(each for each in found if each.__module__ in here))


def ports() -> list[type]:
    """Every Protocol of ``core.ports``."""
    return [each for each in classes_in(modules_of(core.ports)) if getattr(each, "_is_protocol", False)]


def shipped_classes() -> list[type]:
    """Every class of adapters and bootstrap."""
    return classes_in([*modules_of(adapters), *modules_of(bootstrap)])


def promises_of(port: type) -> set[str]:
    """The names that a port asks for."""
    return {name for name in vars(port) if not name.startswith("_")}


def loose_promises(source: Source) -> Iterator[str]:
    """Public names of a Protocol that are not abstract methods with a docstring: nobody would miss them."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef) or not any("Protocol" in ast.unparse(base) for base in node.bases):
            continue
        if ast.get_docstring(node) is None:
            yield f"{node.name} has no docstring"
        for part in node.body:
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                if "abstractmethod" not in {ast.unparse(each).rpartition(".")[2] for each in part.decorator_list}:
                    yield f"{node.name}.{part.name} is not abstract"
                if ast.get_docstring(part) is None:
                    yield f"{node.name}.{part.name} has no docstring"
                if any(not isinstance(each, ast.Expr) for each in part.body):
                    yield f"{node.name}.{part.name} has a body"
            elif not isinstance(part, ast.Expr):
                yield f"{node.name} holds more than methods: {ast.unparse(part)}"


def unfinished(classes: Sequence[type], of_ports: Sequence[type]) -> list[str]:
    """Adapters that leave a promise of their port open: Python would refuse to make one, but only at run time."""
    return [
        f"{each.__qualname__} leaves open: {', '.join(sorted(getattr(each, '__abstractmethods__', ())))}"
        for each in classes
        if any(issubclass_of(each, port) for port in of_ports) and inspect.isabstract(each)
    ]


def silent(classes: Sequence[type], of_ports: Sequence[type]) -> list[str]:
    """Classes that do everything a port asks for without saying so: a forgotten method would go unnoticed."""
    return [
        f"{each.__qualname__} does not subclass {port.__name__}"
        for each in classes
        for port in of_ports
        if not issubclass_of(each, port)
        and all(_same_shape(getattr(each, name, None), getattr(port, name)) for name in promises_of(port))
    ]


def _same_shape(method: object, promise: Callable[..., object]) -> bool:
    """Whether a method could be called as the promise says: two ports may well share a name such as ``get``."""
    return inspect.isfunction(method) and list(inspect.signature(method).parameters) == list(
        inspect.signature(promise).parameters
    )


def issubclass_of(each: type, port: type) -> bool:
    """Explicitly, by inheritance; what merely has the same shape does not count."""
    return port in each.__mro__
