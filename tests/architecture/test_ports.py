"""Ports are promises that cannot be half kept, and every adapter says which one it keeps."""

from abc import abstractmethod
from typing import Protocol

import pytest

from core.ports.document_repository import DocumentRepository
from core.ports.pac_gateway import PacGateway
from tests.architecture.port_rules import issubclass_of, loose_promises, ports, shipped_classes, silent, unfinished
from tests.architecture.source_tree import Source, sources

PORTS = ports()
CLASSES = shipped_classes()


def test_the_ports_and_adapters_are_really_found() -> None:
    assert {PacGateway, DocumentRepository} <= set(PORTS)
    assert len(PORTS) >= 12
    assert len(CLASSES) > 100


def test_every_promise_of_a_port_is_an_abstract_method() -> None:
    assert [problem for source in sources("core/ports") for problem in loose_promises(source)] == []


def test_every_adapter_keeps_its_whole_port() -> None:
    assert unfinished(CLASSES, PORTS) == []


def test_every_adapter_names_its_port() -> None:
    assert silent(CLASSES, PORTS) == []


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_every_port_is_kept_by_an_adapter(port: type) -> None:
    assert [each for each in CLASSES if issubclass_of(each, port)]


class Bell(Protocol):
    """A planted port."""

    @abstractmethod
    def ring(self, times: int) -> None:
        """Once or more."""

    @abstractmethod
    def mute(self) -> None:
        """Until it is rung again."""


class HalfABell(Bell):
    """Forgets mute."""

    def ring(self, times: int) -> None:
        """See the port."""


class QuietBell:
    """Has the shape of a bell and does not say so."""

    def ring(self, times: int) -> None:
        """Louder."""

    def mute(self) -> None:
        """At once."""


class OtherBell:
    """Uses the same words for other things."""

    def ring(self, melody: str) -> None:
        """Play it."""

    def mute(self) -> None:
        """At once."""


class WholeBell(QuietBell, Bell):
    """Keeps the port and says so."""


def test_an_unfinished_adapter_is_found() -> None:
    assert unfinished([HalfABell, QuietBell, WholeBell], [Bell]) == ["HalfABell leaves open: mute"]


def test_a_silent_adapter_is_found() -> None:
    assert silent([HalfABell, QuietBell, OtherBell, WholeBell], [Bell]) == ["QuietBell does not subclass Bell"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('class A(Protocol):\n    "A."\n    def f(self):\n        "F."\n', "A.f is not abstract"),
        ('class A(Protocol[T]):\n    "A."\n    def f(self):\n        "F."\n', "A.f is not abstract"),
        ('class A(Protocol):\n    "A."\n    @abstractmethod\n    def f(self): ...\n', "A.f has no docstring"),
        (
            'class A(Protocol):\n    "A."\n    @abstractmethod\n    def f(self):\n        "F."\n        return 1\n',
            "A.f has a body",
        ),
        ('class A(Protocol):\n    "A."\n    size: int\n', "A holds more than methods: size: int"),
        ("class A(Protocol):\n    @abstractmethod\n    def f(self):\n        'F.'\n", "A has no docstring"),
    ],
)
def test_a_loose_promise_is_found(text: str, problem: str) -> None:
    assert list(loose_promises(Source("core/ports/planted.py", text))) == [problem]
