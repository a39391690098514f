"""The fake PAC as most tests want it."""

import pytest

from tests.unit.fake_pac.pac_at_hand import PacAtHand


@pytest.fixture
def pac() -> PacAtHand:
    """One affiliated company, default behaviour, the clock at noon in Panama."""
    return PacAtHand()
