"""How this delivery tells each failure: the one place where a category or code becomes GraphQL or HTTP.

A failure that a caller's program is expected to handle is data in the payload's ``errors``. What concerns the
caller's right to ask, or the request itself, is a GraphQL error with ``extensions.code``.
"""

from collections.abc import Mapping
from enum import Enum

from core.errors import Category, IstmoError


class Presentation(Enum):
    """Where a failure of a mutation appears. A failing query field is always a GraphQL error."""

    DATA = "data"
    ERROR = "error"


PRESENTATION_OF_CATEGORY: Mapping[Category, Presentation] = {
    Category.INVALID: Presentation.DATA,
    Category.NOT_FOUND: Presentation.DATA,
    Category.CONFLICT: Presentation.DATA,
    Category.UNAVAILABLE: Presentation.DATA,
    Category.DENIED: Presentation.ERROR,
}

# What is wrong with the request itself, and what nobody foresaw.
PRESENTATION_OF_CODE: Mapping[str, Presentation] = dict.fromkeys(
    (
        "batch_refused",
        "content_type_refused",
        "internal_error",
        "invalid_query",
        "invalid_variable",
        "malformed_request",
        "query_limit_exceeded",
        "request_too_large",
        "request_too_slow",
    ),
    Presentation.ERROR,
)

# Only for requests that are refused as a whole: once fields are executed the status is 200.
STATUS_OF_CATEGORY: Mapping[Category, int] = {
    Category.INVALID: 400,
    Category.NOT_FOUND: 404,
    Category.CONFLICT: 409,
    Category.DENIED: 403,
    Category.UNAVAILABLE: 503,
}

STATUS_OF_CODE: Mapping[str, int] = {
    "not_authenticated": 401,
    "request_too_large": 413,
    "request_too_slow": 408,
    "content_type_refused": 415,
    "internal_error": 500,
}


def presentation_of(error: IstmoError | type[IstmoError]) -> Presentation:
    """Where a mutation shows the error."""
    return PRESENTATION_OF_CODE.get(error.code) or PRESENTATION_OF_CATEGORY[error.category]


def status_of(error: IstmoError | type[IstmoError]) -> int:
    """The HTTP status of a request that is refused as a whole."""
    return STATUS_OF_CODE.get(error.code) or STATUS_OF_CATEGORY[error.category]


RETRY_AFTER_SECONDS = 5


def headers_of(status: int) -> dict[str, str]:
    """Headers that belong to a status: how to authenticate, or when to try again."""
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else {}
