"""Every failure that Istmo tells a person or a program about.

An error has a stable snake_case ``code`` (part of the API, never renamed), one of five categories, a message in
English and Spanish, and a hint of what to do next. Deliveries translate the category; nobody parses the message.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

Path = tuple[str | int, ...]


class Category(Enum):
    """What a caller can do about a failure, in five words."""

    INVALID = "invalid"  # mend the input
    NOT_FOUND = "not_found"  # it does not exist for this tenant
    CONFLICT = "conflict"  # it exists already, or its state forbids this
    DENIED = "denied"  # these credentials may not
    UNAVAILABLE = "unavailable"  # nothing is wrong with the input; later it may work


@dataclass(frozen=True, slots=True)
class Wording:
    """One text for people in both languages. Placeholders are ``str.format`` fields."""

    english: str
    spanish: str

    def filled(self, details: Mapping[str, object]) -> "Wording":
        """Both texts with their placeholders replaced; a detail that is a Wording itself speaks its own language."""
        english = {name: d.english if isinstance(d, Wording) else d for name, d in details.items()}
        spanish = {name: d.spanish if isinstance(d, Wording) else d for name, d in details.items()}
        return Wording(self.english.format(**english), self.spanish.format(**spanish))


class IstmoError(Exception):
    """The root. A subclass names its ``code``, ``category``, ``wording`` and ``advice``."""

    code: ClassVar[str] = ""
    category: ClassVar[Category] = Category.INVALID
    wording: ClassVar[Wording] = Wording("", "")
    advice: ClassVar[Wording] = Wording("", "")

    def __init__(self, *, path: Path = (), **details: object) -> None:
        """``path`` is the place of the bad field in the caller's own input; details fill the wording."""
        self.path = path
        self.details = {name: str(d.english if isinstance(d, Wording) else d) for name, d in details.items()}
        self.message = self.wording.filled(details)
        self.hint = self.advice.filled(details)
        super().__init__(self.message.english)


def every_error() -> Iterator[type[IstmoError]]:
    """All errors with a code, for the published table and for the tests that each delivery knows them."""
    waiting = list(IstmoError.__subclasses__())
    while waiting:
        error = waiting.pop()
        waiting.extend(error.__subclasses__())
        if error.code:
            yield error
