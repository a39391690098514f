"""Parts of a page that are made from the program stand between two marks; people write around them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "docs"


def marks_of(name: str) -> tuple[str, str]:
    """The lines before and after; ``name`` is the module that makes what stands between."""
    return f"<!-- made by `python -m tests.docs.{name}` -->", f"<!-- end of {name} -->"


def marked(text: str, name: str) -> str:
    """What stands between the marks. Raises ValueError when the page has no such place, or two."""
    begin, end = marks_of(name)
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"the page must have one place for {name}")
    return text.partition(begin)[2].partition(end)[0].strip("\n")


def with_marked(text: str, name: str, content: str) -> str:
    """The page with other content between the marks."""
    marked(text, name)
    begin, end = marks_of(name)
    before, after = text.partition(begin)[0], text.partition(end)[2]
    return f"{before}{begin}\n\n{content.strip()}\n\n{end}{after}"


def write_marked(page: Path, name: str, content: str) -> None:
    """Put the content into the page."""
    page.write_text(with_marked(page.read_text(encoding="utf-8"), name, content), encoding="utf-8")
