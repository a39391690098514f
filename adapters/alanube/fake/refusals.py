"""The two shapes of an error answer (contract section 3.3) and the refusals that every route shares."""

from collections.abc import Sequence

from adapters.alanube.fake.behaviour import ErrorStyle
from adapters.alanube.fake.records import Finding
from adapters.alanube.fake.wire import JsonObject, WireAnswer, json_answer

QR_NOT_REQUESTED = "AP1010"
NOT_AFFILIATED = "AP1011"
NOT_FOUND = "AP1404"
DUPLICATE_NUMBER = "1002"
UNEXPECTED = "EPR500"


def refusal(style: ErrorStyle, findings: Sequence[Finding], status: int = 400) -> WireAnswer:
    """A refusal without a document, in the style that is set."""
    if style is ErrorStyle.MESSAGE_ARRAY:
        return json_answer(status, {"code": status, "message": [spoken(finding) for finding in findings]})
    return json_answer(status, {"code": status, "errors": error_entries(findings)})


def error_entries(findings: Sequence[Finding]) -> list[JsonObject]:
    """The ``errors`` array: code, message, and the field where there is one."""
    return [
        {"code": finding.code, "message": finding.message} | ({"field": finding.field} if finding.field else {})
        for finding in findings
    ]


def spoken(finding: Finding) -> str:
    """The older style: schema texts as they are, a rule with its number in front."""
    return finding.message if finding.message.startswith("instance") else f"{finding.code}: {finding.message}"


def coded(status: int, code: str, message: str) -> WireAnswer:
    """``{code, message}`` with the vendor's code as text."""
    return json_answer(status, {"code": code, "message": message})


def unauthorised() -> WireAnswer:
    """A missing or wrong token. The real body was never seen (ASSUME-003)."""
    return json_answer(401, {"code": 401, "message": "Unauthorized"})


def not_found(what: str) -> WireAnswer:
    """An unknown id, or one of another company (ASSUME-004)."""
    return json_answer(404, {"code": 404, "errors": [{"code": NOT_FOUND, "message": f"{what} not found"}]})
