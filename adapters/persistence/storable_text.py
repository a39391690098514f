"""Text that both engines can keep. NUL (which PostgreSQL refuses) and lone surrogates (which are no text in UTF-8) can
come from outside in JSON; they are kept and looked for as U+FFFD, so that a strange id is merely not found."""

from collections.abc import Mapping
from typing import Any

_UNKEEPABLE = dict.fromkeys((0, *range(0xD800, 0xE000)), "\ufffd")


def storable(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a statement with their texts made storable."""
    return {name: storable_text(value) if isinstance(value, str) else value for name, value in params.items()}


def storable_text(text: str) -> str:
    """One text, made storable; a text that is so already comes back as it is."""
    if text.isascii():
        return text.replace("\x00", "\ufffd") if "\x00" in text else text
    return text.translate(_UNKEEPABLE) if _is_strange(text) else text


def _is_strange(text: str) -> bool:
    try:
        return b"\x00" in text.encode()
    except UnicodeEncodeError:
        return True
