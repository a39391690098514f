"""Failures as a caller sees them. No text of an exception that we did not write ourselves gets out."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from graphql import FieldNode, GraphQLError

from adapters.graphql.language import Language
from adapters.graphql.request_failures import InternalError, InvalidQueryError
from adapters.graphql.told_problems import without_values
from core.errors import Category, IstmoError, Path
from core.preflight import Finding, PreflightRefusedError, Severity

log = structlog.get_logger(__name__)

LONGEST_MESSAGE = 1_000

Located = Callable[[Path], list[str]]


def user_errors(error: IstmoError, language: Language, located: Located) -> list[dict[str, Any]]:
    """The failure as entries of a payload's ``errors``; a refused draft gives one for every finding."""
    note_unavailable(error)
    if isinstance(error, PreflightRefusedError):
        return [shown_finding(finding, language, located) for finding in error.verdict.findings]
    return [
        {
            "code": error.code,
            "severity": Severity.ERROR,
            "message": _bounded(language.of(error.message)),
            "hint": _bounded(language.of(error.hint)),
            "path": located(error.path),
            "rule": None,
        }
    ]


def shown_finding(finding: Finding, language: Language, located: Located) -> dict[str, Any]:
    """One finding of preflight."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": _bounded(language.of(finding.message)),
        "hint": _bounded(language.of(finding.hint)),
        "path": located(finding.path),
        "rule": finding.rule,
    }


def request_error(error: IstmoError, language: Language) -> dict[str, Any]:
    """One entry of the answer's ``errors`` for a request that is refused as a whole."""
    extensions: dict[str, Any] = {"code": error.code, "hint": _bounded(language.of(error.hint))}
    if error.path:
        extensions["path"] = [str(step) for step in error.path]
    return {"message": _bounded(language.of(error.message)), "extensions": extensions}


def field_error(error: GraphQLError, language: Language) -> dict[str, Any]:
    """One entry of the answer's ``errors`` for a field that failed, or for a query that does not fit the schema."""
    shown = request_error(told_failure(error), language)
    if error.locations:
        shown["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    if error.path:
        shown["path"] = list(error.path)
    return shown


def told_failure(error: GraphQLError) -> IstmoError:
    """What may be said about the error. Anything unforeseen is logged under an incident and told as that alone."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(cause, IstmoError):
        note_unavailable(cause)
        return cause
    if isinstance(cause, GraphQLError) and _is_about_the_query(error):
        return InvalidQueryError(problem=_bounded(without_values(cause.message)))
    return internal_error(cause or error, facts={"field": ".".join(str(step) for step in error.path or ())})


def note_unavailable(error: IstmoError) -> None:
    """Log what a caller cannot mend: its text for operators may say more than the caller is told."""
    if error.category is Category.UNAVAILABLE and not isinstance(error, InternalError):
        log.warning("graphql_unavailable", code=error.code, reason=str(error))


def internal_error(cause: BaseException, facts: Mapping[str, str]) -> InternalError:
    """Log the cause with its traceback and give back what the caller is told: the number of the log entry."""
    incident = secrets.token_hex(8)
    log.error("graphql_request_failed", incident=incident, exc_info=cause, **facts)
    return InternalError(incident=incident)


def _is_about_the_query(error: GraphQLError) -> bool:
    """Before execution every error is; during execution only one about a value in the query's own text."""
    return error.path is None or any(not isinstance(node, FieldNode) for node in error.nodes or ())


def _bounded(text: str) -> str:
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"
