"""istmo preview: the file, its schema, its faults, and what is printed."""

import json
from pathlib import Path

import jsonschema
import pytest
from graphql import InputObjectTypeDefinitionNode, parse

from tests.unit.cli.terminal import Told, run

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "docs" / "schemas" / "preview-invoice.schema.json"
INVOICE = ROOT / "examples" / "previews" / "invoice.json"
SOUND = json.loads(INVOICE.read_text(encoding="utf-8"))
NOTE = json.loads((ROOT / "examples" / "previews" / "credit-note.json").read_text(encoding="utf-8"))
AT = ("--at", "2026-03-04T10:15:00-05:00")


@pytest.fixture
def preview(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The command on a value as standard input."""

    def call(*arguments: str, given: object = None) -> Told:
        content = given if isinstance(given, bytes) else json.dumps(given).encode()
        return run(["preview", *arguments], capfd, monkeypatch, given=content)

    return call


def sdl_inputs() -> dict[str, set[str]]:
    """Field names of the input types as the SDL's text has them."""
    text = (ROOT / "adapters" / "graphql" / "schema" / "inputs.graphql").read_text(encoding="utf-8")
    return {
        node.name.value: {field.name.value for field in node.fields}
        for node in parse(text).definitions
        if isinstance(node, InputObjectTypeDefinitionNode)
    }


def test_the_published_schema_is_the_one_that_is_printed(preview) -> None:  # type: ignore[no-untyped-def]
    told = preview("--schema")
    assert told.code == 0
    assert json.loads(told.out) == json.loads(PUBLISHED.read_text(encoding="utf-8"))


def test_the_published_schema_has_the_names_of_the_sdl_and_is_closed() -> None:
    schema, inputs = json.loads(PUBLISHED.read_text(encoding="utf-8")), sdl_inputs()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == inputs["PreviewInvoiceInput"]
    for name, definition in schema["$defs"].items():
        if "properties" in definition:
            assert set(definition["properties"]) == inputs[name]
            assert definition["additionalProperties"] is False
    assert {"LineInput", "ReceiverInput", "PaymentInput", "ReferenceInput"} <= set(schema["$defs"])


def test_the_schema_takes_the_examples_and_refuses_floats_and_unknown_fields() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    validator.validate(SOUND)
    validator.validate(NOTE)
    line, reference = SOUND["lines"][0], NOTE["references"][0]
    unnamed = {"cufe": reference["cufe"]}
    for bad in (
        {**SOUND, "colour": "blue"},
        {**SOUND, "lines": [{**line, "quantity": 3.5}]},
        {**NOTE, "references": [unnamed]},
        {**NOTE, "references": [{**reference, "colour": "blue"}]},
        {**NOTE, "documentType": "04"},
        {},
    ):
        assert not validator.is_valid(bad)


def test_json_holds_verdict_figures_payload_and_cufe(preview) -> None:  # type: ignore[no-untyped-def]
    told = preview("-", "--json", *AT, "--issuer-ruc", "155704849-2-2021", given=SOUND)
    answer = json.loads(told.out)
    assert (told.code, answer["refused"], answer["findings"]) == (0, False, [])
    assert (answer["totals"]["total"], answer["totals"]["taxTotal"]) == ("150.38", "7.88")
    assert {step["rule"] for step in answer["totals"]["trace"]} >= {"2053", "2152", "2056", "2503", "2507"}
    assert answer["payload"]["totals"]["paymentMethods"] == [{"type": "08", "amount": 150.38}]
    assert answer["payload"]["information"]["numeration"] == "0000000000"
    assert "information.numeration" in answer["placeholders"]
    assert answer["cufe"]["pattern"] == "FE0120000155704849-2-2021-32000020260304??????????001012??????????"


def test_a_credit_note_comes_out_whole(preview) -> None:  # type: ignore[no-untyped-def]
    told = preview("-", "--json", *AT, "--issuer-ruc", "155704849-2-2021", given=NOTE)
    answer = json.loads(told.out)
    assert (told.code, answer["refused"], answer["findings"]) == (0, False, [])
    assert answer["cufe"]["pattern"] == "FE0420000155704849-2-2021-32000020260304??????????001012??????????"
    payload = answer["payload"]
    assert payload["information"] == {
        "issueType": "01",
        "documentType": "04",
        "numeration": "0000000000",
        "billingPoint": "001",
        "securityCode": "000000000",
        "modificationCode": 3,
        "cafe": {"format": 3, "delivery": 3},
        "nature": "11",
        "operationType": 1,
        "destination": 1,
        "receiverContainer": 1,
        "issueDate": "2026-03-04T10:15:00-05:00",
    }
    assert payload["totals"] == {"paymentTime": 1, "paymentMethods": [{"type": "02", "amount": 40.13}]}
    assert payload["referencedDocuments"] == [
        {
            "emissionType": "CUFE",
            "cufeIdentification": NOTE["references"][0]["cufe"],
            "issueDate": "2026-03-02T16:40:00-05:00",
        }
    ]


@pytest.mark.parametrize(
    ("change", "rule", "path"),
    [
        ({"references": None}, "1705", ["references"]),
        ({"documentType": "GENERIC_CREDIT_NOTE"}, "1706", ["references", 0, "cufe"]),
        ({"documentType": "GENERIC_DEBIT_NOTE"}, "1706", ["references", 0, "cufe"]),
        ({"documentType": None}, "1708", ["references", 0, "cufe"]),
        ({"references": NOTE["references"] * 2}, "1709", ["references", 1, "cufe"]),
        ({"references": NOTE["references"] * 5_000}, None, ["references"]),
        ({"references": [{"issuedAt": "2026-03-02T16:40:00Z", "printerNumber": "\ud800"}]}, None, None),
    ],
)
def test_what_a_note_may_not_name_is_told_with_its_place(preview, change, rule, path) -> None:  # type: ignore[no-untyped-def]
    told = preview("-", "--json", *AT, given={**NOTE, **change})
    (finding,) = json.loads(told.out)["findings"]
    assert (told.code, finding["rule"]) == (1, rule)
    assert finding["path"] == (path or ["references", 0, "printerNumber"])


def test_tables_show_the_trace(preview) -> None:  # type: ignore[no-untyped-def]
    told = preview("-", *AT, given=SOUND)
    assert told.code == 0
    for expected in ("3 × (40.00 - 2.50)", "dTotGravado", "150.38", '"numeration":"0000000000"', "Constructora Añil"):
        assert expected in told.out


def test_errors_are_all_told_with_exit_code_1(preview) -> None:  # type: ignore[no-untyped-def]
    broken = {**SOUND, "nature": "IMPORT", "payments": [{"form": "OTHER", "amount": "1.00"}]}
    told = preview("-", "--json", *AT, given=broken)
    answer = json.loads(told.out)
    assert (told.code, answer["refused"]) == (1, True)
    assert {"1524", "2601", "2510"} <= {finding["rule"] for finding in answer["findings"]}
    spoken = preview("-", "--language", "es", *AT, given=broken)
    assert "La naturaleza 21 no corresponde" in spoken.out


def test_a_field_without_a_confirmed_key_is_a_finding(preview) -> None:  # type: ignore[no-untyped-def]
    line = {**SOUND["lines"][0], "oti": [{"code": "SUME_911", "amount": "0.25"}]}
    told = preview("-", "--json", *AT, given={**SOUND, "lines": [line], "payments": None})
    answer = json.loads(told.out)
    assert (told.code, answer["payload"]) == (1, None)
    assert [finding["code"] for finding in answer["findings"]] == ["pac_field_unconfirmed"]


def test_text_that_drives_terminals_is_spelled_out(preview) -> None:  # type: ignore[no-untyped-def]
    line = {**SOUND["lines"][0], "description": "\x1b[31mrojo\u202e [bold]\ud800"}
    bad = {**SOUND, "lines": [line]}
    for arguments in (("-", *AT), ("-", "--json", *AT)):
        told = preview(*arguments, given=bad)
        assert told.code == 1
        assert "\x1b" not in told.out
        assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lines": [{"description": "x", "quantity": "1", "unitPrice": 1.5}]}, "lines.0.unitPrice: The amount must be"),
        ({"lines": [{"description": "x", "quantity": 1, "unitPrice": "1"}]}, "lines.0.quantity: The amount must be"),
        ({"lines": [{"description": "x", "quantity": "1e5", "unitPrice": "1"}]}, "lines.0.quantity: "),
        ({"lines": [{"description": "x", "quantity": "1"}]}, "unitPrice"),
        ({"lines": None}, "lines"),
        ({"colour": "blue"}, "colour"),
        ({"documentType": "PROFORMA"}, "documentType: "),
        ({"references": [{"paperNumber": "1"}]}, "issuedAt"),
        ({"references": [{"issuedAt": "2026-03-02T16:40:00", "paperNumber": "1"}]}, "references.0.issuedAt: "),
        ({"references": [{"issuedAt": "0001-01-01T00:00:00Z", "paperNumber": "1"}]}, "references.0.issuedAt: "),
        ({"contingency": {"startedAt": "2026-03-04", "reason": "x"}}, "contingency.startedAt: "),
        ({"receiver": "nobody"}, "receiver: "),
        ({"clientId": "01KF0RDQG0SM3JSP5YDYFP42E3", "receiver": None}, "clientId: no client can be looked up"),
        ({"officeId": ""}, "officeId: "),
    ],
)
def test_a_bad_field_is_one_line_with_its_path_and_exit_code_2(preview, change, said) -> None:  # type: ignore[no-untyped-def]
    told = preview("-", given={**SOUND, **change})
    assert (told.code, told.out) == (2, "")
    assert said in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("/nonexistent/file.json",),
        ("/",),
        ("-", "--at", "2026-03-04T10:15:00"),
        ("-", "--issuer-ruc", "hola"),
        ("-", "--issuer-ruc", "PE-1234-12345", "--issuer-type", "1"),
        ("-", "--language", "fr"),
    ],
)
def test_misuse_is_exit_code_2_without_a_traceback(preview, arguments) -> None:  # type: ignore[no-untyped-def]
    told = preview(*arguments, given=SOUND)
    assert told.code == 2
    assert "Traceback" not in told.err
