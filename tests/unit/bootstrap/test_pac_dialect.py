"""What an installation says about its PAC reaches the mapping, the answer table and preflight."""

from datetime import timedelta

import pytest

from bootstrap.pac_dialect import CodeSettings, PreflightConcern, WireSettings
from core.preflight import Severity


def test_a_confirmed_key_reaches_the_mapping(monkeypatch):
    monkeypatch.setenv("ISTMO_PAC_WIRE_FOREIGN_KEY", "foreign")
    monkeypatch.setenv("ISTMO_PAC_WIRE_EXPORT_PLACE", "root")
    options = WireSettings().options()
    assert (options.foreign_key, options.export_place, options.oti_key) == ("foreign", "root", None)


def test_codes_are_added_to_those_that_istmo_knows(monkeypatch):
    monkeypatch.setenv("ISTMO_PAC_CODES_DUPLICATE", "AP20417, AP20418")
    known = CodeSettings().known()
    assert {"1002", "AP20417", "AP20418"} <= known.duplicate
    assert "1602" in known.rejection


def test_codes_of_voids_are_added_to_those_that_istmo_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISTMO_PAC_CODES_ALREADY_VOIDED", "AP20777")
    monkeypatch.setenv("ISTMO_PAC_CODES_VOID_REFUSAL", "AP20888, AP20999")
    known = CodeSettings().known()
    assert known.already_voided_in(("AP20777",))
    assert known.already_voided_in(("0622",))
    assert known.recognises_void_refusal(("AP20888", "AP20999", "AP10141"), ())
    assert not known.recognises_void_refusal(("AP20888", "AP20777"), ())


def test_a_softer_rule_can_be_set_and_the_hardest_naming_wins(monkeypatch):
    monkeypatch.setenv("ISTMO_PREFLIGHT_WARNINGS", "receiver_address_missing")
    assert PreflightConcern().settings().severities == {"receiver_address_missing": Severity.WARNING}
    monkeypatch.setenv("ISTMO_PREFLIGHT_ERRORS", "receiver_address_missing")
    assert PreflightConcern().settings().severities == {"receiver_address_missing": Severity.ERROR}


@pytest.mark.parametrize("code", ["no_such_rule", "no_lines"])
def test_a_rule_without_a_setting_is_refused_in_words(monkeypatch, code):
    monkeypatch.setenv("ISTMO_PREFLIGHT_OFF", code)
    with pytest.raises(ValueError, match=code):
        PreflightConcern()


def test_an_installation_says_how_old_an_invoice_may_be_to_be_credited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PreflightConcern().settings().credit_note_window == timedelta(days=180)
    monkeypatch.setenv("ISTMO_PREFLIGHT_CREDIT_NOTE_DAYS", "90")
    assert PreflightConcern().settings().credit_note_window == timedelta(days=90)
