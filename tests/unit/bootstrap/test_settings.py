"""The environment of a process: what is accepted, what is refused in words, and what never shows."""

from base64 import b64encode

import pytest
from pydantic import ValidationError

from bootstrap.failures import Problem, SettingsError
from bootstrap.settings import CONCERNS, StoreSettings, load_settings, variable_of
from core.voids import VoidWindow

KEY = b64encode(b"k" * 32).decode()
GOOD = {
    "ISTMO_DATABASE_URL": ["sqlite:///istmo.db", "sqlite:////var/lib/istmo.db", "postgresql://u:p@[::1]:5432/istmo"],
    "ISTMO_FILE_STORE_URL": ["files", "/var/files", "file:///var/files"],
    "ISTMO_HIGH_WATER_URL": ["marks", "file:///mnt/marks"],
    "ISTMO_SECRETS_KEY": [KEY],
    "ISTMO_PAC_BASE_URL": ["https://api.alanube.co", "https://api.alanube.co/", "https://api.alanube.co:8443"],
    "ISTMO_PAC_KEY": ["eyJh.b-c_d", "k"],
    "ISTMO_PAC_CONNECT_SECONDS": ["0.5", "60"],
    "ISTMO_PAC_READ_SECONDS": ["1", "300"],
    "ISTMO_PAC_TOTAL_SECONDS": ["1", "70"],
    "ISTMO_PAC_CONNECTIONS_MAX": ["1", "1000"],
    "ISTMO_PAC_DOWNLOAD_HOSTS": ["", "a.example", ".s3.amazonaws.com, b.example"],
    "ISTMO_PAC_PLAIN_HTTP_HOSTS": ["", "127.0.0.1"],
    "ISTMO_PAC_UNRECOGNISED_IS_DOUBT": ["true", "false", "1", "0"],
    "ISTMO_HOST": ["0.0.0.0", "::1"],  # noqa: S104 - an address to listen on
    "ISTMO_PORT": ["0", "65535"],
    "ISTMO_PUBLIC_URL": ["https://facturas.example.com", "http://127.0.0.1:8080/"],
    "ISTMO_WEBHOOK_PUBLIC_URL": ["https://tunnel.example.com"],
    "ISTMO_INTROSPECTION": ["true", "false"],
    "ISTMO_EXPLORER": ["true", "false"],
    "ISTMO_LINK_SECONDS": ["1", "86400"],
    "ISTMO_REDIS_URL": ["redis://127.0.0.1", "redis://127.0.0.1:6379/3", "rediss://u:p@redis.example:6380/0"],
    "ISTMO_QUEUE_NAME": ["istmo:two"],
    "ISTMO_SWEEP_SECONDS": ["0.1", "60"],
    "ISTMO_LEASE_SECONDS": ["50", "3600"],
    "ISTMO_DOUBT_HOURS": ["1", "168"],
    "ISTMO_VOID_WINDOW_HOURS": ["168", "1000"],
    "ISTMO_VOID_WARN_HOURS": ["1", "182"],
    "ISTMO_DEFAULT_BILLING_POINT": ["001", "050", "999"],
    "ISTMO_LOG_LEVEL": ["DEBUG", "INFO", "WARNING", "ERROR"],
}
BAD = {
    "ISTMO_DATABASE_URL": ["mysql://canary@h/d", "sqlite://", "sqlite:///", "postgresql://", "postgresql://h:x/d", ""],
    "ISTMO_FILE_STORE_URL": ["ftp://canary/files", "file://files"],
    "ISTMO_HIGH_WATER_URL": ["s3://canary/marks"],
    "ISTMO_SECRETS_KEY": ["", "canary", b64encode(b"k" * 31).decode(), b64encode(b"k" * 33).decode(), KEY + "\n!"],
    "ISTMO_PAC_BASE_URL": [
        *("", "api.alanube.co", "ftp://api.alanube.co", "https://", "https://host:port", "https://host:99999"),
        *("https://api.alanube.co/pan/v1", "https://u:canary@host", "https://host?token=canary", "http://host"),
    ],
    "ISTMO_PAC_KEY": ["", "canary key", "canary\n", "canaryñ"],
    "ISTMO_PAC_CONNECT_SECONDS": ["0", "-1", "61", "nan", "soon", ""],
    "ISTMO_PAC_READ_SECONDS": ["0", "301", "inf"],
    "ISTMO_PAC_TOTAL_SECONDS": ["0", "301", "canary"],
    "ISTMO_PAC_CONNECTIONS_MAX": ["0", "1001", "1.5"],
    "ISTMO_PAC_UNRECOGNISED_IS_DOUBT": ["maybe", ""],
    "ISTMO_PORT": ["-1", "65536", "http", ""],
    "ISTMO_PUBLIC_URL": ["facturas.example.com", "ftp://host", "https://", "https://host:x"],
    "ISTMO_WEBHOOK_PUBLIC_URL": ["tunnel.example.com"],
    "ISTMO_INTROSPECTION": ["perhaps"],
    "ISTMO_EXPLORER": ["sometimes"],
    "ISTMO_LINK_SECONDS": ["0", "86401"],
    "ISTMO_REDIS_URL": [
        "127.0.0.1:6379",
        "http://:canary@redis",
        "redis://",
        "redis://:canary@h:p/0",
        "redis://h/zero",
    ],
    "ISTMO_QUEUE_NAME": [""],
    "ISTMO_SWEEP_SECONDS": ["0", "61", "nan"],
    "ISTMO_LEASE_SECONDS": ["0", "3601", "49"],
    "ISTMO_DOUBT_HOURS": ["0", "169"],
    "ISTMO_VOID_WINDOW_HOURS": ["0", "1001"],
    "ISTMO_VOID_WARN_HOURS": ["0", "182.5"],
    "ISTMO_DEFAULT_BILLING_POINT": ["000", "1", "1000", "abc", "٠٠١"],
    "ISTMO_LOG_LEVEL": ["TRACE", "info", ""],
}
SECRETS = {
    "ISTMO_DATABASE_URL": "postgresql://istmo:canary@db.example/istmo",
    "ISTMO_SECRETS_KEY": b64encode(b"canary".ljust(32, b"!")).decode(),
    "ISTMO_PAC_KEY": "canary-key",
    "ISTMO_REDIS_URL": "redis://:canary@redis.example/0",
}
CASES_GOOD = [(name, value) for name, values in GOOD.items() for value in values]
CASES_BAD = [(name, value) for name, values in BAD.items() for value in values]
CASES_BAD += [
    (variable_of(concern, name), "canary")
    for concern in CONCERNS.values()
    for name, field in concern.model_fields.items()
    if field.annotation in (int, float, bool)
]


@pytest.mark.parametrize(("variable", "value"), CASES_GOOD)
def test_accepts_a_good_value(environment: pytest.MonkeyPatch, variable: str, value: str) -> None:
    environment.setenv(variable, value)
    load_settings()


@pytest.mark.parametrize(("variable", "value"), CASES_BAD)
def test_refuses_a_bad_value_in_words_that_name_the_variable_and_not_the_value(
    environment: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    environment.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    (problem,) = caught.value.problems
    assert problem.variable == variable
    assert len(problem.reason.split()) >= 4, problem.reason
    assert "canary" not in str(caught.value)
    assert "Traceback" not in problem.reason


@pytest.mark.parametrize("variable", ["ISTMO_SECRETS_KEY", "ISTMO_PAC_BASE_URL", "ISTMO_PAC_KEY"])
def test_says_which_required_variable_is_not_set_and_what_it_is(environment: pytest.MonkeyPatch, variable: str) -> None:
    environment.delenv(variable)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    (problem,) = caught.value.problems
    assert problem.variable == variable
    assert problem.reason.startswith("is not set (")


def test_says_everything_that_is_wrong_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("ISTMO_PAC_KEY")
    environment.setenv("ISTMO_PORT", "http")
    environment.setenv("ISTMO_SECRETS_KEY", "short")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert {problem.variable for problem in caught.value.problems} == {
        "ISTMO_PAC_KEY",
        "ISTMO_PORT",
        "ISTMO_SECRETS_KEY",
    }


def test_a_lease_outlives_a_post_by_a_margin(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ISTMO_PAC_TOTAL_SECONDS", "60")
    environment.setenv("ISTMO_LEASE_SECONDS", "79.5")
    with pytest.raises(SettingsError, match=r"ISTMO_LEASE_SECONDS .* = 80: no lease may end under way"):
        load_settings()
    environment.setenv("ISTMO_LEASE_SECONDS", "80")
    assert load_settings().work.lease_seconds == 80


def test_the_warning_of_a_void_comes_before_its_window_closes(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ISTMO_VOID_WINDOW_HOURS", "100")
    with pytest.raises(SettingsError, match="ISTMO_VOID_WARN_HOURS must not be more than ISTMO_VOID_WINDOW_HOURS"):
        load_settings()
    environment.setenv("ISTMO_VOID_WARN_HOURS", "90")
    assert load_settings().void.window() == VoidWindow(hours=100, warn_hours=90)


def test_plain_http_is_only_for_hosts_that_are_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ISTMO_PAC_BASE_URL", "http://127.0.0.1:8090")
    with pytest.raises(SettingsError, match=r"ISTMO_PAC_BASE_URL is plain http"):
        load_settings()
    environment.setenv("ISTMO_PAC_PLAIN_HTTP_HOSTS", "localhost, 127.0.0.1")
    assert load_settings().pac.plain_http_hosts == {"localhost", "127.0.0.1"}


def test_secrets_show_in_no_form_but_the_one_that_is_asked_for(environment: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        environment.setenv(name, value)
    settings = load_settings()
    shown = [repr(settings), str(settings)]
    for concern in (settings.store, settings.pac, settings.web, settings.work, settings.log):
        shown += [repr(concern), str(concern), str(concern.model_dump()), concern.model_dump_json()]
    assert [text for text in shown if "canary" in text or SECRETS["ISTMO_SECRETS_KEY"] in text] == []
    assert settings.pac.key.get_secret_value() == SECRETS["ISTMO_PAC_KEY"]


def test_settings_cannot_be_changed_after_they_were_read(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.web.port = 1  # type: ignore[misc]
    with pytest.raises(AttributeError):
        settings.web = settings.web  # type: ignore[misc]


def test_the_key_is_the_bytes_that_base64_says(environment: pytest.MonkeyPatch) -> None:
    assert load_settings().store.key_bytes == bytes(range(32))


def test_every_default_is_a_value_that_would_be_accepted(environment: pytest.MonkeyPatch) -> None:
    for concern in CONCERNS.values():
        for field, info in concern.model_fields.items():
            if not info.is_required() and isinstance(info.default, str | int | float):
                environment.setenv(variable_of(concern, field), str(info.default))
    load_settings()


def test_the_values_here_are_of_variables_that_exist() -> None:
    names = {variable_of(concern, field) for concern in CONCERNS.values() for field in concern.model_fields}
    assert (set(GOOD) | set(BAD)) <= names


def test_an_error_of_settings_is_all_its_problems() -> None:
    error = SettingsError(
        [Problem(variable="ISTMO_A", reason="is bad"), Problem(variable="ISTMO_B", reason="is worse")]
    )
    assert str(error) == "ISTMO_A is bad; ISTMO_B is worse"


def test_reading_one_concern_needs_no_other(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("ISTMO_PAC_KEY")
    assert StoreSettings().file_store_url
