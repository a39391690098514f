"""How long a text is: what it says must reach the minimum, what is sent must keep the maximum."""


def has_length(text: str, least: int, most: int) -> bool:
    """Whether ``text`` fits a field of ``least`` to ``most`` characters.

    Spaces around it say nothing, so they do not help to reach ``least``; they are sent, so they count for ``most``.
    """
    return len(text) <= most and len(text.strip()) >= least
