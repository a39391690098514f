"""ULIDs rise whatever the clock does; chance keeps the DGI's rule 1517; seeds repeat."""

import random
import threading
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.scheduler.manual_clock import ManualClock, SeededChance, SeededIdentifiers
from adapters.scheduler.system_clock import SystemChance, SystemClock, UlidIdentifiers
from core.ports.clock import Chance, Clock

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class JumpingClock(Clock):
    """A wall clock that shows what it is told, backwards too."""

    def __init__(self, milliseconds: list[int]) -> None:
        self._moments = iter(milliseconds)

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=next(self._moments))

    def monotonic(self) -> float:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError


def value_of(ulid: str) -> int:
    value = 0
    for letter in ulid:
        value = value * 32 + CROCKFORD.index(letter)
    return value


@given(moments=st.lists(st.integers(0, 5_000), min_size=2, max_size=50), seed=st.integers(0, 1_000))
def test_ulids_rise_even_when_the_clock_stands_or_goes_back(moments: list[int], seed: int) -> None:
    identifiers = UlidIdentifiers(JumpingClock(moments), entropy=random.Random(seed).randbytes)
    given_ids = [identifiers.new_id() for _ in moments]
    assert given_ids == sorted(set(given_ids))
    assert all(len(ulid) == 26 and set(ulid) <= set(CROCKFORD) for ulid in given_ids)


def test_a_ulid_begins_with_its_moment() -> None:
    clock = ManualClock(datetime(2026, 11, 24, 4, 0, 0, 123_000, tzinfo=UTC))
    milliseconds = value_of(UlidIdentifiers(clock).new_id()) >> 80
    assert datetime.fromtimestamp(milliseconds / 1000, UTC) == clock.now()


def test_a_millisecond_whose_last_ulid_is_taken_flows_over_into_the_next() -> None:
    identifiers = UlidIdentifiers(ManualClock(), entropy=lambda size: b"\xff" * size)
    first, second = identifiers.new_id(), identifiers.new_id()
    assert first.endswith("Z" * 16)
    assert value_of(second) == value_of(first) + 1
    assert second > first


def test_threads_never_get_the_same_ulid() -> None:
    identifiers = UlidIdentifiers(SystemClock())
    given_ids: list[str] = []

    def take_many() -> None:
        given_ids.extend([identifiers.new_id() for _ in range(2_000)])

    threads = [threading.Thread(target=take_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(given_ids)) == 8_000


def test_equal_seeds_and_moments_give_equal_names_and_chance() -> None:
    one, other = SeededIdentifiers(ManualClock(), 7), SeededIdentifiers(ManualClock(), 7)
    assert [one.new_id() for _ in range(5)] == [other.new_id() for _ in range(5)]
    assert SeededIdentifiers(ManualClock(), 8).new_id() != SeededIdentifiers(ManualClock(), 7).new_id()
    assert SeededChance(7).secret() == SeededChance(7).secret()
    assert SeededChance(7).security_code() == SeededChance(7).security_code()


def assert_fits_the_port(chance: Chance) -> None:
    codes = [chance.security_code() for _ in range(200)]
    assert all(len(code) == 9 and code.isascii() and code.isdigit() and int(code) > 0 for code in codes)
    assert len(set(codes)) > 190
    assert len(chance.secret()) == 43
    assert set(chance.secret()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert all(0 <= chance.fraction() < 1 for _ in range(200))


def test_security_codes_secrets_and_fractions_of_the_system_fit_the_port() -> None:
    assert_fits_the_port(SystemChance())
    assert SystemChance().secret() != SystemChance().secret()


def test_security_codes_secrets_and_fractions_of_a_seed_fit_the_port() -> None:
    assert_fits_the_port(SeededChance(3))


def test_the_system_clock_is_aware_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()
