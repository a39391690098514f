"""Pure parts of the stores: instants, content, storable text, sealed secrets, database URLs."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.persistence.content_codec import from_json, to_json, to_json_whatever_it_says
from adapters.persistence.database_url import database_settings
from adapters.persistence.document_keys import natural_key
from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.postgres_session import PostgresSettings
from adapters.persistence.secret_box import SecretBox
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.storable_text import storable, storable_text
from adapters.persistence.store_failures import UnstorableTextError
from core.cufe import same_document
from core.drafts import Draft, DraftContingency, DraftDiscount, DraftLine, DraftReference
from core.failures import SecretUnreadableError
from core.identifiers import TenantId
from core.tenants import SecretKind
from core.totals import Totals, compute_totals
from tests.builders import NOW, a_document, a_draft

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=OFFSETS)  # noqa: DTZ001
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=6)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
ANY_TEXT = st.text(st.characters())  # half surrogates too
KEY, TENANT = bytes(range(32)), TenantId("01TENANT")


@given(INSTANTS)
def test_an_instant_survives_to_the_microsecond(at: datetime) -> None:
    assert from_micros(to_micros(at)) == at
    assert from_micros(to_micros(at)).tzinfo is UTC


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 1, 1))  # noqa: DTZ001


@given(
    st.builds(
        a_draft,
        lines=st.lists(
            st.builds(DraftLine, description=TEXTS, quantity=AMOUNTS, unit_price=AMOUNTS, isc_rate=st.none() | AMOUNTS),
            min_size=1,
            max_size=4,
        ).map(tuple),
        freight=AMOUNTS,
        information=st.none() | TEXTS,
        discounts=st.lists(st.builds(DraftDiscount, description=TEXTS, amount=AMOUNTS), max_size=2).map(tuple),
        references=st.lists(st.builds(DraftReference, issued_at=INSTANTS, cufe=st.none() | TEXTS), max_size=2).map(
            tuple
        ),
        contingency=st.none() | st.builds(DraftContingency, started_at=INSTANTS, reason=TEXTS),
    )
)
def test_a_draft_and_its_totals_survive_exactly(draft: Draft) -> None:
    totals = compute_totals(draft)
    for value, kind in ((draft, Draft), (totals, Totals)):
        text = to_json(value)
        again = from_json(kind, text)
        assert again == value
        assert repr(again) == repr(value) or draft.references or draft.contingency
        assert to_json(again) == text


def test_text_of_a_neighbouring_version_can_be_read() -> None:
    draft = a_draft()
    newer = to_json(draft).replace("{", '{"added_later":1,', 1)
    older = to_json(draft).replace('"retention":null,', "", 1)
    assert len({newer, older, to_json(draft)}) == 3
    assert from_json(Draft, newer) == from_json(Draft, older) == draft


@given(ANY_TEXT, ANY_TEXT)
def test_half_a_surrogate_in_content_is_refused_and_nothing_else_is(description: str, name: str) -> None:
    draft = a_draft(lines=(DraftLine(description=description, quantity=Decimal(1), unit_price=Decimal(1)),))
    told = {name: description}
    is_text = re.search("[\ud800-\udfff]", description + name) is None
    if re.search("[\ud800-\udfff]", description) is None:
        assert from_json(Draft, to_json(draft)) == draft
    else:
        with pytest.raises(UnstorableTextError) as refused:
            to_json(draft)
        assert refused.value.__cause__ is None
    kept = from_json(dict[str, str], to_json_whatever_it_says(told))
    if is_text:
        assert kept == told
    else:
        assert kept == {storable_text(name): storable_text(description)}
    kept_messages = from_json(tuple[str, ...], to_json_whatever_it_says((name, description)))
    assert len(kept_messages) == 2


@given(ANY_TEXT)
def test_storable_text_is_text_in_utf_8_without_nul_and_stays_so(text: str) -> None:
    (kept,) = storable({"text": text}).values()
    assert b"\x00" not in kept.encode()
    assert len(kept) == len(text)
    assert storable({"text": kept}) == {"text": kept}


@given(TEXTS.filter(lambda text: "\x00" not in text))
def test_ordinary_text_is_kept_as_it_is(text: str) -> None:
    params = {"text": text, "bytes": b"\x00", "number": 1, "nothing": None}
    assert storable(params) == params


@given(TEXTS)
def test_a_sealed_secret_opens_for_its_own_tenant_and_kind_alone(secret: str) -> None:
    box = SecretBox(KEY)
    sealed = box.seal(secret, TENANT, SecretKind.WEBHOOK)
    assert box.open(sealed, TENANT, SecretKind.WEBHOOK) == secret
    for tenant, kind in ((TenantId("01OTHER"), SecretKind.WEBHOOK), (TENANT, SecretKind.PAC_KEY)):
        with pytest.raises(SecretUnreadableError):
            box.open(sealed, tenant, kind)


@given(st.data())
def test_a_sealed_secret_with_any_byte_changed_or_cut_does_not_open(data: st.DataObject) -> None:
    box = SecretBox(KEY)
    sealed = bytearray(box.seal("secret", TENANT, SecretKind.WEBHOOK))
    place = data.draw(st.integers(0, len(sealed) - 1))
    cut = bytes(sealed[:place])
    sealed[place] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(sealed), cut):
        with pytest.raises(SecretUnreadableError):
            box.open(broken, TENANT, SecretKind.WEBHOOK)


def test_the_same_secret_is_never_sealed_alike_and_no_key_shows() -> None:
    box = SecretBox(KEY)
    assert box.seal("s", TENANT, SecretKind.WEBHOOK) != box.seal("s", TENANT, SecretKind.WEBHOOK)
    assert KEY.hex() not in repr(box)
    with pytest.raises(ValueError, match="32 bytes"):
        SecretBox(KEY[:-1])


def test_natural_keys_agree_with_the_core_on_what_is_the_same_document() -> None:
    cufes = [a_document(TENANT).expected_cufe, a_document(TENANT, number=2).expected_cufe]
    same_day = a_document(TENANT, security_code="123456789")
    next_day = a_document(TENANT, security_code="123456789", issued_at=NOW + timedelta(days=1))
    cufes += [same_day.expected_cufe, next_day.expected_cufe]
    for first in cufes:
        for second in cufes:
            assert (natural_key(first) == natural_key(second)) == same_document(first, second)


def test_a_database_url_names_a_file_or_a_server() -> None:
    assert database_settings("sqlite:///var/istmo.db") == SqliteSettings(path=Path("var/istmo.db"))
    assert database_settings("sqlite:////srv/istmo%20x.db") == SqliteSettings(path=Path("/srv/istmo x.db"))
    for scheme in ("postgres", "postgresql"):
        settings = database_settings(f"{scheme}://istmo:hunter2@db:5432/istmo")
        assert settings == PostgresSettings(url="postgresql://istmo:hunter2@db:5432/istmo")
        assert "hunter2" not in repr(settings)
