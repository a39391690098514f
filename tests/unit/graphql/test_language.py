import pytest

from adapters.graphql.language import Language, preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.ENGLISH),
        ("", Language.ENGLISH),
        ("es", Language.SPANISH),
        ("es-PA,es;q=0.9,en;q=0.8", Language.SPANISH),
        ("en-US,en;q=0.9,es;q=0.8", Language.ENGLISH),
        ("en;q=0.2, es;q=0.7", Language.SPANISH),
        ("fr, de", Language.ENGLISH),
        ("fr, es;q=0.1", Language.SPANISH),
        ("ES", Language.SPANISH),
        ("es;q=0", Language.ENGLISH),
        ("es;q=nonsense", Language.ENGLISH),
        (",".join(["x"] * 10_000), Language.ENGLISH),
        ("\xff\xfe", Language.ENGLISH),
    ],
)
def test_the_preferred_language_is_read_from_the_header(header: str | None, language: Language) -> None:
    assert preferred_language(header) is language
