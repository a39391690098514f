"""What the GraphQL library says of a bad input, without the input: a password may be in it, and the path says where."""

import re

_VALUE = re.compile(
    r"[,;.]? ?\b[Ff]ound: .*"  # "to be an object, found: {...}."
    r"|(?<= value): .*"  # "Int cannot represent non-integer value: 'x'"
    r"|(?<=\bfound String) .*|(?<=\bfound BlockString) .*",  # "Syntax Error: Expected ':', found String "x"."
    re.DOTALL,
)


def without_values(message: str) -> str:
    """The sentence up to the value that it repeats."""
    found = _VALUE.search(message)
    return message if found is None else f"{message[: found.start()]}."
