"""What the app answers when no route did: an unknown path, a wrong method, a failure of the framework."""

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from adapters.http_webhooks.answers import failure_answer, incident_answer, json_answer
from core.errors import IstmoError

_WORDS = {
    400: ("bad_request", "The request cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("too_large", "The request is too large."),
}


def build_exception_handlers() -> ExceptionHandlersMap:
    """For the app as a whole, so that no answer is in the framework's own words."""
    return {IstmoError: _tell_failure, HTTPException: _tell_status, Exception: _tell_incident}


def _tell_failure(_request: Request[Any, Any, Any], error: IstmoError) -> Response[bytes]:
    return failure_answer(error)


def _tell_status(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if error.status_code >= 500:
        return _tell_incident(request, error)
    code, message = _WORDS.get(error.status_code, ("refused", "The request was refused."))
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return json_answer({"error": {"code": code, "message": message}}, status=error.status_code, headers=headers)


def _tell_incident(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    return incident_answer(error, route="app")
