"""istmo ruc, cufe and totals: exact JSON, exit codes, and files that are no good."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.terminal import Told, run

VECTORS = Path(__file__).parents[2] / "vectors"
RUCS = json.loads((VECTORS / "ruc_dv.json").read_text(encoding="utf-8"))
CUFES = json.loads((VECTORS / "cufe.json").read_text(encoding="utf-8"))
TOTALS = json.loads((VECTORS / "totals.json").read_text(encoding="utf-8"))


@pytest.fixture
def istmo(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The command, without any setting in the environment."""
    for name in ("ISTMO_SECRETS_KEY", "ISTMO_DATABASE_URL", "ISTMO_PAC_BASE_URL", "ISTMO_PAC_KEY"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, given: bytes = b"") -> Told:
        return run(list(arguments), capfd, monkeypatch, given=given)

    return call


def test_ruc_gives_every_published_check_digit(istmo) -> None:  # type: ignore[no-untyped-def]
    for vector in RUCS["vectors"]:
        told = istmo("ruc", vector["ruc"], "--type", str(vector["ruc_type"]), "--json")
        answer = json.loads(told.out)
        assert (told.code, answer["dv"], answer["status"]) == (0, vector["dv"], "ok"), vector


def test_ruc_asks_the_pac_where_sources_disagree(istmo) -> None:  # type: ignore[no-untyped-def]
    for vector in RUCS["disputed"]:
        told = istmo("ruc", vector["ruc"], "--type", str(vector["ruc_type"]), "--json")
        answer = json.loads(told.out)
        assert (told.code, answer["dv"], answer["status"]) == (0, None, "ask_pac")


@pytest.mark.parametrize("text", ["", "8-1", "hola", "\x1b[31m8-1-1", "8-1-1\n8-1-1", "9" * 500, "--", "8-1-1;--"])
def test_a_malformed_ruc_is_exit_code_1_and_never_a_traceback(istmo, text) -> None:  # type: ignore[no-untyped-def]
    told = istmo("ruc", "--type", "1", "--json", "--", text) if text else istmo("ruc", "", "--type", "1", "--json")
    answer = json.loads(told.out)
    assert (told.code, answer["status"], answer["dv"], answer["type"]) == (1, "malformed", None, 1)
    assert answer["reason"]["en"] != answer["reason"]["es"]
    spoken = istmo("ruc", "--type", "1", "--", text) if text else istmo("ruc", "", "--type", "1")
    assert spoken.code == 1
    assert "\x1b" not in spoken.err + spoken.out


@pytest.mark.parametrize("arguments", [("ruc", "8-1-1"), ("ruc", "8-1-1", "--type", "3"), ("ruc", "--type", "1")])
def test_a_misused_ruc_is_exit_code_2(istmo, arguments) -> None:  # type: ignore[no-untyped-def]
    assert istmo(*arguments).code == 2


def test_cufe_verifies_the_published_ones_with_their_parts(istmo) -> None:  # type: ignore[no-untyped-def]
    for vector in CUFES["vectors"]:
        told = istmo("cufe", vector["cufe"], "--json")
        answer = json.loads(told.out)
        assert (told.code, answer["valid"], answer["reason"]) == (0, True, None)
        fields = vector["fields"]
        assert (answer["parts"]["ruc"], answer["parts"]["number"]) == (fields["dRuc"], fields["dNroDF"])


@pytest.mark.parametrize("text", [*(each["cufe"] for each in CUFES["invalid"]), "FE", "", "x" * 66])
def test_a_cufe_that_does_not_verify_is_exit_code_1(istmo, text) -> None:  # type: ignore[no-untyped-def]
    told = istmo("cufe", text, "--json")
    answer = json.loads(told.out)
    assert (told.code, answer["valid"], answer["cufe"]) == (1, False, text)
    assert answer["reason"]["en"]
    assert istmo("cufe", text).code == 1


def test_totals_names_the_broken_rules_of_every_case(istmo, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "case.json"
    for case in TOTALS["cases"] + TOTALS["negative"]:
        path.write_text(json.dumps(case), encoding="utf-8")
        told = istmo("totals", str(path), "--json")
        answer = json.loads(told.out)
        assert set(answer) == {"broken"}
        assert told.code == (1 if answer["broken"] else 0)
        if expected := case.get("expect_codes_include"):
            assert expected in answer["broken"]
        spoken = istmo("totals", str(path))
        assert all(rule in spoken.out for rule in answer["broken"])


def test_totals_reads_standard_input(istmo) -> None:  # type: ignore[no-untyped-def]
    told = istmo("totals", "-", "--json", given=json.dumps(TOTALS["cases"][0]).encode())
    assert (told.code, json.loads(told.out)) == (0, {"broken": []})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"[]", "must hold a JSON object, not a list"),
        (b"null", "not null"),
        (b'{"items": 1}', "items: items must be a list"),
        (b'{"items": []}', "tot: tot must be an object"),
        (b'{"items": [{"dCantCodInt": 1.5}], "tot": {}}', "items.0.dCantCodInt: The amount must be a string"),
        (b'{"items": [{"dCantCodInt": "-1"}], "tot": {}}', 'items.0.dCantCodInt: "-1" is not an amount'),
        (b'{"items": [], "items": []}', '"items" occurs twice'),
        (b'{"items": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"items": [' + b"9" * 5_000 + b"]}", "digit"),
        (b" " * (2 * 1024 * 1024 + 1), "is larger than"),
    ],
)
def test_a_bad_file_is_one_line_and_exit_code_2(istmo, tmp_path, content, said) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    told = istmo("totals", str(path))
    assert (told.code, told.out) == (2, "")
    assert said in told.err
    assert told.err.count("\n") == 1
