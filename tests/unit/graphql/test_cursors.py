import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.graphql.cursors import read_cursor, read_first, write_cursor
from core.failures import MalformedPageError


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=64))
def test_a_cursor_gives_its_entry_back_and_shows_no_padding(entry_id: str) -> None:
    cursor = write_cursor("document", entry_id)
    assert "=" not in cursor
    assert read_cursor("document", cursor) == entry_id


@given(st.text(max_size=300))
def test_any_other_text_is_refused_or_names_a_plain_id(text: str) -> None:
    try:
        entry_id = read_cursor("document", text)
    except MalformedPageError:
        return
    assert entry_id is not None
    assert write_cursor("document", entry_id) == text.rstrip("=")


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(MalformedPageError):
        read_cursor("client", write_cursor("document", "01ABC"))


@pytest.mark.parametrize("first", [0, -1, 101, 99_999_999])
def test_a_page_has_one_to_a_hundred_entries(first: int) -> None:
    with pytest.raises(MalformedPageError):
        read_first(first)
