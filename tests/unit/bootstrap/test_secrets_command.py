"""`istmo secrets rotate`: from one key to the next, resumable, and loud about what no key opens."""

from base64 import b64encode

import pytest

from tests.unit.bootstrap.command_line import CommandLine

SECRET = "a webhook secret of tests"
NEW_KEY = b64encode(bytes(range(32, 64))).decode()


def test_after_a_rotation_the_older_key_is_not_needed(complete: dict[str, str], line: CommandLine) -> None:
    old_key = complete["ISTMO_SECRETS_KEY"]
    assert line.run("migrate", settings=complete).returncode == 0
    tenant = line.run(
        *("tenant", "create", "--name", "Ferretería", "--ruc", "155000001-2-2020", "--type", "2", "--dv", "40"),
        settings=complete,
    ).stdout.strip()
    assert line.run("tenant", "webhook-secret", tenant, settings=complete, given=SECRET).returncode == 0
    alone = complete | {"ISTMO_SECRETS_KEY": NEW_KEY}
    told = line.run("secrets", "rotate", settings=alone)
    assert (told.returncode, f"{tenant} webhook" in told.stderr) == (1, True), told.stderr
    both = alone | {"ISTMO_OLDER_SECRETS_KEYS": f"{b64encode(bytes(32)).decode()}, {old_key}"}
    done = line.run("secrets", "rotate", settings=both)
    assert (done.returncode, done.stdout) == (0, "1 sealed anew, of 1 taxpayers\n"), done.stderr
    assert line.run("secrets", "rotate", settings=alone).stdout == "0 sealed anew, of 1 taxpayers\n"
    assert line.run("doctor", settings=alone).stdout.splitlines()[-1] == "healthy"
    assert line.run("doctor", settings=complete).returncode == 1


@pytest.mark.parametrize("keys", ["short", f"{NEW_KEY},short"])
def test_an_older_key_that_is_none_is_told(complete: dict[str, str], line: CommandLine, keys: str) -> None:
    done = line.run("secrets", "rotate", settings=complete | {"ISTMO_OLDER_SECRETS_KEYS": keys})
    assert (done.returncode, "ISTMO_OLDER_SECRETS_KEYS" in done.stderr) == (1, True)
    assert keys not in done.stderr
