"""The HTTP status of every failure: by its code where the code asks for one, else by its category."""

from collections.abc import Mapping

from core.errors import Category, IstmoError

STATUS_OF_CATEGORY: Mapping[Category, int] = {
    Category.INVALID: 400,
    Category.NOT_FOUND: 404,
    Category.CONFLICT: 409,
    Category.DENIED: 403,
    Category.UNAVAILABLE: 503,
}

STATUS_OF_CODE: Mapping[str, int] = {
    "not_authenticated": 401,
    "webhook_too_large": 413,
    "body_encoded": 415,
    "body_cut": 408,
    "server_error": 500,
}

RETRY_AFTER_SECONDS = 30


def status_of(error: IstmoError | type[IstmoError]) -> int:
    """The status that tells a sender whether to mend the request (4xx) or to repeat it (5xx)."""
    return STATUS_OF_CODE.get(error.code) or STATUS_OF_CATEGORY[error.category]


def headers_of(error: IstmoError | type[IstmoError]) -> dict[str, str]:
    """Headers that belong to the status: when to try again, or how to authenticate."""
    status = status_of(error)
    if status == 503:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return {"WWW-Authenticate": "Bearer"} if status == 401 else {}
