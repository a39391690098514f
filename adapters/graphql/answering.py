"""A mutation's failures as data."""

from collections.abc import Callable
from typing import Any

from adapters.graphql.error_presentation import user_errors
from adapters.graphql.error_table import Presentation, presentation_of
from adapters.graphql.permissions import RootResolver
from adapters.graphql.request_context import Info
from core.errors import IstmoError, Path

Payload = dict[str, Any]


def answering(resolver: RootResolver, locate: Callable[[Path], list[str]]) -> RootResolver:
    """``resolver`` with the failures that callers are expected to handle as data."""

    async def resolve(root: object, info: Info, **arguments: Any) -> Payload:
        try:
            payload: Payload = await resolver(root, info, **arguments)
        except IstmoError as error:
            if presentation_of(error) is not Presentation.DATA:
                raise
            return {"errors": user_errors(error, info.context.language, locate)}
        return payload | {"errors": []}

    return resolve
